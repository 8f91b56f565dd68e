"""A memo as a Word file."""

from plans.exports.docx.memo import memo_docx

__all__ = ["memo_docx"]
