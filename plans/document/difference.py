"""What differs between two editions of a plan, in words, in the order in which the plan is read.

Pure: two documents in, frozen values out. Used where versions are compared, where somebody signs,
and in the amendment's own document. Words are in the language that is active when it is called.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from plans.document.model import FocusArea, Measure, Part, PlanDocument, Text
from plans.document.words import kroner, period, responsible, shown_days
from plans.enums import (
    MeasureKind,
    MunicipalityScope,
    PartKind,
    TargetGroup,
    TextKind,
    TextLanguage,
)
from plans.models import FocusArea as AreaRow
from plans.models import Measure as MeasureRow
from plans.models import PartnerPlan, PartnershipAgreement, PlanPart, PlanText

PLAN, TEXT, PART, AREA, MEASURE = "PLAN", "TEXT", "PART", "AREA", "MEASURE"
ADDED, REMOVED, CHANGED = "ADDED", "REMOVED", "CHANGED"
LONG: Final = 80  # characters from which a value is easier read word by word than before → after

_WRITTEN = {"title", "body", "introduction", "description", "purpose", "expected_result"}
# What something new or gone is not, needs no telling.
_UNSAID = ("county_takes_part",)

Values = dict[str, tuple[str, str]]
"""By name: what a field is called, and what it says; in the order in which they are read."""


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """One field: what it is called, and what it says in each edition; empty where nothing.

    ``is_long`` says that it is to be compared word by word (plans.worddiff).
    """

    name: str
    label: str
    before: str
    after: str

    @property
    def is_long(self) -> bool:
        """Whether it is a text, to be compared word by word."""
        return max(len(self.before), len(self.after)) > LONG

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote it, in the item's language; other values are ours, in words."""
        return self.name in _WRITTEN


@dataclass(frozen=True, kw_only=True)
class ItemDifference:
    """Something that isn't the same in the two editions.

    ``kind`` is PLAN, TEXT, PART, AREA or MEASURE. ``key`` is the lasting key of a measure or focus
    area, and the code of a text or part. The numbers are a measure's, or a part's; empty where it
    has none. ``title`` and ``language`` are those of the later edition that has it. ``sort`` is
    ADDED, REMOVED or CHANGED; of what was added or removed, ``fields`` hold all that it says.
    """

    kind: str
    key: str
    number_before: str
    number_after: str
    title: str
    language: str
    sort: str
    fields: tuple[FieldDifference, ...]

    @property
    def number(self) -> str:
        """The number in the later edition, or the one that it had."""
        return self.number_after or self.number_before

    @property
    def is_renumbered(self) -> bool:
        """Whether it stands in both editions, with another number."""
        return self.sort == CHANGED and self.number_before != self.number_after


@dataclass(frozen=True)
class Difference:
    """What differs between two editions; false where nothing does.

    ``items`` are in the order of the plan, what was removed where it stood. ``renumbered`` are the
    measures that got another number and are otherwise the same (their ``fields`` are empty): since
    others came or went before them, or because they changed places.
    """

    items: tuple[ItemDifference, ...]
    renumbered: tuple[ItemDifference, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.renumbered)


def difference(before: PlanDocument, after: PlanDocument) -> Difference:
    """Return what differs from ``before`` to ``after``, two editions of the same plan.

    What isn't compared: the state, when it was last changed, and the number of the version.
    """
    found = [*_plan(before, after), *_texts(before, after), *_parts(before, after)]
    return Difference(
        items=tuple(item for item in found if item.fields or item.sort != CHANGED),
        renumbered=tuple(item for item in found if not item.fields and item.is_renumbered),
    )


def _plan(before: PlanDocument, after: PlanDocument) -> Iterator[ItemDifference]:
    yield _item(
        PLAN, "", _plan_values(before), _plan_values(after), title=after.title, language="nn"
    )


def _texts(before: PlanDocument, after: PlanDocument) -> Iterator[ItemDifference]:
    for kind in TextKind:
        old, new = before.text(kind), after.text(kind)
        told = new or old
        if told is not None:
            yield _item(
                TEXT,
                kind.value,
                _text_values(old) if old else None,
                _text_values(new) if new else None,
                title=str(kind.label),
                language=told.language,
            )


