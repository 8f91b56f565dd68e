"""The chapters of the printed plan: which there are, in which order, and what they are called."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from plans.document import Part, PlanDocument, Text
from plans.enums import AIMS, PartKind, TextKind
from plans.templatetags.plan_print import amended_title

_OPENING = (TextKind.BACKGROUND, TextKind.PURPOSE, TextKind.LUP_DONE)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A heading: where it is, what it says in which language, and the text under it."""

    anchor: str
    title: str
    language: str = "nn"
    text: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Chapter(Entry):
    """A chapter, the template that sets it, and the headings in it that the contents name."""

    template: str
    part: Part | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def file(self) -> str:
        """The name of the template."""
        return f"plans/print/{self.template}.html"

    @property
    def accent(self) -> str:
        """The class that colours the chapter."""
        if self.part is None:
            return ""
        return "part-one" if self.part.number == 1 else "part-two"


def chapters_of(document: PlanDocument) -> tuple[Chapter, ...]:
    """Return the chapters of the plan, or of the extract; a chapter without content is left out."""
    return _of_extract(document) if document.extract_of else _of_plan(document)


def _of_plan(document: PlanDocument) -> tuple[Chapter, ...]:
    agreement = Entry(anchor="agreement", title=_("The agreement"))
    return (
        *_amendment(document),
        Chapter(
            anchor="background",
            title=_("Background and partnership"),
            template="background",
            entries=(*_texts(document, _OPENING), agreement),
        ),
        Chapter(
            anchor="aims",
            title=_("The three aims"),
            template="aims",
            entries=_texts(document, AIMS),
        ),
        *(_part(part) for part in document.parts),
        *_overviews(document),
        Chapter(
            anchor="municipalities",
            title=_("The municipalities and what concerns them"),
            template="municipalities",
        ),
        Chapter(anchor="signatures", title=_("Signatures"), template="signatures"),
    )


def _of_extract(document: PlanDocument) -> tuple[Chapter, ...]:
    when = Chapter(anchor="when", title=_("What happens when"), template="when")
    parts = (_part(part) for part in document.parts if part.measures)
    return (when, *parts)


def _amendment(document: PlanDocument) -> tuple[Chapter, ...]:
    """Return the chapter that says what an amendment changes; none where nothing is amended."""
    if document.amendment is None:
        return ()
    return (
        Chapter(
            anchor="amendment",
            title=_("What the amendment changes"),
            template="amendment",
            entries=tuple(
                Entry(anchor=f"change-{place}", title=amended_title(item), language=item.language)
                for place, item in enumerate(document.amendment.items, start=1)
            ),
        ),
    )


def _overviews(document: PlanDocument) -> tuple[Chapter, ...]:
    if not document.measures:
        return ()
    who = Entry(anchor="by-responsible", title=_("By who is responsible"))
    when = Entry(anchor="by-quarter", title=_("By quarter"))
    return (
        Chapter(
            anchor="overview",
            title=_("Who does what when"),
            template="overview",
            entries=(who, when),
        ),
        Chapter(anchor="year-wheel", title=_("The year as a wheel"), template="year_wheel"),
        Chapter(anchor="timeline", title=_("Timeline"), template="timeline"),
    )


def _texts(document: PlanDocument, kinds: tuple[TextKind, ...]) -> tuple[Entry, ...]:
    found = ((kind, document.text(kind)) for kind in kinds)
    return tuple(
        Entry(anchor=f"text-{kind.lower()}", title=str(kind.label), text=text)
        for kind, text in found
        if text
    )


def _part(part: Part) -> Chapter:
    return Chapter(
        anchor=f"part-{part.number}",
        title=_("Part %(number)s: %(name)s")
        % {"number": part.number, "name": PartKind(part.kind).label},
        template="part",
        part=part,
        entries=tuple(
            Entry(anchor=f"area-{part.number}-{place}", title=area.title, language=area.language)
            for place, area in enumerate(part.focus_areas, start=1)
        ),
    )
