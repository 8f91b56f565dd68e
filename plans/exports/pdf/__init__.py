"""A plan, or a municipality's extract of it, as a PDF that is both PDF/A-3a and PDF/UA-1."""

from plans.exports.pdf.edition import Edition
from plans.exports.pdf.html import plan_html
from plans.exports.pdf.process import PdfError
from plans.exports.pdf.recipe import recipe
from plans.exports.pdf.render import plan_pdf, plan_pdfs
from plans.exports.pdf.text import TooLong

__all__ = ["Edition", "PdfError", "TooLong", "plan_html", "plan_pdf", "plan_pdfs", "recipe"]
