"""Where an object of a PDF is used: every way to it from the trailer.

pyHanko's review needs to know this of the few objects that a later revision touches. It finds it
by following every way through the whole file, which takes three quarters of a check's time. The
file as it was sealed is ours, so a fast reader may read it, and the ways be followed backwards from
the few. The rules for what counts as a way are pyHanko's (``HistoricalResolver``, pyHanko 0.38);
``tests/plans/signing/test_usages.py`` holds the two against each other.
"""

import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import msgspec
import pikepdf

Place = tuple[int, int]  # number and generation of an object
Way = tuple[str | int, ...]  # keys and positions, from the trailer on
Inner = tuple[Place | None, Way]  # an object, or the trailer, and where in it another is named

_REFERENCE = re.compile(r"(\d+) (\d+) R")
_PAGES: Way = ("/Root", "/Pages")
_TAGS: Way = ("/Root", "/StructTreeRoot", "/K")


def usages(pdf: bytes, wanted: Collection[Place]) -> dict[Place, set[Way]]:
    """Return every way to each of the ``wanted`` objects; ``pdf`` is one that we made ourselves."""
    found = _File(pdf)
    return {place: set(found.ways(place, frozenset())) for place in wanted}


class _File:
    """A PDF as a graph: which object names which, and where."""

    def __init__(self, pdf: bytes) -> None:
        self._named_by: dict[Place, list[Inner]] = defaultdict(list)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            self._objects: dict[Place | None, Any] = {None: _plain(document.trailer)}
            for found in document.objects:
                self._objects[found.objgen] = _plain(found)
        for place, value in self._objects.items():
            for way, named in _references(value):
                self._named_by[named].append((place, way))
        root = self._objects[None]["/Root"]
        catalog = self._at(root)
        tags = catalog.get("/StructTreeRoot")
        self._pages = dict(self._page_tree(catalog["/Pages"], _PAGES))
        self._tags = set(self._tag_tree(tags))
        self._by_tags = self._reached_by_tags(root, tags)

    def ways(
        self, place: Place, within: frozenset[Place], *, by_tags: bool = False
    ) -> Iterator[Way]:
        """Give the ways to an object that pass none of the objects in ``within``; with ``by_tags``
        only such as lead through the tree of tags.

        A way may lead on from a page only if it came by the tree of pages, and from a tag only if
        it came by that of tags.
        """
        within |= {place}
        for holder, inner in self._named_by[place]:
            if holder is None:
                yield inner
            elif holder in within or (by_tags and holder not in self._by_tags):
                continue
            elif holder in self._pages:
                way = self._pages[holder]
                if _allowed(way, inner) and within.isdisjoint(self._passed(way)):
                    yield way + inner
            else:
                is_tag = holder in self._tags
                for way in self.ways(holder, within, by_tags=by_tags or is_tag):
                    if _allowed(way, inner) and (not is_tag or way[: len(_TAGS)] == _TAGS):
                        yield way + inner

    def _passed(self, way: Way) -> Iterator[Place]:
        """Give the objects that a way passes."""
        value = self._objects[None]
        for step in way:
            value = self._at(value)[step]
            place = _place(value)
            if place is not None:
                yield place

    def _reached_by_tags(self, root: Any, tags: Any) -> set[Place]:
        """Return the objects that can lie on a way through the tree of tags."""
        reached = {place for place in (_place(root), _place(tags)) if place is not None}
        queue = [self._at(tags).get("/K")] if tags is not None else []
        while queue:
            for way, place in _references(queue.pop()):
                if place not in reached and not {"/Parent", "/P"}.intersection(way):
                    reached.add(place)
                    if place not in self._pages:
                        queue.append(self._objects.get(place))
        return reached

    def _page_tree(self, node: Any, way: Way) -> Iterator[tuple[Place, Way]]:
        place = _place(node)
        if place is not None:
            yield place, way
        for position, kid in enumerate(self._at(self._at(node).get("/Kids", []))):
            yield from self._page_tree(kid, (*way, "/Kids", position))

    def _tag_tree(self, node: Any) -> Iterator[Place]:
        queue = [node]
        while queue:
            children = self._at(self._at(queue.pop() or {}).get("/K"))
            for child in children if isinstance(children, list) else [children]:
                element = self._at(child)
                if not isinstance(element, dict) or element.get("/Type", "/StructElem") != (
                    "/StructElem"
                ):
                    continue
                place = _place(child)
                if place is not None:
                    yield place
                queue.append(element)

    def _at(self, value: Any) -> Any:
        place = _place(value)
        return value if place is None else self._objects.get(place)


def _allowed(way: Way, inner: Way) -> bool:
    """Whether a step inside an object counts: not to a parent, nor from a tag to its parent."""
    if "/Parent" in inner:
        return False
    return "/P" not in inner or way[: len(_TAGS)] != _TAGS


def _plain(found: pikepdf.Object) -> Any:
    """Return an object as lists and dicts, in which a reference is a text such as ``12 0 R``; all
    other texts begin with a mark of their kind."""
    if isinstance(found, pikepdf.Stream):
        found = found.stream_dict
    return msgspec.json.decode(found.to_json(dereference=True, schema_version=2))


def _place(value: Any) -> Place | None:
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _references(value: Any) -> Iterator[tuple[Way, Place]]:
    queue: list[tuple[Way, Any]] = [((), value)]
    while queue:
        way, part = queue.pop()
        if isinstance(part, dict):
            queue.extend(((*way, key), inner) for key, inner in part.items())
        elif isinstance(part, list):
            queue.extend(((*way, position), inner) for position, inner in enumerate(part))
        elif (place := _place(part)) is not None:
            yield way, place
