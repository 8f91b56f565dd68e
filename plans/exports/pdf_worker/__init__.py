"""HTML in, PDF out: the typesetter, which runs in a process of its own.

``python -m plans.exports.pdf_worker`` reads jobs from standard input and answers on standard
output (``jobs``). It knows nothing of plans and imports nothing of Django, so that it starts
quickly and can be limited and killed without harm.
"""