def _parts(before: PlanDocument, after: PlanDocument) -> Iterator[ItemDifference]:
    old_parts = {part.kind: part for part in before.parts}
    new_parts = {part.kind: part for part in after.parts}
    homes = _homes(before), _homes(after)
    for kind in PartKind.values:
        old, new = old_parts.get(kind), new_parts.get(kind)
        told = new or old
        if told is None:
            continue
        yield _item(
            PART,
            kind,
            _part_values(old) if old else None,
            _part_values(new) if new else None,
            numbers=(str(old.number) if old else "", str(new.number) if new else ""),
            title=str(PartKind(kind).label),
            language=told.language,
        )
        old_areas = old.focus_areas if old else ()
        new_areas = new.focus_areas if new else ()
        for area_before, area_after in _paired(old_areas, new_areas, _key):
            yield from _area(area_before, area_after)
            here = _paired(
                _stayed(area_before, area_after, homes[1]),
                area_after.measures if area_after else (),
                _key,
            )
            for old_measure, new_measure in here:
                key = _key(new_measure or old_measure)
                if old_measure is None and key in homes[0]:
                    old_measure = homes[0][key][1]  # it came from another focus area
                yield from _measure(before, after, old_measure, new_measure, homes)


Homes = dict[str, tuple[FocusArea, Measure]]
"""Measures by key, each with the focus area in which it stands."""


def _homes(document: PlanDocument) -> Homes:
    return {
        str(measure.key): (area, measure)
        for part in document.parts
        for area in part.focus_areas
        for measure in area.measures
    }


def _stayed(before: FocusArea | None, after: FocusArea | None, homes: Homes) -> tuple[Measure, ...]:
    """Return the measures of a focus area but for those that stand in another one now."""
    if before is None:
        return ()
    here = {measure.key for measure in after.measures} if after else set()
    return tuple(m for m in before.measures if m.key in here or str(m.key) not in homes)


def _area(before: FocusArea | None, after: FocusArea | None) -> Iterator[ItemDifference]:
    told = after or before
    assert told is not None
    yield _item(
        AREA,
        str(told.key),
        _area_values(before) if before else None,
        _area_values(after) if after else None,
        title=told.title,
        language=told.language,
    )


def _measure(
    before: PlanDocument,
    after: PlanDocument,
    old: Measure | None,
    new: Measure | None,
    homes: tuple[Homes, Homes],
) -> Iterator[ItemDifference]:
    told = new or old
    assert told is not None
    key = str(told.key)
    yield _item(
        MEASURE,
        key,
        _measure_values(before, old, homes[0][key][0]) if old else None,
        _measure_values(after, new, homes[1][key][0]) if new else None,
        numbers=(old.number if old else "", new.number if new else ""),
        title=told.title,
        language=told.language,
        # A focus area that was given another title is told once, by itself.
        same=("focus_area",) if old and new and _same_home(key, homes) else (),
    )


def _same_home(key: str, homes: tuple[Homes, Homes]) -> bool:
    return homes[0][key][0].key == homes[1][key][0].key


def _item(
    kind: str,
    key: str,
    before: Values | None,
    after: Values | None,
    *,
    title: str,
    language: str,
    numbers: tuple[str, str] = ("", ""),
    same: tuple[str, ...] = (),
) -> ItemDifference:
    old, new = before or {}, after or {}
    names = list(new) + [name for name in old if name not in new]
    if before is None or after is None:
        same = tuple(name for name in _UNSAID if (new or old).get(name, ("", ""))[1] == _("no"))
    fields = (
        FieldDifference(
            name=name,
            label=capfirst((new.get(name) or old[name])[0]),
            before=old.get(name, ("", ""))[1],
            after=new.get(name, ("", ""))[1],
        )
        for name in names
        if name not in same
    )
    return ItemDifference(
        kind=kind,
        key=key,
        number_before=numbers[0],
        number_after=numbers[1],
        title=title,
        language=language,
        sort=ADDED if before is None else REMOVED if after is None else CHANGED,
        fields=tuple(field for field in fields if field.before != field.after),
    )


