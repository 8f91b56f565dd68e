"""What people are reminded of; ``manage.py remind`` calls each rule once a day.

Days are Norway's, as everywhere (the setting ``TIME_ZONE``). Each rule makes the same number of
queries however many plans there are, and can be called again for the same day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.notices import NoticeKind
from accounts.services.notices import Telling, tell_each
from audit.models import Event
from municipalities.models import Municipality
from plans.enums import EDITABLE_STATES, UNSIGNED_STATES, PlanState, SigningParty
from plans.models import (
    Contribution,
    ContributionRound,
    PartnerPlan,
    PlanVersion,
    Proposal,
    RoundInvitation,
    Signature,
)
from plans.models.round import PARTIES, Party, party_name
from plans.notices import INPUT_DUE, INPUT_UNANSWERED, PROPOSALS_WAIT, STILL_TO_SIGN
from plans.services.drafts import prune_drafts
from plans.services.rounds import people_by_party
from plans.services.telling import params_of_plan
from plans.urls_for import (
    contribution_url,
    inbox_url,
    new_contribution_url,
    proposals_url,
    signing_url,
)

DAYS_BEFORE = (7, 1)
"""How many days before the last day for input those who have sent none are reminded."""
WEEK = timedelta(days=7)
MONDAY = 0
SIGNS = {
    SigningParty.COUNTY: Role.COUNTY_SIGNATORY,
    SigningParty.LUP: Role.LUP_SIGNATORY,
}


def input_is_due(day: date) -> None:
    """Remind those who speak for whom a round asked, or who began to write, a week before its last
    day and the day before, if nothing was sent for them."""
    rounds = ContributionRound.objects.filter(
        closes_on__in=[day + timedelta(days=days) for days in DAYS_BEFORE],
        plan__state=PlanState.CONSULTATION,
    ).select_related("plan__agreement__county")
    waiting = {round_.plan_id: _Waiting(round_) for round_ in rounds}
    asked = RoundInvitation.objects.filter(round__plan__in=waiting).select_related(*PARTIES)
    for row in asked.annotate(plan_key=F("round__plan")):
        waiting[row.plan_key].parties[row.party_code] = row.party
    for written in Contribution.objects.filter(plan__in=waiting).with_sender():
        waiting[written.plan_id].take(written)
    for each in waiting.values():
        each.leave_out_those_who_sent()
    people = people_by_party(party for each in waiting.values() for party in each.parties.values())
    tell_each(
        INPUT_DUE,
        (telling for each in waiting.values() for telling in each.tellings(people, day)),
    )


def input_waits_for_an_answer(day: date) -> None:
    """Remind the county's editors each Monday of input without an answer, from the day after the
    round closed, by its date or because the plan went on."""
    if day.weekday() != MONDAY:
        return
    closed = Q(plan__contribution_round__closes_on__lt=day) | ~Q(plan__state=PlanState.CONSULTATION)
    rows = Contribution.objects.unanswered().filter(closed, plan__state__in=UNSIGNED_STATES)
    counts = _counts(rows, "plan")
    plans = PartnerPlan.objects.with_parties().in_bulk(counts)
    editors = _holders(plans.values(), Role.COUNTY_EDITOR)
    _tell(INPUT_UNANSWERED, plans, editors, day, inbox_url, counts)


def proposals_wait(day: date) -> None:
    """Remind the county's editors each Monday of proposed changes that are more than a week
    old."""
    if day.weekday() != MONDAY:
        return
    rows = Proposal.objects.open().filter(
        made_at__lt=_start_of(day - WEEK), measure__part__plan__state__in=EDITABLE_STATES
    )
    counts = _counts(rows, "measure__part__plan")
    plans = PartnerPlan.objects.with_parties().in_bulk(counts)
    editors = _holders(plans.values(), Role.COUNTY_EDITOR)
    _tell(PROPOSALS_WAIT, plans, editors, day, proposals_url, counts)


def plans_wait_for_signatures(day: date) -> None:
    """Remind each Monday those whose signature is missing on a plan that was sent to them more than
    a week ago; not those who by the agreement sign when the others have."""
    if day.weekday() != MONDAY:
        return
    moves = Event.objects.filter(
        target_type=PartnerPlan._meta.label_lower,
        target_id=Cast(OuterRef("pk"), CharField()),
        verb="plan.moved",
    ).order_by("-pk")
    versions = PlanVersion.objects.filter(plan=OuterRef("pk"))
    found = (
        PartnerPlan.objects.filter(state=PlanState.FOR_SIGNATURE)
        .annotate(since=Coalesce(Subquery(moves.values("at")[:1]), "changed_at"))
        .annotate(frozen=Subquery(versions.order_by("-number").values("pk")[:1]))
        .filter(since__lt=_start_of(day - WEEK))
        .with_parties()
    )
    waiting = _whose_turn({plan.frozen: plan for plan in found})  # type: ignore[attr-defined]
    for party, role in SIGNS.items():
        plans = {plan.pk: plan for plan in waiting[party]}
        _tell(STILL_TO_SIGN, plans, _holders(plans.values(), role), day, signing_url)


def _whose_turn(plans: Mapping[int, PartnerPlan]) -> dict[SigningParty, list[PartnerPlan]]:
    """Return for each party the plans that wait for it; ``plans`` by the versions that wait."""
    there = set(Signature.objects.filter(version__in=plans).values_list("version", "party"))
    found: dict[SigningParty, list[PartnerPlan]] = {party: [] for party in SigningParty}
    for version, plan in plans.items():
        missing = [party for party in SigningParty if (version, party) not in there]
        first = plan.agreement.signs_first
        for party in [first] if first in missing else missing:
            found[SigningParty(party)].append(plan)
    return found


def throw_old_drafts(_day: date) -> None:
    """Throw away drafts that nobody has touched for long, and marks of who wrote what."""
    prune_drafts()


RULES = (
    input_is_due,
    input_waits_for_an_answer,
    proposals_wait,
    plans_wait_for_signatures,
    throw_old_drafts,
)


class _Waiting:
    """A round that is about to close: the parties that have sent nothing, by their codes, and the
    draft that each of them began."""

    def __init__(self, round_: ContributionRound) -> None:
        self.round = round_
        self.plan = round_.plan
        self.parties: dict[str, Party] = {}
        self.drafts: dict[str, Contribution] = {}
        self._sent: set[str] = set()

    def take(self, written: Contribution) -> None:
        """Note what was written for a party; a draft of the county's own asks nothing of it."""
        code = written.party_code
        if not written.is_draft:
            self._sent.add(code)
        elif not written.on_behalf:
            self.parties[code] = written.party
            self.drafts[code] = written

    def leave_out_those_who_sent(self) -> None:
        """Keep those who have something to do, and may: a municipality that isn't there in the
        plan's year writes nothing."""
        self.parties = {
            code: party
            for code, party in self.parties.items()
            if code not in self._sent
            and not (isinstance(party, Municipality) and not party.is_valid_in_year(self.plan.year))
        }

    def tellings(self, people: Mapping[str, list[User]], day: date) -> Iterable[Telling]:
        """Return what each of the parties' people is told: once, of all that they speak for. It
        leads to their draft if that is all that waits for them."""
        assert self.round.closes_on is not None  # it was found by its date
        silent: dict[User, list[str]] = defaultdict(list)
        for code in self.parties:
            for user in people[code]:
                silent[user].append(code)
        for user, codes in silent.items():
            draft = self.drafts.get(codes[0]) if len(codes) == 1 else None
            path = contribution_url(self.plan, draft) if draft else new_contribution_url(self.plan)
            yield Telling(
                user=user,
                path=path,
                params={
                    **params_of_plan(self.plan),
                    "sender": ", ".join(sorted(party_name(self.parties[code]) for code in codes)),
                    "until": self.round.closes_on.isoformat(),
                },
                once_key=_key(INPUT_DUE, self.plan, day),
            )


