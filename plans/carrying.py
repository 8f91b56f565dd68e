"""What a roll-over will make, read from its decisions and from the plan as it stands now."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery

from municipalities.dated import year_bounds
from municipalities.models import CooperationMembership, Municipality, ProcurementCooperation
from plans.enums import CARRIED, Decision, PeriodUnit
from plans.models import Measure, PartnerPlan, PartnershipAgreement, Rollover, RolloverDecision
from plans.models.measure import MeasureQuerySet
from plans.models.rollover import NOBODY
from plans.shifting import Note, Shifted, shift_dates, shift_quarters

Members = dict[int, list[Municipality]]  # of a cooperation, by its key in the database


@dataclass(frozen=True)
class Takeover:
    """A municipality that isn't there in the new year, and those that took over from it.

    ``options`` can be named in the new plan; ``elsewhere`` belong to another county now and can't.
    """

    ended: Municipality
    options: tuple[Municipality, ...]
    elsewhere: tuple[Municipality, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody must say who takes its place: it was split, or went to another county.

        A merger into one of the same county answers itself.
        """
        return bool(self.options) and (
            len(self.options) + len(self.elsewhere) > 1
            or self.options[0].county_id != self.ended.county_id
        )


class Successions:
    """Who took over from the municipalities that are gone in a county's plan of ``year``."""

    def __init__(
        self, links: Iterable[tuple[Municipality, Municipality]], *, county_id: int, year: int
    ) -> None:
        self.year, self.county_id = year, county_id
        self.members: Members = {}
        self._next: dict[int, list[Municipality]] = {}
        for earlier, later in links:
            self._next.setdefault(earlier.pk, []).append(later)

    def know_members(self, members: Members) -> None:
        """Let those that are members of the county's cooperations be named too."""
        self.members = members

    @cached_property
    def _invited(self) -> set[int]:
        return {municipality.pk for them in self.members.values() for municipality in them}

    def of(self, municipality: Municipality) -> Takeover | None:
        """Return who took over, or None for a municipality that is there in the year."""
        if municipality.is_valid_in_year(self.year):
            return None
        found = self._followed(municipality, set())
        nameable = [m for m in found if m.county_id == self.county_id or m.pk in self._invited]
        return Takeover(
            municipality,
            tuple(nameable),
            tuple(m for m in found if m not in nameable),
        )

    def _followed(self, municipality: Municipality, seen: set[int]) -> list[Municipality]:
        found: dict[int, Municipality] = {}
        for later in self._next.get(municipality.pk, ()):
            if later.pk in seen:
                continue
            seen.add(later.pk)
            if later.is_valid_in_year(self.year):
                found[later.pk] = later
            else:
                found.update({m.pk: m for m in self._followed(later, seen)})
        return sorted(found.values(), key=lambda m: m.number)


