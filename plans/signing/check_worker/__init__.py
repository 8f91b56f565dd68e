"""The check of a PDF in a process of its own.

``python -m plans.signing.check_worker`` reads one question from standard input and answers on
standard output (``messages``). It imports nothing of Django, so that it starts quickly, and can be
limited and killed without harm: what it reads was made by anybody.
"""
