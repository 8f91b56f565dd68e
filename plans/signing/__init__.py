"""Seals and signatures: bytes of a PDF in, bytes or a verdict out. No database, no request."""
