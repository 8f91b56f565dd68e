"""The round of input: until when, whom it asks, and telling them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Membership, User
from audit.services import record
from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import PlanState
from plans.models import ContributionRound, PartnerPlan, RoundInvitation
from plans.models.round import PARTIES, Party, party_code, party_fields, party_name
from plans.notices import DEADLINE_MOVED, INVITED
from plans.services.saving import Conflict, PlanIsFrozen, lock_plan
from plans.services.telling import tell_of_plan
from plans.urls_for import new_contribution_url

FIELDS = ("closes_on", "message")


def today() -> date:
    """Return the day that deadlines are held against: in Norway, whatever the server's zone is."""
    return timezone.localdate(timezone=timezone.get_default_timezone())


def round_of(plan: PartnerPlan) -> ContributionRound | None:
    """Return the plan's round, or None where the editor has set none."""
    return ContributionRound.objects.filter(plan=plan).first()


def invitations_of(round_: ContributionRound) -> list[RoundInvitation]:
    """Return whom a round asks, with their names; one query."""
    return list(round_.invitations.select_related(*PARTIES))


def round_lacks(plan: PartnerPlan) -> list[str | Promise]:
    """Return what must be settled before the plan can go to consultation; empty where nothing."""
    round_ = round_of(plan)
    if round_ is None or round_.closes_on is None:
        lacks: list[str | Promise] = [_("Set the last day on which input can be sent.")]
    elif round_.closes_on < today():
        lacks = [_("The last day for input has passed. Set a later one.")]
    else:
        lacks = []
    if round_ is None or not round_.invitations.exists():
        lacks.append(_("Invite somebody to give input."))
    return lacks


def save_round(
    *,
    plan: PartnerPlan,
    values: dict[str, Any],
    invited: Iterable[Party],
    expected_version: int,
    by: User,
) -> ContributionRound:
    """Set a plan's round and return it; in consultation those newly invited are told at once, and
    all others of a date that moved.

    Raises ``PlanIsFrozen`` beyond consultation, and ``Conflict`` if somebody else saved another
    version first; ``invited`` among its fields stands for the invitations.
    """
    parties = {party_code(party): party for party in invited}
    with transaction.atomic():
        locked = lock_plan(plan.pk)
        if locked.state not in (PlanState.DRAFT, PlanState.CONSULTATION):
            raise PlanIsFrozen
        round_, _made = ContributionRound.objects.get_or_create(plan=locked)
        before = {row.party_code: row for row in invitations_of(round_)}
        differing = [name for name in FIELDS if getattr(round_, name) != values[name]]
        if parties.keys() != before.keys():
            differing.append("invited")
        if not differing:
            return round_
        if round_.version != expected_version:
            raise Conflict(round_, differing)
        old = {name: getattr(round_, name) for name in FIELDS if name in differing}
        for name in old:
            setattr(round_, name, values[name])
        round_.version += 1
        round_.save()
        _set_invitations(round_, before, parties)
        new: dict[str, Any] = {name: getattr(round_, name) for name in old}
        if "invited" in differing:
            old["invited"] = sorted(row.party_name for row in before.values())
            new["invited"] = sorted(party_name(party) for party in parties.values())
        record(by=by, verb="round.changed", target=round_, old=old, new=new)
        if locked.state == PlanState.CONSULTATION:
            open_round(plan=plan, by=by)
            if "closes_on" in old:
                told = [row.party for row in before.values() if row.told_at is not None]
                still = [party for party in told if party_code(party) in parties]
                _tell_of_deadline(plan, round_, still, by)
    return round_


def open_round(*, plan: PartnerPlan, by: User | None) -> None:
    """Tell all whom the plan's round asks and who haven't been told: call it when the plan goes to
    consultation. Nobody is told twice. Without a round nothing happens."""
    with transaction.atomic():
        round_ = ContributionRound.objects.select_for_update().filter(plan=plan).first()
        if round_ is None or round_.closes_on is None:
            return
        waiting = [row for row in invitations_of(round_) if row.told_at is None]
        if not waiting:
            return
        tell_of_plan(
            plan,
            people_of([row.party for row in waiting]),
            INVITED,
            path=new_contribution_url(plan),
            params={"until": round_.closes_on.isoformat()},
            by=by,
            once_key=f"round:{round_.pk}",
        )
        round_.invitations.filter(pk__in=[row.pk for row in waiting]).update(told_at=timezone.now())
        names = sorted(row.party_name for row in waiting)
        record(by=by, verb="round.told", target=round_, new={"invited": names})


def people_of(parties: Iterable[Party]) -> list[User]:
    """Return those who speak for ``parties`` today: the contributors of cooperations and groups,
    and the contacts of municipalities and of those that they took over from."""
    found = {user for users in people_by_party(parties).values() for user in users}
    return sorted(found, key=lambda user: user.pk)


def people_by_party(parties: Iterable[Party]) -> dict[str, list[User]]:
    """Return who speaks for each of ``parties`` today, by its code; two queries for any number."""
    parties = {party_code(party): party for party in parties}.values()
    places = _with_predecessors({p.pk for p in parties if isinstance(p, Municipality)})
    bodies = {p.pk for p in parties if isinstance(p, ProcurementCooperation)}
    groups = {p.pk for p in parties if isinstance(p, WorkingGroup)}
    contacts = Q(role=Role.MUNICIPAL_CONTACT, municipality__in=set().union(*places.values()))
    contributors = Q(cooperation__in=bodies) | Q(working_group__in=groups)
    held = list(
        Membership.objects.valid_on(timezone.localdate())
        .filter(contacts | Q(contributors, role=Role.CONTRIBUTOR), user__is_active=True)
        .select_related("user")
        .order_by("user", "pk")
    )

    def speaks(membership: Membership, party: Party) -> bool:
        if isinstance(party, Municipality):
            return membership.municipality_id in places[party.pk]
        if isinstance(party, ProcurementCooperation):
            return membership.cooperation_id == party.pk
        return membership.working_group_id == party.pk

    return {
        party_code(party): list(dict.fromkeys(m.user for m in held if speaks(m, party)))
        for party in parties
    }


def _with_predecessors(keys: set[int]) -> dict[int, set[int]]:
    """Return the municipalities with ``keys``, each with itself and all that it took over from."""
    links: dict[int, set[int]] = {}
    if keys:
        rows = Municipality.successors.through.objects
        for before, after in rows.values_list("from_municipality", "to_municipality"):
            links.setdefault(after, set()).add(before)
    found = {key: {key} for key in keys}
    for reached in found.values():
        new = set(reached)
        while new:
            new = {before for key in new for before in links.get(key, ())} - reached
            reached |= new
    return found


def _set_invitations(
    round_: ContributionRound, before: dict[str, RoundInvitation], parties: dict[str, Party]
) -> None:
    gone = [row.pk for code, row in before.items() if code not in parties]
    round_.invitations.filter(pk__in=gone).delete()
    RoundInvitation.objects.bulk_create(
        RoundInvitation(round=round_, **party_fields(party))
        for code, party in parties.items()
        if code not in before
    )


def _tell_of_deadline(
    plan: PartnerPlan, round_: ContributionRound, parties: list[Party], by: User
) -> None:
    """Tell those who know of the round that its date moved."""
    if round_.closes_on is None:
        return
    tell_of_plan(
        plan,
        people_of(parties),
        DEADLINE_MOVED,
        path=new_contribution_url(plan),
        params={"until": round_.closes_on.isoformat()},
        by=by,
    )
