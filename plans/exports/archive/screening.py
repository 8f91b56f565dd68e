"""Taking personal data out of texts: addresses, telephone numbers, and the names that are known."""

import re
from collections.abc import Mapping
from typing import Any

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# Eleven figures: a national identity number. Eight, in the groups in which Norwegians write them:
# a telephone number. Neither as a part of a longer word or number, such as a checksum.
_NATIONAL_ID = re.compile(r"(?<![\w-])\d{6}[ ]?\d{5}(?![\w-])")
_TELEPHONE = re.compile(
    r"(?<![\w-])(?:(?:\+|00)47[ ]?)?"
    r"(?:[2-9]\d{7}|[2-9]\d(?:[ .]\d\d){3}|[2-9]\d\d[ .]\d\d[ .]\d{3})(?![\w-])"
)
_FOREIGN = re.compile(r"(?<!\w)\+\d(?:[ -]?\d){7,14}(?!\w)")
SHORTEST_NAME = 4  # characters; shorter ones are too often words


class Screen:
    """Takes personal data out of what is archived. ``names`` are the persons that are known, each
    with the words that stand for them instead: their role.

    A name that nobody in Lupplan has can't be known, and stays in what people wrote.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._roles = {
            _plain(name): role for name, role in names.items() if len(name) >= SHORTEST_NAME
        }
        # The longest first: "Prøve Testar Lang" before "Prøve Testar".
        longest = sorted(self._roles, key=lambda name: (-len(name), name))
        self._names = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(_any_space, longest))})(?!\w)", re.IGNORECASE)
            if longest
            else None
        )

    def text(self, text: str) -> str:
        """Return the text without personal data."""
        text = _EMAIL.sub("[e-postadresse]", text)
        text = _NATIONAL_ID.sub("[fødselsnummer]", text)
        text = _FOREIGN.sub("[telefonnummer]", _TELEPHONE.sub("[telefonnummer]", text))
        if self._names is None:
            return text
        return self._names.sub(
            lambda found: f"[{self._roles.get(_plain(found[0]), 'person')}]", text
        )

    def value(self, value: Any) -> Any:
        """Return a value of JSON with every text in it screened, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _any_space(name: str) -> str:
    """Return the pattern of a name, however its parts are spaced or broken over lines."""
    return r"\s+".join(map(re.escape, name.split()))
