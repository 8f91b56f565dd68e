"""Freezing a plan into a version, and what becomes of the version: void, or in force.

Each is part of a move of the plan (plans/services/transitions.py), in its transaction.
"""

from dataclasses import replace

from accounts.models import User
from audit.services import record
from plans.document import fingerprint, read_plan, to_json
from plans.enums import JobKind, SigningParty
from plans.models import PartnerPlan, PlanVersion, VersionVoid
from plans.services.amendments import with_amendment
from plans.services.version_jobs import ask, withdraw


def freeze(*, plan: PartnerPlan, by: User | None) -> PlanVersion:
    """Make and return the plan's next version, and have its PDF set and sealed in the background.

    ``plan`` comes with its parties, in the state for signature, its row locked.
    """
    last = plan.versions.order_by("-number").values_list("number", flat=True).first() or 0
    document = with_amendment(plan, replace(read_plan(plan).document, version=last + 1))
    version = PlanVersion.objects.create(
        plan=plan,
        number=last + 1,
        content=to_json(document).decode(),
        fingerprint=fingerprint(document),
        frozen_by=by,
    )
    record(
        by=by,
        verb="version.frozen",
        target=plan,
        new={"version": version.number, "fingerprint": version.fingerprint},
    )
    ask(version=version, kind=JobKind.RENDER, by=by)
    return version


def make_void(*, plan: PartnerPlan, by: User | None, reason: str) -> None:
    """Make the version that waits for signatures void, with those that are on it, and withdraw
    those that were asked for; the plan's row is locked."""
    version = waiting(plan)
    if version is None:
        return
    withdraw(version=version)
    VersionVoid.objects.create(version=version, by=by, reason=reason)
    record(
        by=by,
        verb="version.voided",
        target=plan,
        new={"version": version.number, "reason": reason},
    )


def put_in_force(*, plan: PartnerPlan) -> None:
    """Let everybody read the version that both have signed; the plan's row is locked, and saved by
    the caller."""
    version = waiting(plan)
    assert version is not None  # is_signed_by_both has looked
    plan.in_force = version
    record(by=None, verb="version.in_force", target=plan, new={"version": version.number})


def waiting(plan: PartnerPlan) -> PlanVersion | None:
    """Return the version that was frozen last, where it isn't void and not yet in force; without
    its document. One query."""
    newest = plan.versions.select_related("void").without_content().order_by("-number").first()
    if newest is None or hasattr(newest, "void") or newest.pk == plan.in_force_id:
        return None
    return newest


def missing_signatures(version: PlanVersion) -> set[SigningParty]:
    """Return the parties that have not signed the version. One query."""
    there = set(version.signatures.values_list("party", flat=True))
    return {party for party in SigningParty if party not in there}
