"""``arkivmelding.xml`` before the public schema, which Maven brings with eFormidling's own library
(no.difi.meldingsutveksling:nextmove, below xsd/); it is nobody's to copy into this repository.

``ARKIVMELDING_SCHEMA`` names another file to hold the messages against.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from plans.enums import ArchiveVariant
from plans.exports.archive import ArchiveWords, Record, RecordKind
from plans.exports.archive.arkivmelding import arkivmelding
from plans.exports.archive.words import Classification, Shielding
from tests.factories.archive import make_content, make_record

ARTIFACTS = Path(__file__).resolve().parents[2] / ".make/conformance/artifacts"
EVERYTHING = ArchiveWords(
    series="SAK",
    administrative_unit="Innkjøp",
    case_responsible="Innkjøpssjefen",
    journal_unit="FYLKE",
    classification=(
        Classification(system="K-koder", id="601", title="Innkjøp"),
        Classification(system="Fagklasse", id="U01", title="Næringsutvikling"),
    ),
    shielding=Shielding(restriction="UO", legal_basis="Offentleglova § 13"),
)


def schema_file() -> Path:
    """Return where the schema lies; its catalogue of metadata lies beside it."""
    named = os.environ.get("ARKIVMELDING_SCHEMA")
    found = [Path(named)] if named else sorted(ARTIFACTS.rglob("arkivmelding.xsd"))
    assert found, f"There is no arkivmelding.xsd below {ARTIFACTS}: scripts/judges.sh brings it."
    return found[0]


@pytest.fixture(scope="module")
def schema() -> Any:
    """The public schema."""
    return etree.XMLSchema(etree.parse(schema_file()))


def faults(schema: Any, message: bytes) -> list[str]:
    """Return what the schema finds wrong."""
    schema.validate(etree.fromstring(message))
    return [f"{error.line}: {error.message}" for error in schema.error_log]


@pytest.mark.parametrize("words", [ArchiveWords(), EVERYTHING], ids=["plain", "everything"])
@pytest.mark.parametrize("variant", ArchiveVariant)
@pytest.mark.parametrize("is_closed", [True, False])
def test_the_message_is_valid(
    schema: Any, words: ArchiveWords, variant: ArchiveVariant, is_closed: bool
) -> None:
    content = make_content(variant=variant, is_closed=is_closed)
    assert faults(schema, arkivmelding(content, words)) == []


@pytest.mark.parametrize("records", [(), tuple(make_record(n, RecordKind.IN) for n in range(60))])
def test_it_is_valid_with_no_record_and_with_many(schema: Any, records: tuple[Record, ...]) -> None:
    message = arkivmelding(make_content(records=records), ArchiveWords())
    assert faults(schema, message) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Utg\xc3\xa5ande", b"Utg\xc3\xa5ande"),  # nothing to replace: the control of this test
        (b"<journalstatus>Journalf\xc3\xb8rt", b"<journalstatus>Ukjend"),
        (b"Arkivformat", b"PDF"),
        (b"<antallFiler>6", b"<antallFiler>seks"),
        (b"<saksdato>", b"<saksdato>den "),
        (b"systemID>00000000-0000-0000-0000-000000000001", b"systemID>1"),
        (b"<opprettetAv>Lupplan</opprettetAv>", b""),
    ],
)
def test_the_schema_bites(schema: Any, before: bytes, after: bytes) -> None:
    message = arkivmelding(make_content(), ArchiveWords())
    spoiled = message.replace(before, after)
    assert bool(faults(schema, spoiled)) == (spoiled != message)