def _tell(
    kind: NoticeKind,
    plans: Mapping[int, PartnerPlan],
    people: Mapping[int, list[User]],
    day: date,
    path: Any,
    counts: Mapping[int, int] | None = None,
) -> None:
    """Tell of each plan the people of its county, with how many things wait if that is counted."""
    tell_each(
        kind,
        (
            Telling(
                user=user,
                path=path(plan),
                params=params_of_plan(plan) | ({"count": counts[key]} if counts else {}),
                once_key=_key(kind, plan, day),
            )
            for key, plan in plans.items()
            for user in people[plan.agreement.county_id]
        ),
    )


def _holders(plans: Iterable[PartnerPlan], *roles: Role) -> dict[int, list[User]]:
    """Return who holds one of ``roles`` today for each plan's county, or for the programme."""
    found: dict[int, list[User]] = {plan.agreement.county_id: [] for plan in plans}
    held = (
        Membership.objects.valid_on(timezone.localdate())
        .filter(Q(county__in=found) | Q(county__isnull=True), role__in=roles, user__is_active=True)
        .select_related("user")
    )
    for membership in held:
        for county in [membership.county_id] if membership.county_id else list(found):
            if membership.user not in found[county]:
                found[county].append(membership.user)
    return found


def _counts(rows: Any, by: str) -> dict[int, int]:
    """Return how many of ``rows`` there are of each plan; ``by`` leads to it."""
    counted = rows.order_by().values_list(by).annotate(number=Count("pk", distinct=True))
    return dict(counted)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def _key(kind: NoticeKind, plan: PartnerPlan, day: date) -> str:
    return f"{kind.code}:{plan.pk}:{day}"
