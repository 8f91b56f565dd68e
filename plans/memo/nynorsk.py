"""How Nynorsk counts and lists, for the templates of the memo."""

from collections.abc import Sequence

_NEUTER = ("ingen", "eitt", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve",
           "tolv")  # fmt: skip


def number(count: int) -> str:
    """Return a number of things of neuter gender (eitt tiltak, eitt område): in words up to twelve,
    as is the custom in running text."""
    return _NEUTER[count] if count < len(_NEUTER) else str(count)


def listed(names: Sequence[str]) -> str:
    """Return names as one reads them: «A, B og C»."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} og {names[-1]}"