def _plan_values(document: PlanDocument) -> Values:
    agreement, programme = document.agreement, document.programme
    signed_on = agreement.signed_on
    found = {
        "title": (_label(PartnerPlan, "title"), document.title),
        "is_example": (_label(PartnerPlan, "is_example"), _yes(document.is_example)),
        "county": (_("The county"), document.county.full_name),
        "programme": (_("The programme"), f"{programme.name} ({programme.short_name})"),
        "owners": (_("Owners of the programme"), ", ".join(programme.owners)),
        "agreement": (
            _label(PartnerPlan, "agreement"),
            f"{agreement.first_year}–{agreement.last_year}",
        ),
        "partner_since": (
            _label(PartnershipAgreement, "partner_since"),
            str(agreement.partner_since),
        ),
        "signed_on": (
            _label(PartnershipAgreement, "signed_on"),
            date_format(signed_on, "DATE_FORMAT") if signed_on else "",
        ),
        "municipalities": (
            _("Municipalities of the county"),
            ", ".join(f"{m.number} {m.name}" for m in document.own_municipalities),
        ),
    }
    for cooperation in document.cooperations:
        found[f"cooperation:{cooperation.key}"] = (
            _("Members of %(cooperation)s") % {"cooperation": cooperation.name},
            _municipalities(document, cooperation.members),
        )
    return found


def _text_values(text: Text) -> Values:
    return {
        "body": (_label(PlanText, "body"), text.body),
        "language": (_label(PlanText, "language"), _named(TextLanguage, text.language)),
    }


def _part_values(part: Part) -> Values:
    return {
        "introduction": (_label(PlanPart, "introduction"), part.introduction),
        "language": (_label(PlanPart, "language"), _named(TextLanguage, part.language)),
    }


def _area_values(area: FocusArea) -> Values:
    return {
        "title": (_label(AreaRow, "title"), area.title),
        "description": (_label(AreaRow, "description"), area.description),
        "language": (_label(AreaRow, "language"), _named(TextLanguage, area.language)),
        "contributions": (_("rests on the input"), _contributions(area)),
    }


def _measure_values(document: PlanDocument, measure: Measure, area: FocusArea) -> Values:
    plain = {
        "title": measure.title,
        "kind": _named(MeasureKind, measure.kind),
        "description": measure.description,
        "purpose": measure.purpose,
        "expected_result": measure.expected_result,
        "language": _named(TextLanguage, measure.language),
        "focus_area": area.title,
        "target_groups": ", ".join(_named(TargetGroup, code) for code in measure.target_groups),
    }
    found = {name: (_label(MeasureRow, name), value) for name, value in plain.items()}
    found["responsible"] = (_label(MeasureRow, "responsible_kind"), responsible(measure))
    found["municipalities"] = (_("municipalities"), _concerned(document, measure))
    found["cooperations"] = (
        _label(MeasureRow, "cooperations"),
        ", ".join(document.cooperation_by_key[key].name for key in measure.cooperations),
    )
    found["county_takes_part"] = (
        _label(MeasureRow, "county_takes_part"),
        _yes(measure.county_takes_part),
    )
    found["period"] = (_("period"), period(measure))
    for place, days in enumerate(measure.lup_days, 1):
        name = f"lup_days_q{place}"
        found[name] = (_label(MeasureRow, name), shown_days(days) if days else "")
    found["cost_nok"] = (_label(MeasureRow, "cost_nok"), kroner(measure.cost_nok))
    found["contributions"] = (_("rests on the input"), _contributions(measure))
    return found


def _concerned(document: PlanDocument, measure: Measure) -> str:
    """Return which municipalities a measure is for, but for those of its cooperations."""
    named = _municipalities(document, measure.municipalities)
    if measure.municipality_scope != MunicipalityScope.ALL:
        return named
    whole = str(MunicipalityScope.ALL.label)
    return f"{whole}, {named}" if named else whole


def _municipalities(document: PlanDocument, numbers: Sequence[str]) -> str:
    return ", ".join(document.municipality_by_number[number].name for number in numbers)


def _contributions(owner: Measure | FocusArea) -> str:
    return "; ".join(f"{ref.sender}: {ref.title}" for ref in owner.contributions)


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")


def _named(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _label(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)


def _key(item: Any) -> str:
    return str(item.key)


Thing = TypeVar("Thing")


def _paired(
    before: Sequence[Thing], after: Sequence[Thing], key: Callable[[Thing], str]
) -> list[tuple[Thing | None, Thing | None]]:
    """Return what stands in either, in the order of ``after``; what is in ``before`` alone comes
    behind whom it stood behind."""
    old = {key(item): item for item in before}
    new = {key(item): item for item in after}
    keys = list(new)
    place = 0
    for name in old:
        if name in new:
            place = keys.index(name) + 1
        else:
            keys.insert(place, name)
            place += 1
    return [(old.get(name), new.get(name)) for name in keys]
