"""The places for signatures, made before anything is signed.

A field that a signing tool adds itself isn't tagged, which PDF/UA-1 (ISO 14289-1, 7.18) forbids,
and adding one changes what was sealed. So the typesetter makes text fields where the parties sign,
with their tags, and they become signature fields here.
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

SEAL = "segl"
PARTIES = ("underskrift-1", "underskrift-2")

_ONLY_SIGNATURES_AND_APPEND = 3  # /SigFlags, ISO 32000-1 table 219
_PRINT_AND_LOCKED = 132  # /F, ISO 32000-1 table 165
# What a text field has and a signature field may not have.
_OF_TEXT = ("/V", "/DV", "/DA", "/Ff", "/MK", "/MaxLen", "/Q")


class NoPlaces(Exception):
    """The PDF has not exactly the two places where the parties sign."""


def with_signature_fields(pdf: bytes) -> bytes:
    """Return a PDF of the typesetter with its two text fields turned into empty signature fields
    and an invisible one for the seal. The same bytes in give the same bytes out.

    Raises ``NoPlaces``.
    """
    with Pdf.open(io.BytesIO(pdf)) as document:
        form = document.Root.get("/AcroForm")
        widgets = list(form.Fields) if form is not None else []
        if tuple(str(widget.T) for widget in widgets) != PARTIES:
            raise NoPlaces
        for widget in widgets:
            _become_signature_field(document, widget)
        _objr_alone(document.Root.StructTreeRoot)
        seal = document.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(SEAL),
                F=_PRINT_AND_LOCKED,
                Rect=Array([0, 0, 0, 0]),
            )
        )
        document.Root.AcroForm = Dictionary(
            Fields=Array([seal, *widgets]), SigFlags=_ONLY_SIGNATURES_AND_APPEND
        )
        target = io.BytesIO()
        document.save(
            target,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return target.getvalue()


def _become_signature_field(document: Pdf, widget: pikepdf.Object) -> None:
    for name in _OF_TEXT:
        if name in widget:
            del widget[name]
    widget.FT = Name.Sig
    widget.F = _PRINT_AND_LOCKED
    left, first, right, second = (float(number) for number in widget.Rect)
    widget.Rect = Array([left, min(first, second), right, max(first, second)])
    # PDF/A wants an appearance from the start: an empty one.
    width, height = right - left, abs(second - first)
    empty = document.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, width, height])
    )
    widget.AP = Dictionary(N=empty)


def _objr_alone(node: pikepdf.Object) -> None:
    """Let a Form element's only child stand for itself, not in an array of one: with the array,
    pyHanko takes a later signature for a change of the tags."""
    queue = [node]
    while queue:
        element = queue.pop()
        children = element.get("/K") if isinstance(element, Dictionary) else None
        if isinstance(children, Array):
            if element.get("/S") == "/Form" and len(children) == 1:
                element.K = children[0]
                continue
            queue.extend(child for child in children if isinstance(child, Dictionary))
        elif isinstance(children, Dictionary):
            queue.append(children)
