"""What others may do to a signed file: what each is called, and how it is done."""

import io
from collections.abc import Callable, Iterator

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

Writer = IncrementalPdfFileWriter
Edit = Callable[[Writer], None]


def updated(pdf: bytes, edit: Edit) -> bytes:
    """Return a PDF with an update at its end, as a tool that changes a PDF makes it."""
    writer = Writer(io.BytesIO(pdf))
    edit(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _page(writer: Writer, number: int = 0) -> generic.Reference:
    page: generic.Reference = writer.find_page_for_modification(number)[0].reference
    return page


def _page_dict(writer: Writer, number: int = 0) -> DictionaryObject:
    page = _page(writer, number).get_object()
    writer.mark_update(_page(writer, number))
    assert isinstance(page, DictionaryObject)
    return page


def _stream(text: bytes, **entries: object) -> StreamObject:
    values = {pdf_name(f"/{name}"): value for name, value in entries.items()}
    return StreamObject(values, stream_data=text)


def language(writer: Writer) -> None:
    writer.root["/Lang"] = pdf_string("en")
    writer.update_root()


def contents(writer: Writer) -> None:
    drawn = writer.add_object(_stream(b"q 0 0 1 rg 50 50 300 300 re f Q"))
    page = _page_dict(writer)
    page["/Contents"] = ArrayObject([drawn])


def contents_in_place(writer: Writer) -> None:
    page = _page(writer).get_object()
    place = page.raw_get("/Contents")
    place = place[0] if isinstance(place, ArrayObject) else place
    stream = place.get_object()
    stream._data = b"q 1 0 0 rg 0 0 500 500 re f Q"
    stream._encoded_data = None
    writer.mark_update(place)


def rotation(writer: Writer) -> None:
    _page_dict(writer)["/Rotate"] = NumberObject(90)


def page_size(writer: Writer) -> None:
    _page_dict(writer)["/MediaBox"] = ArrayObject([NumberObject(n) for n in (0, 0, 200, 200)])


def _annotation(writer: Writer, kind: str, **entries: object) -> None:
    note = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name(f"/{kind}"),
            pdf_name("/Rect"): ArrayObject([NumberObject(n) for n in (50, 50, 300, 300)]),
            pdf_name("/Contents"): pdf_string("Ugyldig"),
            **{pdf_name(f"/{name}"): value for name, value in entries.items()},
        }
    )
    place = writer.add_object(note)
    page = _page_dict(writer)
    old = page["/Annots"] if "/Annots" in page else ArrayObject()
    page["/Annots"] = ArrayObject([*old, place])


def note(writer: Writer) -> None:
    _annotation(writer, "Text")


def free_text(writer: Writer) -> None:
    _annotation(writer, "FreeText", DA=pdf_string("/Helv 20 Tf"))


def stamp(writer: Writer) -> None:
    _annotation(writer, "Stamp")


def link(writer: Writer) -> None:
    action = DictionaryObject(
        {pdf_name("/S"): pdf_name("/URI"), pdf_name("/URI"): pdf_string("https://example.invalid")}
    )
    _annotation(writer, "Link", A=action)


def _field(writer: Writer, kind: str, **entries: object) -> None:
    field = DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name(f"/{kind}"),
            pdf_name("/T"): pdf_string("ekstra"),
            pdf_name("/Rect"): ArrayObject([NumberObject(n) for n in (50, 50, 300, 300)]),
            **{pdf_name(f"/{name}"): value for name, value in entries.items()},
        }
    )
    form = writer.root["/AcroForm"]
    form["/Fields"].append(writer.add_object(field))
    writer.update_container(form)
    writer.update_root()


def text_field(writer: Writer) -> None:
    _field(writer, "Tx", V=pdf_string("ny verdi"))


def button(writer: Writer) -> None:
    _field(writer, "Btn")


def choice(writer: Writer) -> None:
    _field(writer, "Ch")


def empty_signature_field(writer: Writer) -> None:
    _field(writer, "Sig")


def _of_party(writer: Writer, number: int) -> DictionaryObject:
    place = writer.root["/AcroForm"]["/Fields"].raw_get(number)
    writer.mark_update(place)
    field = place.get_object()
    assert isinstance(field, DictionaryObject)
    return field


def repaint(number: int) -> Edit:
    """Return the edit that paints another picture where a party signs."""

    def edit(writer: Writer) -> None:
        box = ArrayObject([NumberObject(n) for n in (0, 0, 200, 60)])
        form = _stream(
            b"1 0 0 rg 0 0 200 60 re f",
            Type=pdf_name("/XObject"),
            Subtype=pdf_name("/Form"),
            BBox=box,
        )
        painted = DictionaryObject({pdf_name("/N"): writer.add_object(form)})
        _of_party(writer, number)["/AP"] = painted

    return edit


def unsign(writer: Writer) -> None:
    del _of_party(writer, 1)["/V"]


def hide(writer: Writer) -> None:
    _of_party(writer, 1)["/F"] = NumberObject(2)


def move_field(writer: Writer) -> None:
    _of_party(writer, 2)["/Rect"] = ArrayObject([NumberObject(n) for n in (0, 0, 600, 800)])


def rename_field(writer: Writer) -> None:
    _of_party(writer, 2)["/T"] = pdf_string("underskrift-3")


def remove_field(writer: Writer) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"] = ArrayObject(list(form["/Fields"])[:2])
    writer.update_container(form)
    writer.update_root()


