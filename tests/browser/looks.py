"""A page in every width, colour scheme and contrast, and pictures of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Page

WIDTHS = (320, 768, 1400)  # CSS pixels
PICTURES = Path(".make/screenshots")


class Look(NamedTuple):
    """One way to look at a page."""

    width: int
    scheme: Literal["light", "dark"]
    contrast: Literal["no-preference", "more"] = "no-preference"

    def __str__(self) -> str:
        more = "-contrast" if self.contrast == "more" else ""
        return f"{self.width}-{self.scheme}{more}"


LOOKS = [Look(width, scheme) for width in WIDTHS for scheme in ("light", "dark")] + [
    Look(1400, scheme, "more") for scheme in ("light", "dark")
]


def each_look(page: Page, looks: Sequence[Look] = LOOKS) -> Iterator[Look]:
    """Give the page each look in turn; fail if it has to be scrolled sideways (WCAG 1.4.10)."""
    for look in looks:
        page.set_viewport_size({"width": look.width, "height": 900})
        page.emulate_media(color_scheme=look.scheme, contrast=look.contrast)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{page.url} is {overflow} px too wide at {look}"
        yield look


def shoot(page: Page, name: str, looks: Sequence[Look] = LOOKS) -> None:
    """Save a picture of the whole page in each look as ``.make/screenshots/NAME-LOOK.png``."""
    for look in each_look(page, looks):
        page.screenshot(path=PICTURES / f"{name}-{look}.png", full_page=True)
