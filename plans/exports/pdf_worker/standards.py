"""What WeasyPrint leaves out of a PDF that is both PDF/A-3a and PDF/UA-1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

import pydyf
from weasyprint import pdf as weasyprint_pdf
from weasyprint.document import DocumentMetadata
from weasyprint.pdf import tags

VARIANT = "pdf/a-3a"
_POINTS_A_PIXEL = 0.75

# PDF/A allows a property in the XMP that it doesn't know only where its schema is described
# (ISO 19005-3, 6.6.2.3); the property is that of ISO 14289-1, clause 5.
_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def claim_accessibility(metadata: DocumentMetadata) -> None:
    """Let the metadata say PDF/UA-1 beside the PDF/A that ``VARIANT`` writes."""
    generate = metadata.generate_rdf_metadata

    def with_ua(*args: object) -> bytes:
        rdf: bytes = generate(*args)
        before, end, after = rdf.rpartition(_END)
        return before + _UA + end + after

    metadata.generate_rdf_metadata = with_ua


@contextmanager
def complete_tags(main: str) -> Iterator[None]:
    """Give each tag what WeasyPrint leaves out, or gets wrong, for those who can't see the page.

    An element with a ``lang`` other than ``main`` has that language: a screen reader would
    pronounce Bokmål or English as Nynorsk. A header says what it heads, a link its own words and
    not its target's name, and a drawing where on the page it is.
    """
    build = tags._build_box_tree

    def with_all(
        box: Any, parent: pydyf.Dictionary, pdf: pydyf.PDF, page: int, *args: object
    ) -> Iterator[pydyf.Dictionary]:
        box = getattr(box, "_box", box)  # a positioned box lies within its placeholder
        element = getattr(box, "element", None)
        for tag in build(box, parent, pdf, page, *args):
            if element is not None:
                _complete(tag, box, element, main)
            if tag["S"] == "/Figure":
                _place(tag, pdf, page)
            yield tag

    tags._build_box_tree = with_all
    try:
        yield
    finally:
        tags._build_box_tree = build


def _complete(tag: pydyf.Dictionary, box: Any, element: Element, main: str) -> None:
    language = element.get("lang")
    if language and language != main:
        tag["Lang"] = pydyf.String(language)
    if tag["S"] == "/TH":
        of_row = element.get("scope") in ("row", "rowgroup")
        tag["A"]["Scope"] = "/Row" if of_row else "/Column"
    elif tag["S"] == "/Link" and box.link_annotation:
        box.link_annotation["Contents"] = pydyf.String(
            " ".join("".join(element.itertext()).split())
        )


def _place(figure: pydyf.Dictionary, pdf: pydyf.PDF, page: int) -> None:
    """Turn a figure's box from pixels below the page's top into points above its bottom."""
    number = int(pdf.page_references[page].split()[0])
    bottom = float(pdf.objects[number]["MediaBox"][3])
    left, top, right, foot = (_POINTS_A_PIXEL * float(edge) for edge in figure["A"]["BBox"])
    figure["A"]["BBox"] = pydyf.Array([left, bottom - foot, right, bottom - top])


@contextmanager
def fonts_of_printed_text_alone() -> Iterator[None]:
    """Embed of each font what is printed with it, though fields are set in it too.

    WeasyPrint embeds the whole font for what somebody might type into a field, and forgets the
    letters that it shapes itself, such as ligatures. Nobody types into ours: they take signatures.
    """
    build = weasyprint_pdf.build_fonts_dictionary

    def without_forms(pdf: object, fonts: dict[str, object], *args: object) -> object:
        for font in fonts.values():
            font.used_in_forms = False  # type: ignore[attr-defined]
        return build(pdf, fonts, *args)

    weasyprint_pdf.build_fonts_dictionary = without_forms
    try:
        yield
    finally:
        weasyprint_pdf.build_fonts_dictionary = build
