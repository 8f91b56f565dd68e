"""``arkivmelding.xml``, without a database. tests/conformance holds it against the schema itself;
here is what a schema can't see, and the order of the elements for machines without Maven."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from plans.exports.archive import ArchiveWords, BadWords, RecordKind, read_words
from plans.exports.archive.arkivmelding import NAMESPACE, OWN_NAMESPACE, arkivmelding
from tests.factories.archive import make_content, make_document, make_record

NAMES = {"a": NAMESPACE, "o": OWN_NAMESPACE}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
WORDS = """
system = "Sak og arkiv"
series = "SAK"
administrative_unit = "Innkjøp"
case_responsible = "Innkjøpssjefen"
journal_unit = "FYLKE"

[[classification]]
system = "K-koder"
id = "601"
title = "Innkjøp"

[shielding]
restriction = "UO"
legal_basis = "Offentleglova § 13"

[document_types]
plan = "Plan"

[formats]
pdf = "PDF/A"
"""


def read(words: ArchiveWords | None = None, **changes: object) -> Any:
    return etree.fromstring(arkivmelding(make_content(**changes), words or ArchiveWords()))


def texts(found: Any, path: str) -> list[str]:
    return [element.text for element in found.iterfind(path, NAMES)]


def order(element: Any) -> list[str]:
    """Return the names of an element's children, each once, in their order."""
    return list(dict.fromkeys(etree.QName(child).localname for child in element))


def test_elements_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    file = tmp_path / "ord.toml"
    file.write_text(WORDS, encoding="utf-8")
    root = read(read_words(str(file)))
    assert order(root) == ["system", "meldingId", "tidspunkt", "antallFiler", "mappe"]
    case = root.find("a:mappe", NAMES)
    assert case.get(TYPE) == "saksmappe"
    assert order(case) == [
        *("systemID", "tittel", "offentligTittel", "dokumentmedium", "opprettetDato"),
        *("opprettetAv", "avsluttetDato", "avsluttetAv", "referanseArkivdel"),
        *("virksomhetsspesifikkeMetadata", "klassifikasjon", "basisregistrering", "saksaar"),
        *("saksdato", "administrativEnhet", "saksansvarlig", "journalenhet", "saksstatus"),
        "sakspart",
    ]
    sent, received, internal = case.iterfind("a:basisregistrering", NAMES)
    begin = ["systemID", "opprettetDato", "opprettetAv", "arkivertDato", "arkivertAv"]
    assert order(sent) == [
        *begin,
        *("referanseForelderMappe", "dokumentbeskrivelse", "tittel", "dokumentmedium"),
        *("virksomhetsspesifikkeMetadata", "merknad", "journalposttype", "journalstatus"),
        *("journaldato", "dokumentetsDato", "sendtDato", "antallVedlegg", "journalenhet"),
        "korrespondansepart",
    ]
    assert order(received) == [
        *begin,
        *("referanseForelderMappe", "skjerming", "dokumentbeskrivelse", "tittel"),
        *("dokumentmedium", "virksomhetsspesifikkeMetadata", "journalposttype", "journalstatus"),
        *("journaldato", "dokumentetsDato", "mottattDato", "antallVedlegg", "journalenhet"),
        "korrespondansepart",
    ]
    assert [found.get(TYPE) for found in (sent, received, internal)] == ["journalpost"] * 3
    assert order(sent.find("a:dokumentbeskrivelse", NAMES)) == [
        *("systemID", "dokumenttype", "dokumentstatus", "tittel", "opprettetDato", "opprettetAv"),
        *("dokumentmedium", "tilknyttetRegistreringSom", "dokumentnummer", "tilknyttetDato"),
        *("tilknyttetAv", "dokumentobjekt"),
    ]
    assert order(sent.find(".//a:dokumentobjekt", NAMES)) == [
        *("versjonsnummer", "variantformat", "opprettetDato", "opprettetAv"),
        "referanseDokumentfil",
    ]


