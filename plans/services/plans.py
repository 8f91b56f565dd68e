"""Making a plan, and writing its texts."""

from typing import Any

from django.db import transaction

from accounts.models import User
from audit.services import record
from plans.enums import PartKind, PlanState, TextKind
from plans.models import PartnerPlan, PartnershipAgreement, PlanPart, PlanText
from plans.services.saving import save_row


def create_plan(
    *,
    agreement: PartnershipAgreement,
    year: int,
    title: str,
    by: User | None,
    is_example: bool = False,
    state: PlanState = PlanState.DRAFT,
) -> PartnerPlan:
    """Make the plan of a year, with its two parts and a place for each of its texts.

    ``by`` is None where the system itself makes it. Raises ``IntegrityError`` if the year has a
    plan already or lies outside the agreement's period.
    """
    with transaction.atomic():
        plan = PartnerPlan.objects.create(
            agreement=agreement, year=year, title=title, is_example=is_example, state=state
        )
        PlanPart.objects.bulk_create(PlanPart(plan=plan, kind=kind) for kind in PartKind)
        PlanText.objects.bulk_create(PlanText(plan=plan, kind=kind) for kind in TextKind)
        record(by=by, verb="plan.made", target=plan, new={"year": year, "state": state})
    return plan


def change_plan(
    *, plan: PartnerPlan, values: dict[str, Any], expected_version: int, by: User
) -> PartnerPlan:
    """Change the plan's own fields. Raises ``Conflict`` and ``PlanIsFrozen``."""
    return save_row(
        row=plan,
        values=values,
        expected_version=expected_version,
        plan_id=plan.pk,
        by=by,
        verb="plan.changed",
    )


def change_text(
    *, text: PlanText, values: dict[str, Any], expected_version: int, by: User
) -> PlanText:
    """Change one of the plan's texts. Raises ``Conflict`` and ``PlanIsFrozen``."""
    return save_row(
        row=text,
        values=values,
        expected_version=expected_version,
        plan_id=text.plan_id,
        by=by,
        verb="text.changed",
    )


def change_part(
    *, part: PlanPart, values: dict[str, Any], expected_version: int, by: User
) -> PlanPart:
    """Change a part's introduction. Raises ``Conflict`` and ``PlanIsFrozen``."""
    return save_row(
        row=part,
        values=values,
        expected_version=expected_version,
        plan_id=part.plan_id,
        by=by,
        verb="part.changed",
    )
