"""What was added to a PDF after it was sealed: signatures and long-term data, or more than that."""

from collections.abc import Iterator, Sequence

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    PdfObject,
    Reference,
    StreamObject,
)
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from plans.signing import rules
from plans.signing.usages import usages
from plans.signing.verdict import Change


def changes_since(
    sealed: bytes,
    reader: PdfFileReader,
    seal: EmbeddedPdfSignature,
    added: Sequence[EmbeddedPdfSignature],
) -> tuple[Change, ...]:
    """Return what was changed after the seal beyond ``added``, its signatures and time stamps in
    their order; nothing for a file that is as it should be.

    Each revision is held against the sealed one, which is ours. A revision that adds a signature
    may fill its field; any other may add long-term data and no more. What an earlier signature
    brought with it stays as it is: against the sealed file alone, a second signer could have
    painted over the first one's stamp.
    """
    base = reader.get_historical_resolver(seal.signed_revision)
    later = [
        reader.get_historical_resolver(number)
        for number in range(seal.signed_revision + 1, reader.xrefs.total_revisions)
    ]
    foreign = {change for revision in later for change in _foreign(base, revision)}
    if foreign:
        return tuple(sorted(foreign))
    _tell_usages(sealed, base, later)
    fields = {signature.signed_revision: signature for signature in added}
    for revision in later:
        change = _beyond(base, revision, fields.get(revision.revision))
        if change is not None:
            return (change,)
        if _repainted(reader, revision, fields):
            return (Change.STAMP,)
    return ()


def _beyond(
    base: HistoricalResolver, revision: HistoricalResolver, signature: EmbeddedPdfSignature | None
) -> Change | None:
    """Return what a revision changes beyond what it may."""
    stamps = signature is None or signature.sig_object_type == "/DocTimeStamp"
    most = ModificationLevel.LTA_UPDATES if stamps else ModificationLevel.FORM_FILLING
    policy = rules.UNSIGNED if signature is None else rules.SIGNED
    try:
        result = policy.apply(base, revision, doc_mdp=MDPPerm.FILL_FORMS)
    except rules.MetadataChanged:
        return Change.METADATA
    except SuspiciousModification:
        touched = revision.explicit_refs_in_revision()
        return Change.OTHER if touched.isdisjoint(_pages(base)) else Change.ANNOTATIONS
    if result.modification_level > most:
        return Change.FIELDS
    if signature is None and not _adds_proof(revision):
        return Change.OTHER
    filled = set() if signature is None else {signature.field_name}
    return None if result.changed_form_fields <= filled | _known(revision) else Change.FIELDS


def _adds_proof(revision: HistoricalResolver) -> bool:
    """Whether a revision brings long-term data, for which alone there may be one unsigned."""
    if "/DSS" not in revision.root:
        return False
    store = revision.root.raw_get("/DSS")
    touched: set[Reference] = revision.explicit_refs_in_revision()
    return not touched.isdisjoint(revision.collect_dependencies(store))


def _known(revision: HistoricalResolver) -> set[str]:
    """Return the fields that were filled before a revision: it is held against the sealed file, in
    which they are empty."""
    before = revision.reader.get_historical_resolver(revision.revision - 1)
    return {
        str(field["/T"])
        for field in (place.get_object() for place in before.root["/AcroForm"]["/Fields"])
        if "/V" in field
    }


def _repainted(
    reader: PdfFileReader,
    revision: HistoricalResolver,
    signatures: dict[int, EmbeddedPdfSignature],
) -> bool:
    """Whether a revision changes a signature that is older, or what is seen of it."""
    touched = revision.explicit_refs_in_revision()
    for number, signature in signatures.items():
        if number >= revision.revision:
            continue
        signed = reader.get_historical_resolver(number)
        field = _field(signed, signature.field_name)
        own = {field, *signed.collect_dependencies(signed(field).raw_get("/V"), number)}
        if "/AP" in signed(field):
            own |= signed.collect_dependencies(signed(field).raw_get("/AP"), number)
        if any(not _same(signed(place), revision(place)) for place in own & touched):
            return True
    return False


def _field(revision: HistoricalResolver, name: str) -> Reference:
    for place in revision.root["/AcroForm"]["/Fields"]:
        if place.get_object()["/T"] == name:
            reference: Reference = place.reference
            return reference
    raise KeyError(name)