def test_the_words_of_ones_own_archive(tmp_path: Path) -> None:
    file = tmp_path / "ord.toml"
    file.write_text(WORDS, encoding="utf-8")
    root = read(read_words(str(file)))
    assert texts(root, "a:system") == ["Sak og arkiv"]
    assert texts(root, ".//a:referanseArkivdel") == ["SAK"]
    assert texts(root, ".//a:administrativEnhet") == ["Innkjøp"]
    assert texts(root, ".//a:saksansvarlig") == ["Innkjøpssjefen"]
    assert texts(root, ".//a:klasseID") == ["601"]
    assert texts(root, ".//a:skjermingshjemmel") == ["Offentleglova § 13"] * 2
    assert texts(root, ".//a:dokumenttype") == ["Plan", "Data"] * 3
    assert texts(root, ".//o:format") == ["PDF/A", "JSON"] * 3


def test_what_it_says_without_any_setting() -> None:
    root = read()
    assert texts(root, "a:antallFiler") == ["6"]
    assert texts(root, ".//a:saksansvarlig") == ["Fylke fylkeskommune"]
    assert texts(root, ".//a:skjerming") == []
    assert texts(root, ".//a:journaldato") == ["2021-03-04"] * 3  # in Norway
    assert texts(root, ".//a:journalposttype") == [
        "Utgående dokument",
        "Inngående dokument",
        "Organinternt dokument uten oppfølging",
    ]
    assert texts(root, ".//a:tilknyttetRegistreringSom") == ["Hoveddokument", "Vedlegg"] * 3
    assert texts(root, ".//a:variantformat") == [
        *("Arkivformat", "Produksjonsformat"),
        *("Arkivformat", "Dokument hvor deler av innholdet er skjermet"),
        *("Arkivformat", "Produksjonsformat"),
    ]
    files = texts(root, ".//a:referanseDokumentfil")
    assert files == texts(root, ".//o:referanseDokumentfil")
    assert texts(root, ".//o:filstorleik") == ["5", "2"] * 3
    assert [len(found) for found in texts(root, ".//o:sjekksum")] == [64] * 6


def test_what_xml_cannot_hold_is_marked() -> None:
    root = read()
    marked = "Ord" + "\ufffd" * 5 + " <b>&amp;]]> \u202e"
    assert texts(root, ".//a:merknadstekst") == [f"{marked}\tå\r\n"]
    assert texts(root, "a:mappe/a:tittel") == [f"Partnarplan 2021 {marked} å"]


def test_the_same_content_is_the_same_message_and_another_one_is_not() -> None:
    words = ArchiveWords()
    assert arkivmelding(make_content(), words) == arkivmelding(make_content(), words)
    changed = replace(
        make_record(3, RecordKind.INTERNAL), documents=(make_document("3/anna.json", b"[]"),)
    )
    before = make_content()
    after = replace(before, records=(*before.records[:2], changed))
    keys = [texts(etree.fromstring(arkivmelding(c, words)), "a:meldingId") for c in (before, after)]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("system = 1", "system must be a text"),
        ("ukjend = 'x'\nanna = 'y'", "nothing is called anna, ukjend"),
        ("system = ", "Invalid value"),
        ("formats = 'pdf'", "formats must be a table of texts"),
        ("[formats]\npdf = 1", "formats must be a table of texts"),
        ("[[classification]]\nsystem = 'K'", "missing 2 required keyword-only arguments"),
        ("[shielding]\nukjend = 'K'", "unexpected keyword argument 'ukjend'"),
    ],
)
def test_words_that_cannot_be_read_say_why(tmp_path: Path, said: str, why: str) -> None:
    file = tmp_path / "ord.toml"
    file.write_text(said, encoding="utf-8")
    with pytest.raises(BadWords, match=why):
        read_words(str(file))


def test_words_that_are_not_there_say_so(tmp_path: Path) -> None:
    with pytest.raises(BadWords, match="No such file"):
        read_words(str(tmp_path / "ord.toml"))