@dataclass(frozen=True)
class Candidate:
    """A measure that is decided about, what was decided, and what it becomes."""

    measure: Measure
    decision: RolloverDecision | None
    rollover: Rollover
    kept: tuple[Municipality, ...]
    takeovers: tuple[Takeover, ...]
    responsible: Takeover | None
    cooperations: tuple[tuple[ProcurementCooperation, tuple[Municipality, ...]], ...]

    @property
    def origin(self) -> PartnerPlan | None:
        """The earlier plan that it was postponed from, if it isn't the one rolled over."""
        plan = self.measure.part.plan
        return None if plan.pk == self.rollover.source_id else plan

    @property
    def is_carried(self) -> bool:
        """Whether it will be in the new plan."""
        return (
            self.decision is not None
            and self.decision.decision in CARRIED
            and not self.measure.is_deleted
        )

    @property
    def has_changed(self) -> bool:
        """Whether it was written on after the decision."""
        return self.decision is not None and self.decision.seen_version != self.measure.version

    @property
    def unanswered(self) -> list[Takeover]:
        """The municipalities whose place nobody has said who takes, if it is carried on."""
        if not self.is_carried:
            return []
        asked = [t for t in self.takeovers if t.asks and self.answer(t) is None]
        if self.responsible and self.responsible.asks and self._responsible_answer is None:
            asked.append(self.responsible)
        return asked

    @property
    def unanswered_names(self) -> str:
        """Those of ``unanswered``, each once, as a list in a sentence."""
        return ", ".join(dict.fromkeys(str(takeover.ended) for takeover in self.unanswered))

    def successors(self, takeover: Takeover) -> tuple[Municipality, ...]:
        """Return who takes the place of one that is gone; nobody where it isn't answered."""
        if not takeover.asks:
            return takeover.options
        if takeover is self.responsible:
            return self._responsible_answer or ()
        return self.answer(takeover) or ()

    def answer(self, takeover: Takeover) -> tuple[Municipality, ...] | None:
        """Return who was chosen to take a municipality's place, None if nobody has answered."""
        prefix = f"{takeover.ended.number}:"
        chosen = [
            code.removeprefix(prefix)
            for code in (self.decision.successors if self.decision else ())
            if code.startswith(prefix)
        ]
        found = tuple(m for m in takeover.options if m.number in chosen)
        return found if found or NOBODY in chosen else None

    @property
    def municipalities(self) -> list[Municipality]:
        """The chosen municipalities as they will be in the new plan, by number."""
        found = {m.pk: m for m in self.kept}
        for takeover in self.takeovers:
            found.update({m.pk: m for m in self.successors(takeover)})
        return sorted(found.values(), key=lambda m: m.number)

    @property
    def responsible_municipality(self) -> Municipality | None:
        """The municipality that will be responsible, None where none is."""
        if self.responsible is None:
            return self.measure.responsible_municipality
        return next(iter(self.successors(self.responsible)), None)

    @property
    def _responsible_answer(self) -> tuple[Municipality, ...] | None:
        code = self.decision.responsible_successor if self.decision else ""
        assert self.responsible is not None
        found = tuple(m for m in self.responsible.options if m.number == code)
        return found if found or code == NOBODY else None

    @property
    def lup_days(self) -> tuple[Decimal, ...]:
        """The days that LUP gives in each quarter of the new year."""
        measure = self.measure
        if self.decision is None or not self.is_carried or not self.decision.carry_lup_days:
            return (Decimal(0),) * 4
        return (measure.lup_days_q1, measure.lup_days_q2, measure.lup_days_q3, measure.lup_days_q4)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was changed about the period when it was moved, if it is as it was proposed."""
        shifted = proposal(self.measure, self.rollover.target_year)
        row = self.decision
        if row and (row.starts_on, row.ends_on) != (shifted.starts_on, shifted.ends_on):
            return ()
        return shifted.notes

    @property
    def without_members(self) -> list[ProcurementCooperation]:
        """Its cooperations of which no member is known in the new year."""
        return [cooperation for cooperation, members in self.cooperations if not members]


class RolloverReading:
    """A roll-over with all its measures, those of the plan first, then the postponed ones."""

    def __init__(self, rollover: Rollover, candidates: list[Candidate]) -> None:
        self.rollover = rollover
        self.every = candidates
        self.candidates = [c for c in candidates if not c.measure.is_deleted]
        self.deleted = [c for c in candidates if c.measure.is_deleted]
        self.undecided = [c for c in self.candidates if c.decision is None]
        self.asking = [c for c in self.candidates if c.unanswered]
        self.changed = [c for c in self.candidates if c.has_changed]
        self.carried = [c for c in self.candidates if c.is_carried]

    @property
    def decided_count(self) -> int:
        """How many are decided about."""
        return len(self.candidates) - len(self.undecided)

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed: all is decided and answered."""
        return not self.undecided and not self.asking

    @property
    def counts(self) -> list[tuple[Decision, list[Candidate]]]:
        """The decisions, each with its measures."""
        return [
            (
                decision,
                [c for c in self.candidates if c.decision and c.decision.decision == decision],
            )
            for decision in Decision
        ]

    @property
    def lup_days(self) -> list[Decimal]:
        """The days that LUP gives in each quarter of the new year."""
        return [
            sum((c.lup_days[quarter] for c in self.carried), Decimal(0)) for quarter in range(4)
        ]

    @property
    def statuses(self) -> Counter[str]:
        """How many of the undecided have each status."""
        return Counter(c.measure.status for c in self.undecided)

    @property
    def token(self) -> str:
        """What tells whether anything changed since a summary was shown."""
        rows = [
            (c.measure.pk, c.measure.version, c.decision.version if c.decision else 0)
            for c in self.every
        ]
        state = repr((self.rollover.pk, self.rollover.version, rows))
        return hashlib.sha256(state.encode()).hexdigest()[:32]

    def find(self, key: object) -> Candidate | None:
        """Return the candidate whose measure has ``key``."""
        return next((c for c in self.candidates if str(c.measure.key) == str(key)), None)


