"""Files that a judge must find fault with: a judge that can't say no proves nothing."""

import io

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from plans.signing.keys import Key
from tests.conformance.papers import BOTH, ONE, SEALED, UNSEALED, Keys, signed

Stages = dict[str, bytes]


def flipped(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """A digit of what was sealed is another: the part of PDF/A that the file claims."""
    claim = b'pdfaid:part="3"'
    assert claim in stages[BOTH]
    return stages[BOTH].replace(claim, b'pdfaid:part="2"')


def appended(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """A comment stands after the end."""
    return stages[BOTH] + b"\n% more\n"


def edited_between(stages: Stages, keys: Keys, _stranger: Key) -> bytes:
    """A black square lies on a page since after the first signature; the second is on top."""
    writer = IncrementalPdfFileWriter(io.BytesIO(stages[ONE]))
    square = writer.add_object(StreamObject(stream_data=b"0 g 100 400 200 200 re f"))
    writer.add_stream_to_page(1, square)
    target = io.BytesIO()
    writer.write(target)
    return signed(target.getvalue(), place=1, key=keys.lup)


def annotated(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """A note lies on a page since after both signatures."""
    writer = IncrementalPdfFileWriter(io.BytesIO(stages[BOTH]))
    page = writer.root["/Pages"]["/Kids"][1]
    rectangle = ArrayObject(map(NumberObject, (100, 400, 300, 600)))
    square = {"/Type": "/XObject", "/Subtype": "/Form"}
    seen = StreamObject(
        {pdf_name(key): pdf_name(value) for key, value in square.items()},
        stream_data=b"0 g 0 0 200 200 re f",
    )
    seen["/BBox"] = ArrayObject(map(NumberObject, (0, 0, 200, 200)))
    note = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Square"),
            pdf_name("/Rect"): rectangle,
            pdf_name("/F"): NumberObject(4),
            pdf_name("/AP"): DictionaryObject({pdf_name("/N"): writer.add_object(seen)}),
        }
    )
    writer.register_annotation(page.container_ref, writer.add_object(note))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def strangers(stages: Stages, _keys: Keys, stranger: Key) -> bytes:
    """The second signature is of somebody whom another authority vouches for."""
    return signed(stages[ONE], place=1, key=stranger)


def foreign_field(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """A signing tool added a place to sign, which no tag knows."""
    writer = IncrementalPdfFileWriter(io.BytesIO(stages[SEALED]))
    append_signature_field(writer, SigFieldSpec("ny", on_page=1, box=(100, 100, 300, 160)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def untagged(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """The tags are gone."""
    with pikepdf.open(io.BytesIO(stages[UNSEALED])) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


def cut_off(stages: Stages, _keys: Keys, _stranger: Key) -> bytes:
    """The end is missing."""
    return stages[UNSEALED][:-2_000]


OF_SIGNATURES = (flipped, appended, edited_between, annotated, strangers)
OF_STANDARDS = (flipped, foreign_field, untagged, cut_off)


def spoiled(stages: Stages, keys: Keys, stranger: Key) -> dict[str, bytes]:
    """Return all of them by name."""
    return {
        spoil.__name__: spoil(stages, keys, stranger) for spoil in {*OF_SIGNATURES, *OF_STANDARDS}
    }
