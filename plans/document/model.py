"""The plan as a document: frozen values, no rows, no request.

Everything that shows a whole plan takes a ``PlanDocument`` and nothing else, so that page, PDF and
data say the same. It holds the commitments; how they go is ``PlanProgress``, laid beside it.
Codes (``kind``, ``certainty`` …) are the values of the enums; whoever shows them names them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

SCHEMA = "lupplan.plan/1"


@dataclass(frozen=True, kw_only=True)
class County:
    """The county that the plan belongs to, named as in the plan's year."""

    number: str
    slug: str
    name: str
    full_name: str


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The programme and its owners at the start of the plan's year."""

    name: str
    short_name: str
    founded: int
    owners: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The partnership agreement that the plan is made under; both years are inclusive."""

    first_year: int
    last_year: int
    partner_since: int
    signed_on: date | None


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """A municipality as it was called in the plan's year; the place is that of its centre."""

    number: str
    name: str
    county_number: str
    latitude: Decimal | None
    longitude: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Cooperation:
    """A procurement cooperation with the members that it had in the plan's year.

    ``certainty`` says how well the members are known (municipalities.models.Certainty).
    """

    key: str
    name: str
    short_name: str
    certainty: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    """A long text and the language that it is written in."""

    kind: str
    body: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Responsible:
    """Who answers for a measure: ``key`` is a municipality's number or a cooperation's key."""

    kind: str
    key: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class ContributionRef:
    """A contribution that was taken into the plan: who sent it and what it is called, no more.

    ``sender_kind`` and ``sender_key`` are as in ``Responsible``.
    """

    key: UUID
    sender_kind: str
    sender_key: str
    sender: str
    title: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What somebody does.

    ``lup_days`` are the days that LUP gives in each quarter, ``cost_nok`` whole kroner. ``ends_on``
    is the last day. ``municipalities`` are the chosen ones; ``plans.document.concern`` tells all
    that the measure concerns. It rests on ``contributions``.
    """

    key: UUID
    number: str
    title: str
    kind: str
    description: str
    purpose: str
    expected_result: str
    language: str
    target_groups: tuple[str, ...]
    responsible: Responsible | None
    municipality_scope: str
    municipalities: tuple[str, ...]
    cooperations: tuple[str, ...]
    county_takes_part: bool
    period_unit: str
    starts_on: date | None
    ends_on: date | None
    lup_days: tuple[Decimal, Decimal, Decimal, Decimal]
    cost_nok: int | None
    contributions: tuple[ContributionRef, ...] = ()

    @property
    def quarters(self) -> tuple[int, ...]:
        """The quarters that the period touches, 1 to 4; none when no period is given."""
        if self.starts_on is None or self.ends_on is None:
            return ()
        return tuple(range((self.starts_on.month + 2) // 3, (self.ends_on.month + 2) // 3 + 1))

    @property
    def lup_days_total(self) -> Decimal:
        """The days that LUP gives in the whole year."""
        return sum(self.lup_days, Decimal(0))


@dataclass(frozen=True, kw_only=True)
class FocusArea:
    """What a part concentrates on, with its measures in the order of their numbers."""

    key: UUID
    title: str
    description: str
    language: str
    measures: tuple[Measure, ...]
    contributions: tuple[ContributionRef, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """Part one or part two."""

    kind: str
    number: int
    introduction: str
    language: str
    focus_areas: tuple[FocusArea, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the part, in the order of their numbers."""
        return tuple(measure for area in self.focus_areas for measure in area.measures)


@dataclass(frozen=True, kw_only=True)
class AmendedField:
    """What one field said before and says now, in the plan's own words; empty where nothing.

    The languages are empty where the words are Lupplan's and not somebody's text.
    """

    name: str
    label: str
    before: str
    after: str
    language_before: str = ""
    language_after: str = ""


@dataclass(frozen=True, kw_only=True)
class AmendedItem:
    """Something that an amendment adds, removes or changes, and why.

    ``kind``, ``key``, the numbers and ``sort`` are as in plans.document.difference; ``language`` is
    that of ``title``.
    """

    kind: str
    key: str
    sort: str
    number_before: str
    number_after: str
    title: str
    language: str
    reason: str
    reason_language: str
    fields: tuple[AmendedField, ...]

    @property
    def number(self) -> str:
        """The number that it has now, or the one that it had."""
        return self.number_after or self.number_before


@dataclass(frozen=True, kw_only=True)
class Renumbered:
    """A measure that the amendment gives another number, and changes in nothing else."""

    key: str
    number_before: str
    number_after: str
    title: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What the document changes of the signed version of that number and fingerprint.

    ``number`` counts the plan's amendments from 1, ``signed_on`` is when the amended version was
    signed by both.
    """

    number: int
    amends: int
    amends_fingerprint: str
    signed_on: date
    items: tuple[AmendedItem, ...]
    renumbered: tuple[Renumbered, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanDocument:
    """A whole plan, or the extract of it that concerns one municipality (``extract_of``).

    ``municipalities`` are the county's in the plan's year and any other that the plan names.
    ``changed_at`` is UTC, whole seconds. ``version`` is the number of the frozen version that the
    document is; None for a plan that is still written. ``amendment`` is what that version changes
    of an earlier one, None for the first.
    """

    schema: str
    title: str
    year: int
    state: str
    is_example: bool
    changed_at: datetime
    county: County
    programme: Programme
    agreement: Agreement
    texts: tuple[Text, ...]
    parts: tuple[Part, ...]
    municipalities: tuple[Municipality, ...]
    cooperations: tuple[Cooperation, ...]
    extract_of: str | None = None
    version: int | None = None
    amendment: Amendment | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in the order of their numbers."""
        return tuple(measure for part in self.parts for measure in part.measures)

    @cached_property
    def municipality_by_number(self) -> dict[str, Municipality]:
        """The document's municipalities by number."""
        return {municipality.number: municipality for municipality in self.municipalities}

    @cached_property
    def cooperation_by_key(self) -> dict[str, Cooperation]:
        """The document's cooperations by key."""
        return {cooperation.key: cooperation for cooperation in self.cooperations}

    @property
    def own_municipalities(self) -> tuple[Municipality, ...]:
        """The municipalities of the plan's own county."""
        return tuple(m for m in self.municipalities if m.county_number == self.county.number)

    def text(self, kind: str) -> Text | None:
        """Return the text of that kind, or None where nothing is written."""
        return next((text for text in self.texts if text.kind == kind and text.body), None)

    def measure(self, number: str) -> Measure | None:
        """Return the measure with that number, such as ``2.3``."""
        return next((measure for measure in self.measures if measure.number == number), None)


@dataclass(frozen=True, kw_only=True)
class PlanProgress:
    """How the measures go: their status by key. Not part of what is signed."""

    status: dict[UUID, str]