def agreement_for(plan: PartnerPlan, year: int) -> PartnershipAgreement | None:
    """Return the agreement of the plan's county that covers all of ``year``, if there is one."""
    first, after = year_bounds(year)
    return (
        PartnershipAgreement.objects.filter(county=plan.agreement.county_id)
        .filter(valid_from__lte=first, valid_to__gte=after)
        .select_related("county", "programme")
        .first()
    )


def proposal(measure: Measure, year: int) -> Shifted:
    """Return the measure's period moved into ``year``."""
    shift = shift_quarters if measure.period_unit == PeriodUnit.QUARTERS else shift_dates
    return shift(measure.starts_on, measure.ends_on, year)


def measures_of(rollover: Rollover) -> MeasureQuerySet:
    """Return the measures that the roll-over decides about, and deleted ones that it has decided
    about: the plan's, and those whose newest decision postpones them until now."""
    confirmed = RolloverDecision.objects.filter(
        measure=OuterRef("pk"), rollover__confirmed_at__isnull=False
    ).order_by("-rollover__target_year", "-pk")
    postponed = (
        Measure.objects.standing()
        .filter(
            part__plan__agreement__county=rollover.agreement.county_id,
            part__plan__year__lt=rollover.source.year,
            continued_by=None,
        )
        .annotate(
            last_decision=Subquery(confirmed.values("decision")[:1]),
            until=Subquery(confirmed.values("postponed_to")[:1]),
        )
        .filter(last_decision=Decision.POSTPONE, until__lte=rollover.target_year)
    )
    decided = RolloverDecision.objects.filter(rollover=rollover)
    return Measure.objects.filter(
        Q(part__plan=rollover.source_id, position__isnull=False)
        | Q(pk__in=postponed.values("pk"))
        | Q(pk__in=decided.values("measure"))
    )


def read_rollover(rollover: Rollover) -> RolloverReading:
    """Return the roll-over with what becomes of each measure. Takes six queries.

    ``rollover`` comes with its parties (``Rollover.objects.with_parties()``).
    """
    found = list(
        measures_of(rollover)
        .select_related(
            "part__plan__agreement__county",
            "focus_area",
            "responsible_municipality",
            "responsible_cooperation",
            "responsible_working_group",
        )
        .prefetch_related("municipalities", "cooperations")
    )
    found.sort(
        key=lambda m: (
            m.part.plan_id != rollover.source_id,
            -m.part.plan.year,
            m.part.kind,
            m.position or 0,
        )
    )
    decisions = {row.measure_id: row for row in RolloverDecision.objects.filter(rollover=rollover)}
    successions = _successions(rollover, found)
    return RolloverReading(
        rollover,
        [
            _candidate(rollover, measure, decisions.get(measure.pk), successions)
            for measure in found
        ],
    )


def _candidate(
    rollover: Rollover,
    measure: Measure,
    decision: RolloverDecision | None,
    successions: Successions,
) -> Candidate:
    kept, takeovers = [], []
    for municipality in measure.municipalities.all():
        takeover = successions.of(municipality)
        if takeover is None:
            kept.append(municipality)
        else:
            takeovers.append(takeover)
    lead = measure.responsible_municipality
    return Candidate(
        measure=measure,
        decision=decision,
        rollover=rollover,
        kept=tuple(kept),
        takeovers=tuple(takeovers),
        responsible=successions.of(lead) if lead else None,
        cooperations=tuple(
            (cooperation, tuple(successions.members.get(cooperation.pk, ())))
            for cooperation in measure.cooperations.all()
        ),
    )


def _successions(rollover: Rollover, measures: list[Measure]) -> Successions:
    named = {m for measure in measures for m in measure.municipalities.all()}
    named |= {m.responsible_municipality for m in measures if m.responsible_municipality}
    year, county = rollover.target_year, rollover.agreement.county_id
    ended = {m.pk for m in named if not m.is_valid_in_year(year)}
    found = Successions(_links(ended), county_id=county, year=year)
    members: Members = {}
    for row in CooperationMembership.objects.filter(cooperation__county=county):
        if row.is_valid_in_year(year) and row.municipality.is_valid_in_year(year):
            members.setdefault(row.cooperation_id, []).append(row.municipality)
    found.know_members(members)
    return found


def _links(keys: Collection[int]) -> list[tuple[Municipality, Municipality]]:
    """Return who followed whom, from the municipalities with ``keys`` on; one query."""
    followed = Municipality.objects.followed_from(keys).values("pk")
    rows = (
        Municipality.successors.through.objects.filter(from_municipality__in=followed)
        .select_related("from_municipality", "to_municipality__county")
        .order_by("pk")
    )
    return [(row.from_municipality, row.to_municipality) for row in rows]
