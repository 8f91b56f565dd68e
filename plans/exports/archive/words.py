"""The words in which archives differ: one table, with the words of the public schema, and a TOML
file that says what one's own archive calls things."""

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class BadWords(ValueError):
    """The file can't be used; the message says why, to whoever runs the service."""


@dataclass(frozen=True, kw_only=True)
class Classification:
    """A class of the archive's classification: which system, the class, and its title."""

    system: str
    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Shielding:
    """Why input and the log are not for everybody: the restriction, and the paragraph of
    offentleglova (or another law) that it rests on. Empty: nothing is shielded."""

    restriction: str = ""
    legal_basis: str = ""
    what: str = "Innhald og namn på personar"


@dataclass(frozen=True, kw_only=True)
class ArchiveWords:
    """What ``arkivmelding.xml`` calls things. The defaults are the values that the metadata
    catalogue of Noark 5 (version 3.1, as eFormidling carries it) lists.

    Where a word is empty the element is left out, or, where the schema wants one, the county's name
    stands there.
    """

    system: str = "Lupplan"
    series: str = ""  # referanseArkivdel
    administrative_unit: str = ""  # empty: the county
    case_responsible: str = ""  # saksansvarlig; empty: the administrative unit
    journal_unit: str = ""

    case_open: str = "Under behandling"
    case_closed: str = "Avsluttet"
    record_out: str = "Utgående dokument"
    record_in: str = "Inngående dokument"
    record_internal: str = "Organinternt dokument uten oppfølging"
    record_status: str = "Journalført"
    sender: str = "Avsender"
    receiver: str = "Mottaker"
    medium: str = "Elektronisk arkiv"
    document_status: str = "Dokumentet er ferdigstilt"
    main: str = "Hoveddokument"
    attachment: str = "Vedlegg"
    variant_lasting: str = "Arkivformat"
    variant_working: str = "Produksjonsformat"
    variant_screened: str = "Dokument hvor deler av innholdet er skjermet"

    document_types: dict[str, str] = field(
        default_factory=lambda: {
            "plan": "Avtale",
            "memo": "Saksframlegg",
            "input": "Innspel",
            "course": "Saksgang",
            "log": "Logg",
            "data": "Data",
            "attachment": "Vedlegg",
        }
    )
    # By extension: of files in a format that archives take for keeps, and of all others.
    formats: dict[str, str] = field(default_factory=lambda: {"pdf": "RA-PDF", "txt": "RA-TEKST"})
    working_formats: dict[str, str] = field(default_factory=lambda: {"jsonl": "JSON"})
    classification: tuple[Classification, ...] = ()
    shielding: Shielding = Shielding()

    def document_type(self, key: str) -> str:
        """Return what the archive calls that type of document."""
        return self.document_types.get(key, key)

    def format(self, extension: str, *, is_lasting: bool) -> str:
        """Return what the archive calls the format of files with that extension; the extension in
        capitals where nothing is said."""
        known = self.formats if is_lasting else self.working_formats
        return known.get(extension, extension.upper())


def read_words(path: str) -> ArchiveWords:
    """Return the words of a TOML file, the defaults where it says nothing; all defaults if ``path``
    is empty. Raises ``BadWords``."""
    if not path:
        return ArchiveWords()
    try:
        said = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadWords(f"{path}: {error}") from error
    known = {found.name for found in fields(ArchiveWords)}
    unknown = sorted(set(said) - known)
    if unknown:
        raise BadWords(f"{path}: nothing is called {', '.join(unknown)}")
    try:
        return ArchiveWords(**{name: _value(name, value) for name, value in said.items()})
    except TypeError as error:
        raise BadWords(f"{path}: {error}") from error


def _value(name: str, value: Any) -> Any:
    """Return a value of the file as the field takes it. Raises ``TypeError``."""
    if name == "classification":
        return tuple(Classification(**_texts(name, entry)) for entry in value)
    if name == "shielding":
        return Shielding(**_texts(name, value))
    if name in ("document_types", "formats", "working_formats"):
        default: dict[str, str] = getattr(ArchiveWords(), name)
        return {**default, **_texts(name, value)}
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text")
    return value


def _texts(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError(f"{name} must be a table of texts")
    return value
