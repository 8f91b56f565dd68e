"""The amendment while it is written: what the working copy changes, and why."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from accounts.models import User
from plans.document import PlanDocument, amendment_of, from_json
from plans.document.amendment import Named, Reason
from plans.enums import PlanState
from plans.models import AmendmentReason, PartnerPlan, PlanVersion
from plans.services.saving import PlanIsFrozen, lock_plan, write_row
from plans.services.version_jobs import LANGUAGE


def signed_document(plan: PartnerPlan) -> PlanDocument:
    """Return the document that is in force, of a plan that has one. One query, unless ``plan`` came
    with its version (``select_related("in_force")``)."""
    assert plan.in_force is not None
    return from_json(plan.in_force.content.encode())


def reasons_of(plan: PartnerPlan) -> dict[Named, AmendmentReason]:
    """Return the reasons that were given, by what they are about. One query."""
    return {(row.kind, row.key): row for row in AmendmentReason.objects.of_plan(plan)}


def give_reason(
    *,
    plan: PartnerPlan,
    named: Named,
    title: str,
    values: dict[str, Any],
    expected_version: int,
    by: User,
) -> AmendmentReason:
    """Say why something is changed; return the reason as saved.

    ``named`` is what is changed and ``title`` what the log calls it. ``values`` are the text and
    its language, ``expected_version`` the one that the form was opened on, 1 where there was none.
    Raises ``Conflict`` and ``PlanIsFrozen``.
    """
    kind, key = named
    with transaction.atomic():
        locked = lock_plan(plan.pk, (PlanState.AMENDING,))
        if locked.in_force_id != plan.in_force_id:
            raise PlanIsFrozen  # the form was opened on an amendment that is over
        row, _made = AmendmentReason.objects.get_or_create(
            amends_id=locked.in_force_id, kind=kind, key=key, defaults={"text": "", "title": title}
        )
        saved, _changed = write_row(
            row=row,
            values=values,
            expected_version=expected_version,
            by=by,
            verb="amendment.reason",
        )
    return saved


def empty_reasons(*, plan: PartnerPlan, by: User) -> None:
    """Take back all reasons, of an amendment that is dropped; the plan's row is locked."""
    for row in AmendmentReason.objects.of_plan(plan).exclude(text=""):
        write_row(
            row=row,
            values={"text": ""},
            expected_version=row.version,
            by=by,
            verb="amendment.reason",
        )


def with_amendment(plan: PartnerPlan, document: PlanDocument) -> PlanDocument:
    """Return the document of a plan with what it changes of the version in force, in the plan's own
    language; as it is where none is in force. Four queries."""
    if plan.in_force is None:
        return document
    reasons = {name: Reason(row.text, row.language) for name, row in reasons_of(plan).items()}
    with translation.override(LANGUAGE):
        amendment = amendment_of(
            signed_document(plan),
            document,
            number=plan.versions.signed().count(),
            signed_on=_signed_on(plan.in_force),
            reasons=reasons,
        )
    return replace(document, amendment=amendment)


def _signed_on(version: PlanVersion) -> date:
    last = version.signatures.order_by("-signed_at").values_list("signed_at", flat=True)[0]
    return timezone.localdate(last)
