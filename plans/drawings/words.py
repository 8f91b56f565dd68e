"""What the pictures say in words; a template that isn't HTML is not searched for texts."""

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from plans.enums import PartKind


@dataclass(frozen=True)
class Words:
    """A picture's name and description, and the words in it."""

    title: str
    about: str
    total: str
    quarters: tuple[str, str, str, str]
    undated: str


def wheel_words(year: int, total: int) -> Words:
    """Return the words of the year wheel of a plan with ``total`` measures."""
    about = ngettext(
        "%(total)s measure placed in the months of the year, clockwise from January at the top. "
        "Part one is innermost, with angular, filled marks; part two is around it, with round, "
        "outlined marks.",
        "%(total)s measures placed in the months of the year, clockwise from January at the top. "
        "Part one is innermost, with angular, filled marks; part two is around it, with round, "
        "outlined marks.",
        total,
    )
    return _words(gettext("The year wheel %(year)s") % {"year": year}, about, total)


def timeline_words(year: int, total: int, part: int | None) -> Words:
    """Return the words of the timeline, of one part or of both, with ``total`` measures."""
    title = gettext("Timeline %(year)s") % {"year": year}
    if part is not None:
        title = gettext("Timeline %(year)s, part %(part)s") % {"year": year, "part": part}
    about = ngettext(
        "%(total)s measure over the four quarters, with a row for each focus area. A bar reaches "
        "from the first to the last day of the measure; its number stands where it begins.",
        "%(total)s measures over the four quarters, with a row for each focus area. A bar reaches "
        "from the first to the last day of a measure; its number stands where it begins.",
        total,
    )
    return _words(title, about, total)


def part_heading(kind: str) -> str:
    """Return what a part is called in a picture: its number and whom it is for."""
    part = PartKind(kind)
    return gettext("Part %(number)s: %(name)s") % {"number": part.number, "name": part.label}


def _words(title: str, about: str, total: int) -> Words:
    counted = ngettext("%(total)s measure", "%(total)s measures", total)
    return Words(
        title=title,
        about=about % {"total": total},
        total=counted % {"total": total},
        quarters=(
            pgettext("quarter", "1st quarter"),
            pgettext("quarter", "2nd quarter"),
            pgettext("quarter", "3rd quarter"),
            pgettext("quarter", "4th quarter"),
        ),
        undated=gettext("Without a period:"),
    )
