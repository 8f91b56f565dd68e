"""The files beside the templates: the fonts and the style sheet."""

from pathlib import Path

from django.conf import settings

_INTER = settings.NODE_MODULES / "@fontsource-variable/inter/files"

# In the order in which a letter is looked for; those that a document doesn't need aren't loaded.
FONTS: dict[str, Path] = {
    "Variable": _INTER / "inter-latin-wght-normal.woff2",
    "Extended": _INTER / "inter-latin-ext-wght-normal.woff2",
    "Greek": _INTER / "inter-greek-wght-normal.woff2",
    "Cyrillic": _INTER / "inter-cyrillic-wght-normal.woff2",
}
STYLE = Path(__file__).with_name("plan.css")
MEMO_STYLE = Path(__file__).with_name("memo.css")
