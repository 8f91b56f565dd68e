"""Which sections each kind of memo has, in their order, and where their wording stands.

The wording is templates in Nynorsk: ``templates/plans/memo/nn/<folder>/<key>.txt``, whose first
line is the heading. They are Nynorsk whatever the language of the screen is, for so is the memo.
"""

from dataclasses import dataclass

from plans.enums import MemoKind


@dataclass(frozen=True)
class Place:
    """A section's place in a memo: its key, and what it is called in addresses."""

    key: str
    slug: str


@dataclass(frozen=True)
class Recipe:
    """A kind of memo: the folder of its templates, and its sections in order."""

    folder: str
    places: tuple[Place, ...]

    def template(self, name: str) -> str:
        """Return the path of one of its templates."""
        return f"plans/memo/nn/{self.folder}/{name}.txt"


RECIPES: dict[str, Recipe] = {
    MemoKind.PLAN: Recipe(
        folder="plan",
        places=(
            Place("background", "bakgrunn"),
            Place("programme", "programmet"),
            Place("partnership", "partnarskapen"),
            Place("done", "gjort"),
            Place("structure", "oppbygging"),
            Place("more", "tillegg"),  # nothing follows from the plan: the county's own
        ),
    ),
}


def place_at(kind: str, slug: str) -> Place | None:
    """Return the place that an address names, or None."""
    return next((place for place in RECIPES[kind].places if place.slug == slug), None)