def _foreign(base: HistoricalResolver, revision: HistoricalResolver) -> Iterator[Change]:
    """Give what a revision changes of objects that neither a signature nor long-term data has
    anything to do with, or of the catalogue's other entries."""
    free = {place for place, _change in _open_to_change(base)}
    pages = _pages(base)
    for place in revision.explicit_refs_in_revision() - free:
        if base.is_ref_unassignable(place):
            continue
        old, new = base(place), revision(place)
        if _same(old, new) or (place in pages and _but(old, "/Annots") == _but(new, "/Annots")):
            continue
        yield _kind(place, old, pages)
    old_root, new_root = base.root, revision.root
    for key in old_root.keys() | new_root.keys():
        before, after = _raw(old_root, key), _raw(new_root, key)
        if key in rules.CATALOG or before == after:
            continue
        yield _ENTRIES.get(key, Change.OTHER)


_ENTRIES = {
    "/Lang": Change.LANGUAGE,
    "/Pages": Change.PAGES,
    "/Names": Change.ATTACHMENTS,
    "/AF": Change.ATTACHMENTS,
}


def _kind(place: Reference, old: PdfObject, pages: dict[Reference, set[Reference]]) -> Change:
    if place in pages or any(place in contents for contents in pages.values()):
        return Change.PAGES
    kind = old["/Type"] if isinstance(old, DictionaryObject) and "/Type" in old else None
    if kind == "/Pages":
        return Change.PAGES
    if kind == "/Annot":
        return Change.ANNOTATIONS
    if kind in ("/EmbeddedFile", "/Filespec"):
        return Change.ATTACHMENTS
    return Change.OTHER


def _pages(base: HistoricalResolver) -> dict[Reference, set[Reference]]:
    """Return the pages of the sealed file, each with the streams that are its contents."""
    found: dict[Reference, set[Reference]] = {}
    queue = [base.root.raw_get("/Pages")]
    while queue:
        node = queue.pop()
        page = node.get_object()
        if "/Kids" in page:
            queue.extend(page["/Kids"])
            continue
        contents = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
        if isinstance(contents, IndirectObject):
            contents = [contents]
        found[node.reference] = {part.reference for part in contents}
    return found


def _open_to_change(base: HistoricalResolver) -> Iterator[tuple[Reference, Change]]:
    """Give the objects of the sealed file that a signature or long-term data may write anew, if the
    rules say so."""
    yield base.root_ref, Change.OTHER
    for holder, key in ((base.trailer_view, "/Info"), (base.root, "/Metadata")):
        value = _raw(holder, key)
        if isinstance(value, IndirectObject):
            yield value.reference, Change.METADATA
    form = base.root["/AcroForm"]
    for value in (base.root.raw_get("/AcroForm"), form.raw_get("/Fields")):
        if isinstance(value, IndirectObject):
            yield value.reference, Change.FIELDS
    for field in form["/Fields"]:
        yield field.reference, Change.FIELDS
        appearance = _raw(field.get_object(), "/AP")
        if isinstance(appearance, IndirectObject):
            yield appearance.reference, Change.FIELDS
            appearance = appearance.get_object()
        normal = _raw(appearance, "/N") if isinstance(appearance, DictionaryObject) else None
        if isinstance(normal, IndirectObject):
            yield normal.reference, Change.FIELDS


def _tell_usages(
    sealed: bytes, base: HistoricalResolver, later: Sequence[HistoricalResolver]
) -> None:
    """Tell pyHanko where the objects that matter are used, which it would take long to find out."""
    touched = {place for revision in later for place in revision.explicit_refs_in_revision()}
    wanted = touched | {place for place, _change in _open_to_change(base)}
    by_number = {
        (place.idnum, place.generation): place
        for place in wanted
        if not base.is_ref_unassignable(place)
    }
    base._indirect_object_access_cache = {
        Reference(*number, pdf=base): {RawPdfPath(*way) for way in ways}
        for number, ways in usages(sealed, by_number).items()
    }


def _same(one: PdfObject, other: PdfObject) -> bool:
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, StreamObject) and isinstance(other, StreamObject):
        return one.encoded_data == other.encoded_data
    return True


def _but(page: PdfObject, key: str) -> dict[str, PdfObject]:
    assert isinstance(page, DictionaryObject)
    return {name: page.raw_get(name) for name in page if name != key}


def _raw(holder: DictionaryObject, key: str) -> PdfObject | None:
    return holder.raw_get(key) if key in holder else None
