"""Lupplan's icons: lines drawn on a grid of 20 × 20.

Kept as markup, not as files: an inline icon takes the colour of its text, also in
high contrast, and costs no request.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_RING = "M3.5 10a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0"

# Name → the path that is drawn as a line, and the path that is filled (mostly none).
_PATHS: dict[str, tuple[str, str]] = {
    # Actions
    "plus": ("M10 4v12M4 10h12", ""),
    "pencil": ("m4 16 .8-3.6L13 4.2l2.8 2.8-8.2 8.2zM11.2 6l2.8 2.8", ""),
    "trash": ("M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5", ""),
    "undo": ("M7.5 4 4 7.5 7.5 11M4 7.5h7.5a4.25 4.25 0 0 1 0 8.5H8", ""),
    "up": ("M10 16V4M5 9l5-5 5 5", ""),
    "down": ("M10 4v12M5 11l5 5 5-5", ""),
    "right": ("m8 5 5 5-5 5", ""),
    "left": ("m12 5-5 5 5 5", ""),
    "grip": ("", "M6 4h3v3H6zM11 4h3v3h-3zM6 8.5h3v3H6zM11 8.5h3v3h-3zM6 13h3v3H6zM11 13h3v3h-3z"),
    "search": ("M4 9a5 5 0 1 0 10 0a5 5 0 1 0-10 0M12.7 12.7l3.8 3.8", ""),
    "filter": ("M3.5 6h13M6 10h8M8.5 14h3", ""),
    "download": ("M10 3.5V13M6.5 9.5 10 13l3.5-3.5M4 16.5h12", ""),
    "upload": ("M10 13V4M6.5 7.5 10 4l3.5 3.5M4 16.5h12", ""),
    "print": ("M6 7.5v-4h8v4M6 13.5H3.5v-6h13v6H14M6 11.5h8v5H6z", ""),
    "calendar": ("M3.5 5.5h13v11h-13zM3.5 9h13M7 3.5v3M13 3.5v3", ""),
    # States: each has a shape of its own, so that it is told without its colour
    "circle": (_RING, ""),
    "half": (_RING, "M10 3.5a6.5 6.5 0 0 1 0 13z"),
    "clock": (_RING + "M10 6.5V10l2.5 2", ""),
    "seal": (_RING + "M7 10.2l2.2 2.2 4-4.4", ""),
    "info": (_RING + "M10 9.2v4M10 6.6v.01", ""),
    "check": ("m4.5 10.5 3.8 3.8 7.5-8.3", ""),
    "cross": ("m5 5 10 10M15 5 5 15", ""),
    "stop": ("M4 4h12v12H4z", "M7 7h6v6H7z"),
    "speech": ("M3.5 4.5h13V13H9.5L6 16.5V13H3.5z", ""),
    "arrows": ("M4 7.5h11.5M12.5 4.5l3 3-3 3M16 13H4.5M7.5 10l-3 3 3 3", ""),
    "pen": ("M4 16.5h12M6 13l1-3.5 6-6L15.5 6l-6 6z", ""),
    "lock": ("M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9", ""),
    "warning": ("m10 3.5 7 13H3zM10 8.5V12M10 14.2v.01", ""),
    # Other
    "person": ("M7 7a3 3 0 1 0 6 0a3 3 0 1 0-6 0M4 16.5c.8-3 3-4.5 6-4.5s5.2 1.5 6 4.5", ""),
}


def _svg(line: str, fill: str) -> SafeString:
    return format_html(
        '<svg class="lp-icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" '
        'focusable="false" fill="none" stroke="currentColor" stroke-width="1.75" '
        'stroke-linecap="round" stroke-linejoin="round">{}{}</svg>',
        format_html('<path d="{}"/>', line) if line else "",
        format_html('<path d="{}" fill="currentColor" stroke="none"/>', fill) if fill else "",
    )


_ICONS = {name: _svg(line, fill) for name, (line, fill) in _PATHS.items()}


def icon_svg(name: str) -> SafeString:
    """Return the inline SVG of the icon ``name``, hidden from screen readers.

    An unknown name raises KeyError: a page with a missing icon should fail in its test.
    """
    return _ICONS[name]
