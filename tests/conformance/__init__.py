"""Outside judges of what Lupplan makes: `make conformance`, which builds them first."""
