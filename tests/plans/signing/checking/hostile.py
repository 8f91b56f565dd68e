"""Files that aren't plans, and files that are made to do harm."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import cache

import pikepdf

HTML = b"<!doctype html><title>plan.pdf</title><p>Ikkje ein PDF</p>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
FDF = b"%FDF-1.2\n1 0 obj<</FDF<</Fields[]>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def wrong_kinds(signed: bytes) -> dict[str, bytes]:
    """Return files that somebody might send instead of a signed plan."""
    return {
        "empty": b"",
        "text": b"Partnarplan for Fjordane",
        "PNG": PNG,
        "ZIP": _zipped({"plan.pdf": signed}),
        "DOCX": _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        "HTML": HTML,
        "FDF": FDF,
        "PDF after something else": b"\n" + signed,
        "header alone": b"%PDF-1.7\n",
        "cut": signed[: len(signed) // 3],
        "encrypted": saved(encryption=pikepdf.Encryption(owner="o", user="u")),
        "XFA": _xfa(),
        "other PDF": saved(),
        "polyglot": saved() + _zipped({"a.txt": b"a"}),
        "random": b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n",
    }


@cache
def bombs() -> dict[str, bytes]:
    """Return updates that make a file cost time or memory, to hang on to a sealed one, or to send
    as they are; each is less than 2 MB."""
    return dict(_bombs())


def after(pdf: bytes, body: bytes) -> bytes:
    """Return a PDF with an update: objects, each of which begins with its number, and which end
    with the number of the catalogue."""
    start = pdf.rstrip().rpartition(b"startxref")[2].split()[0]
    root, size = _root(pdf)
    place = len(pdf)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, place)
    trailer = b"trailer\n<</Root %s/Size %d/Prev %s>>\n" % (root, size + 1, start)
    update = b"%d 0 obj\n%s\nendobj\n" % (size, body)
    return pdf + update + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (place + len(update))


def _bombs() -> Iterator[tuple[str, bytes]]:
    yield "deep arrays", _one(b"[" * 200_000 + b"]" * 200_000)
    yield "deep dictionaries", _one(b"<</A" * 200_000 + b">>" * 200_000)
    yield "giant number", _one(b"9" * 1_000_000)
    yield "long name", _one(b"/" + b"a" * 1_000_000)
    yield "packed zeros", _one(packed(b"\0" * 60_000_000))
    yield "packed twice", _one(packed(zlib.compress(b"\0" * 60_000_000, 9), filters=2))
    yield "table of a billion", _table(b"0 1000000000\n")
    yield "table of no end", _table(b"0 99999999999999999999\n")
    yield "table that leads to itself", _cycle()
    yield "stream of a table, packed", _table_stream()
    yield "pages that hold themselves", _self_holding()
    yield "unclosed text", _one(b"(" * 1_000_000)


def _one(body: bytes) -> bytes:
    """Return a PDF whose catalogue is such an object."""
    first = b"%PDF-1.7\n"
    place = len(first)
    objects = b"1 0 obj\n" + body + b"\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n%010d 00000 n \n" % place
    trailer = b"trailer\n<</Root 1 0 R/Size 2>>\nstartxref\n%d\n%%%%EOF\n" % (place + len(objects))
    return first + objects + table + trailer


def packed(content: bytes, filters: int = 1) -> bytes:
    """Return an object that is a packed stream."""
    small = zlib.compress(content, 9)
    names = b"/FlateDecode " * filters
    return b"<</Type/Catalog/Length %d/Filter[%s]>>\nstream\n%s\nendstream" % (
        len(small),
        names,
        small,
    )


def _table(rows: bytes) -> bytes:
    first = b"%PDF-1.7\n"
    trailer = b"trailer\n<</Root 1 0 R/Size 2>>\nstartxref\n%d\n%%%%EOF\n" % len(first)
    return first + b"xref\n" + rows + trailer


def _cycle() -> bytes:
    first = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"
    table = b"xref\n0 1\n0000000000 65535 f \n"
    place = len(first)
    trailer = b"trailer\n<</Root 1 0 R/Size 2/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (place, place)
    return first + table + trailer


def _table_stream() -> bytes:
    packed = zlib.compress(b"\1" * 60_000_000, 9)
    first = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/W[1 2 1]/Size 15000000/Root 1 0 R/Length %d/Filter/FlateDecode>>\n"
        b"stream\n%s\nendstream\nendobj\n" % (len(packed), packed)
    )
    return first + stream + b"startxref\n%d\n%%%%EOF\n" % len(first)


def _self_holding() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Pages.Kids = pikepdf.Array([document.Root.Pages] * 50)
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()


def saved(**options: object) -> bytes:
    """Return some PDF of a blank page."""
    with pikepdf.new() as document:
        document.add_blank_page()
        target = io.BytesIO()
        document.save(target, **options)  # type: ignore[arg-type]
        return target.getvalue()


def _xfa() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        form = document.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=form)
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()


def _zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def _root(pdf: bytes) -> tuple[bytes, int]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = b"%d %d R" % document.Root.objgen
        return root, int(document.trailer.Size)
