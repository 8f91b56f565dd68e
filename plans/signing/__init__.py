"""Seals and signatures: bytes of a PDF in, bytes of a PDF or a verdict out. No database, no request."""
