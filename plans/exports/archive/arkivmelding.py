"""``arkivmelding.xml``: what an archive reads to take a package in.

Follows the public schema ``http://www.arkivverket.no/standarder/noark5/arkivmelding`` (version 1)
and its metadata catalogue 3.1, as eFormidling validates it. Element order is part of that schema.
It knows no checksum, size or format of a file: they stand in ``virksomhetsspesifikkeMetadata`` of
each record, in a namespace of our own.
"""

from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from django.utils.timezone import localdate
from lxml import etree

from plans.exports.archive.content import (
    ArchiveContent,
    ArchivedDocument,
    Note,
    Record,
    RecordKind,
    key_of,
)
from plans.exports.archive.names import one_line, xml_text
from plans.exports.archive.words import ArchiveWords

NAMESPACE = "http://www.arkivverket.no/standarder/noark5/arkivmelding"
OWN_NAMESPACE = "urn:lupplan:arkivpakke:1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{_XSI}}}type"

Element: TypeAlias = Any  # lxml carries no types


def arkivmelding(content: ArchiveContent, words: ArchiveWords) -> bytes:
    """Return the message about a package: one case, and a record for each version and input."""
    root = etree.Element(f"{{{NAMESPACE}}}arkivmelding", nsmap={None: NAMESPACE, "xsi": _XSI})
    _add(root, "system", words.system)
    _add(root, "meldingId", str(_message_key(content)))
    _add(root, "tidspunkt", _time(content.moment))
    _add(root, "antallFiler", str(len(content.documents)))
    _case(root, content, words)
    etree.indent(root)
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found + b"\n"


def _message_key(content: ArchiveContent) -> UUID:
    """Return a key that changes with anything that the message sends."""
    sums = (document.file.sha256 for document in content.documents)
    return key_of("message", content.key, content.variant, *sums)


def _case(root: Element, content: ArchiveContent, words: ArchiveWords) -> None:
    unit = words.administrative_unit or content.county
    case = _add(root, "mappe")
    case.set(_TYPE, "saksmappe")
    _add(case, "systemID", str(content.key))
    _add(case, "tittel", one_line(content.title))
    _add(case, "offentligTittel", one_line(content.title))
    _add(case, "dokumentmedium", words.medium)
    _add(case, "opprettetDato", _time(content.created_at))
    _add(case, "opprettetAv", words.system)
    if content.is_closed:
        _add(case, "avsluttetDato", _time(content.moment))
        _add(case, "avsluttetAv", words.system)
    _maybe(case, "referanseArkivdel", words.series)
    _own_facts(case, content)
    for found in words.classification:
        into = _add(case, "klassifikasjon")
        _add(into, "referanseKlassifikasjonssystem", found.system)
        _add(into, "klasseID", found.id)
        _add(into, "tittel", found.title)
    for record in content.records:
        _record(case, record, content, words)
    _add(case, "saksaar", str(content.year))
    _add(case, "saksdato", localdate(content.created_at).isoformat())
    _add(case, "administrativEnhet", unit)
    _add(case, "saksansvarlig", words.case_responsible or unit)
    _maybe(case, "journalenhet", words.journal_unit)
    _add(case, "saksstatus", words.case_closed if content.is_closed else words.case_open)
    for name, role in ((content.county, "fylke"), (content.programme, "program")):
        party = _add(case, "sakspart")
        _add(party, "sakspartNavn", one_line(name))
        _add(party, "sakspartRolle", role)


def _own_facts(case: Element, content: ArchiveContent) -> None:
    own = _add(case, "virksomhetsspesifikkeMetadata")
    facts = {
        "fylkesnummer": content.county_number,
        "planar": str(content.year),
        "gjeldandeVersjon": str(content.version),
        "variant": content.variant.value,
        "dome": "true" if content.is_example else "false",
    }
    for name, value in facts.items():
        _own(own, name, value)


def _record(case: Element, record: Record, content: ArchiveContent, words: ArchiveWords) -> None:
    into = _add(case, "basisregistrering")
    into.set(_TYPE, "journalpost")
    _add(into, "systemID", str(record.key))
    _add(into, "opprettetDato", _time(record.at))
    _add(into, "opprettetAv", words.system)
    _add(into, "arkivertDato", _time(content.moment))
    _add(into, "arkivertAv", words.system)
    _add(into, "referanseForelderMappe", str(content.key))
    if record.kind != RecordKind.OUT:
        _shield(into, words)
    for number, document in enumerate(record.documents, 1):
        _document(into, number, document, record, words)
    _add(into, "tittel", one_line(record.title))
    _add(into, "dokumentmedium", words.medium)
    own = _add(into, "virksomhetsspesifikkeMetadata")
    for document in record.documents:
        _file_facts(own, document, words)
    for note in record.notes:
        _note(into, note)
    _entry(into, record, words)


