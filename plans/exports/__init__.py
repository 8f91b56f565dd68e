"""A document in, bytes out: no database, no request."""
