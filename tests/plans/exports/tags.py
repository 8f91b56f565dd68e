"""The tag tree of a PDF, with the text that it leads to: what a screen reader goes by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf

_OPENING, _CLOSING = {"BDC", "BMC"}, "EMC"
# A line of a font's ToUnicode: a glyph, and its letters in UTF-16; or first, last, first's letters.
_ONE = re.compile(r"<(\w+)>\s*<(\w+)>\s*$", flags=re.M)
_RANGE = re.compile(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>")


@dataclass
class Tag:
    """An element: its kind (``H1``), its own attributes, and its elements and texts in order."""

    kind: str
    element: pikepdf.Dictionary
    children: "list[Tag | str]" = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """All text in it, in the order of the tree, with single spaces."""
        return " ".join(
            " ".join(child if isinstance(child, str) else child.text for child in self.children)
            .replace("\u00ad", "")
            .split()
        )

    def all(self, *kinds: str) -> "Iterator[Tag]":
        """Give the elements of these kinds (of all, where none is named) in reading order."""
        for child in self.children:
            if isinstance(child, Tag):
                if not kinds or child.kind in kinds:
                    yield child
                yield from child.all(*kinds)

    @property
    def objects(self) -> list[pikepdf.Dictionary]:
        """The annotations that the element stands for."""
        kids = self.element.get("/K")
        found = list(kids) if isinstance(kids, pikepdf.Array) else [kids]  # type: ignore[call-overload]
        return [
            kid.Obj
            for kid in found
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
        ]


def tree(pdf: pikepdf.Pdf) -> Tag:
    """Return the document's tag."""
    texts = {page.objgen: _marked_texts(page) for page in pdf.pages}
    (root,) = pdf.Root.StructTreeRoot.K  # type: ignore[misc]
    return _tag(root, texts)


def _tag(element: pikepdf.Dictionary, texts: dict[tuple[int, int], dict[int, str]]) -> Tag:
    tag = Tag(str(element.S).lstrip("/"), element)
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:  # type: ignore[attr-defined]
        if isinstance(kid, pikepdf.Dictionary):
            if "/S" in kid:
                tag.children.append(_tag(kid, texts))
        else:
            tag.children.append(texts[element.Pg.objgen].get(int(kid), ""))
    return tag


def _marked_texts(page: pikepdf.Page) -> dict[int, str]:
    """Return the page's text by the number of the marked content it lies in; -1 is none."""
    found: dict[int, str] = {}
    stack: list[int] = []
    letters: dict[int, str] = {}
    fonts = {name: _letters(font) for name, font in page.resources.get("/Font", {}).items()}
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in _OPENING:
            properties = operands[1] if len(operands) > 1 else None
            inside = stack[-1] if stack else -1
            marked = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
            stack.append(int(properties.MCID) if marked else inside)  # type: ignore[union-attr]
        elif name == _CLOSING:
            stack.pop()
        elif name == "Tf":
            letters = fonts[str(operands[0])]
        elif name in ("Tj", "TJ"):
            strings = operands[0] if name == "TJ" else [operands[0]]
            shown = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
            place = stack[-1] if stack else -1
            found[place] = found.get(place, "") + _read(shown, letters)
    return found


def _read(shown: bytes, letters: dict[int, str]) -> str:
    codes = (int.from_bytes(shown[at : at + 2], "big") for at in range(0, len(shown), 2))
    return "".join(letters.get(code, "\ufffd") for code in codes)


def _letters(font: pikepdf.Dictionary) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")  # type: ignore[operator]
    found: dict[int, str] = {}
    for kind, body in re.findall(r"beginbf(char|range)(.*?)endbf", table, flags=re.S):
        if kind == "char":
            found |= {int(code, 16): _utf16(text) for code, text in _ONE.findall(body)}
            continue
        for first, last, text in _RANGE.findall(body):
            start = int(text, 16)
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = chr(start + step)
    return found


def _utf16(text: str) -> str:
    return bytes.fromhex(text).decode("utf-16-be")