def _entry(into: Element, record: Record, words: ArchiveWords) -> None:
    """Write what makes the record an entry of the journal, after all else."""
    kinds = {
        RecordKind.OUT: words.record_out,
        RecordKind.IN: words.record_in,
        RecordKind.INTERNAL: words.record_internal,
    }
    day = localdate(record.at).isoformat()
    _add(into, "journalposttype", kinds[record.kind])
    _add(into, "journalstatus", words.record_status)
    _add(into, "journaldato", day)
    _add(into, "dokumentetsDato", day)
    if record.kind == RecordKind.IN:
        _add(into, "mottattDato", _time(record.at))
    elif record.kind == RecordKind.OUT:
        _add(into, "sendtDato", _time(record.at))
    _add(into, "antallVedlegg", str(len(record.documents) - 1))
    _maybe(into, "journalenhet", words.journal_unit)
    for kind, name in ((words.sender, record.sender), (words.receiver, record.receiver)):
        if name:
            party = _add(into, "korrespondansepart")
            _add(party, "korrespondanseparttype", kind)
            _add(party, "korrespondansepartNavn", one_line(name))


def _document(
    into: Element, number: int, document: ArchivedDocument, record: Record, words: ArchiveWords
) -> None:
    found = _add(into, "dokumentbeskrivelse")
    _add(found, "systemID", str(key_of(record.key, document.file.path)))
    _add(found, "dokumenttype", words.document_type(document.type))
    _add(found, "dokumentstatus", words.document_status)
    _add(found, "tittel", one_line(document.title))
    _add(found, "opprettetDato", _time(record.at))
    _add(found, "opprettetAv", words.system)
    _add(found, "dokumentmedium", words.medium)
    _add(found, "tilknyttetRegistreringSom", words.main if number == 1 else words.attachment)
    _add(found, "dokumentnummer", str(number))
    _add(found, "tilknyttetDato", _time(record.at))
    _add(found, "tilknyttetAv", words.system)
    thing = _add(found, "dokumentobjekt")
    _add(thing, "versjonsnummer", "1")
    _add(thing, "variantformat", _variant(document, words))
    _add(thing, "opprettetDato", _time(record.at))
    _add(thing, "opprettetAv", words.system)
    _add(thing, "referanseDokumentfil", document.file.path)


def _variant(document: ArchivedDocument, words: ArchiveWords) -> str:
    if document.is_screened:
        return words.variant_screened
    return words.variant_lasting if document.is_lasting else words.variant_working


def _file_facts(own: Element, document: ArchivedDocument, words: ArchiveWords) -> None:
    facts = _own(own, "fil")
    _own(facts, "referanseDokumentfil", document.file.path)
    _own(facts, "format", words.format(document.format, is_lasting=document.is_lasting))
    _own(facts, "filstorleik", str(document.file.size))
    _own(facts, "sjekksumAlgoritme", "SHA-256")
    _own(facts, "sjekksum", document.file.sha256)


def _note(into: Element, note: Note) -> None:
    found = _add(into, "merknad")
    _add(found, "merknadstekst", note.text)
    _add(found, "merknadsdato", _time(note.at))
    _add(found, "merknadRegistrertAv", one_line(note.by))


def _shield(into: Element, words: ArchiveWords) -> None:
    if not words.shielding.restriction:
        return
    shield = _add(into, "skjerming")
    _add(shield, "tilgangsrestriksjon", words.shielding.restriction)
    _add(shield, "skjermingshjemmel", words.shielding.legal_basis)
    _add(shield, "skjermingMetadata", words.shielding.what)


def _add(parent: Element, name: str, text: str = "") -> Element:
    return _child(parent, NAMESPACE, name, text)


def _maybe(parent: Element, name: str, text: str) -> None:
    if text:
        _add(parent, name, text)


def _own(parent: Element, name: str, text: str = "") -> Element:
    return _child(parent, OWN_NAMESPACE, name, text)


def _child(parent: Element, namespace: str, name: str, text: str) -> Element:
    nsmap = {None: OWN_NAMESPACE} if namespace == OWN_NAMESPACE else None
    found = etree.SubElement(parent, f"{{{namespace}}}{name}", nsmap=nsmap)
    if text:
        found.text = xml_text(text)
    return found


def _time(at: datetime) -> str:
    """Return an ``xs:dateTime``, whole seconds, with its offset."""
    return at.isoformat(timespec="seconds")