def no_form(writer: Writer) -> None:
    del writer.root["/AcroForm"]
    writer.update_root()


def title(writer: Writer) -> None:
    place = writer.trailer.raw_get("/Info")
    place.get_object()["/Title"] = pdf_string("Ein annan plan")
    writer.mark_update(place)


def xmp_title(writer: Writer) -> None:
    place = writer.root.raw_get("/Metadata")
    old = place.get_object().data
    writer.root["/Metadata"] = writer.add_object(
        _stream(
            old.replace(b"Partnarplan", b"Vinterplan."),
            Type=pdf_name("/Metadata"),
            Subtype=pdf_name("/XML"),
        )
    )
    writer.update_root()


def no_metadata(writer: Writer) -> None:
    del writer.root["/Metadata"]
    writer.update_root()


def catalogue(key: str, value: Callable[[Writer], generic.PdfObject]) -> Edit:
    """Return the edit that sets an entry of the catalogue."""

    def edit(writer: Writer) -> None:
        writer.root[pdf_name(key)] = value(writer)
        writer.update_root()

    return edit


def _script(_writer: Writer) -> generic.PdfObject:
    return DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    )


def _layers(writer: Writer) -> generic.PdfObject:
    layer = writer.add_object(
        DictionaryObject({pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): pdf_string("x")})
    )
    return DictionaryObject(
        {
            pdf_name("/OCGs"): ArrayObject([layer]),
            pdf_name("/D"): DictionaryObject({pdf_name("/OFF"): ArrayObject([layer])}),
        }
    )


def _attached(writer: Writer) -> generic.PdfObject:
    file = writer.add_object(_stream(b"{}", Type=pdf_name("/EmbeddedFile")))
    place = writer.add_object(
        DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Filespec"),
                pdf_name("/F"): pdf_string("plan.json"),
                pdf_name("/EF"): DictionaryObject({pdf_name("/F"): file}),
            }
        )
    )
    return DictionaryObject(
        {
            pdf_name("/EmbeddedFiles"): DictionaryObject(
                {pdf_name("/Names"): ArrayObject([pdf_string("plan.json"), place])}
            )
        }
    )


def _odd_store(writer: Writer) -> generic.PdfObject:
    return writer.add_object(DictionaryObject({pdf_name("/Cookies"): ArrayObject()}))


def _no_streams(writer: Writer) -> generic.PdfObject:
    return writer.add_object(DictionaryObject({pdf_name("/Certs"): ArrayObject([NumberObject(1)])}))


def free_page(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"] = ArrayObject(list(pages["/Kids"])[1:])
    pages["/Count"] = NumberObject(int(pages["/Count"]) - 1)
    writer.update_container(pages)


def data_in_place(writer: Writer) -> None:
    """Put other data where the plan's lie."""
    place = writer.root["/AF"][0].get_object()["/EF"].raw_get("/F")
    stream = place.get_object()
    stream._data = b"{}"
    stream._encoded_data = None
    writer.mark_update(place)


def tags(writer: Writer) -> None:
    tree = writer.root["/StructTreeRoot"]
    tree["/K"] = ArrayObject()
    writer.update_container(tree)


def layer_states(writer: Writer) -> None:
    catalogue("/OCProperties", _layers)(writer)


EDITS: dict[str, Edit] = {
    "language": language,
    "contents": contents,
    "contents in place": contents_in_place,
    "rotation": rotation,
    "page size": page_size,
    "note": note,
    "free text": free_text,
    "stamp": stamp,
    "link": link,
    "text field": text_field,
    "button": button,
    "choice": choice,
    "empty signature field": empty_signature_field,
    "repaint the seal": repaint(0),
    "repaint the first": repaint(1),
    "repaint the second": repaint(2),
    "hide": hide,
    "move a field": move_field,
    "rename a field": rename_field,
    "remove a field": remove_field,
    "no form": no_form,
    "title": title,
    "title in XMP": xmp_title,
    "no metadata": no_metadata,
    "script": catalogue("/OpenAction", _script),
    "layers": layer_states,
    "attachment": catalogue("/Names", _attached),
    "data": data_in_place,
    "long-term data of no kind": catalogue("/DSS", _odd_store),
    "long-term data without streams": catalogue("/DSS", _no_streams),
    "fewer pages": free_page,
    "tags": tags,
    "page labels": catalogue("/PageLabels", lambda _w: DictionaryObject()),
    "viewer": catalogue(
        "/ViewerPreferences",
        lambda _w: DictionaryObject({pdf_name("/HideToolbar"): generic.BooleanObject(True)}),
    ),
    "untagged": catalogue(
        "/MarkInfo",
        lambda _w: DictionaryObject({pdf_name("/Marked"): generic.BooleanObject(False)}),
    ),
    "additional actions": catalogue("/AA", _script),
}


def rewritten(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the PDF written anew, in the ways of pikepdf (which is qpdf)."""
    ways: dict[str, dict[str, object]] = {
        "saved": {},
        "linearized": {"linearize": True},
        "without streams of objects": {"object_stream_mode": pikepdf.ObjectStreamMode.disable},
        "unpacked": {"compress_streams": False},
        "encrypted": {"encryption": pikepdf.Encryption(owner="o", user="")},
    }
    for name, options in ways.items():
        with pikepdf.open(io.BytesIO(pdf)) as document:
            target = io.BytesIO()
            document.save(target, **options)  # type: ignore[arg-type]
        yield name, target.getvalue()
