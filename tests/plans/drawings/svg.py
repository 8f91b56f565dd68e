"""Drawings read back, for the tests."""

from xml.etree import ElementTree as ET

NS = "{http://www.w3.org/2000/svg}"

Box = tuple[float, float, float, float]  # left, top, right, bottom


def parsed(svg: str) -> ET.Element:
    """Return the drawing's root; it must be well-formed XML."""
    return ET.fromstring(svg.strip())


def chips(root: ET.Element, part: int) -> dict[str, tuple[float, float]]:
    """Return the numbers of a part's measures and where the middle of each stands."""
    found = {}
    for group in root.iter(f"{NS}g"):
        if group.get("class") != f"lpd-chips lpd-{part}":
            continue
        for chip in group.iter(f"{NS}g"):
            number = chip.findtext(f"{NS}text")
            place = chip.get("transform", "")
            if place.startswith("translate(") and number and "." in number:
                assert number not in found, number
                x, y = place.removeprefix("translate(").removesuffix(")").split()
                found[number] = (float(x), float(y))
    return found


def all_chips(root: ET.Element) -> dict[str, tuple[float, float]]:
    """Return the numbers of all measures and where the middle of each stands."""
    return {**chips(root, 1), **chips(root, 2)}


def overlapping(places: dict[str, tuple[float, float]]) -> list[tuple[str, str]]:
    """Return the pairs of numbers that stand on each other."""
    rows = list(places.items())
    return [
        (one, other)
        for index, (one, (x1, y1)) in enumerate(rows)
        for other, (x2, y2) in rows[index + 1 :]
        if abs(x1 - x2) < 30 and abs(y1 - y2) < 18
    ]


def outside(root: ET.Element, places: dict[str, tuple[float, float]]) -> list[str]:
    """Return the numbers that reach over the picture's edge."""
    _left, _top, width, height = (float(value) for value in root.get("viewBox", "").split())
    return [
        number
        for number, (x, y) in places.items()
        if not (15 <= x <= width - 15 and 9 <= y <= height - 9)
    ]


def texts(root: ET.Element) -> list[str]:
    """Return all words of the picture, chips included."""
    return [element.text or "" for element in root.iter(f"{NS}text")]


def hrefs(root: ET.Element) -> list[str]:
    """Return where the links lead."""
    return [link.get("href", "") for link in root.iter(f"{NS}a")]
