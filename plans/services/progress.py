"""How the measures go: written all year, without touching what is signed."""

from django.db import transaction

from accounts.models import User
from audit.services import record
from plans.models import Measure, PartnerPlan
from plans.services.saving import PlanIsFrozen


def lock_for_progress(plan_id: int) -> PartnerPlan:
    """Return the plan, held against other writers until the transaction ends.

    Raises ``PlanIsFrozen`` where the plan's state allows no progress to be noted.
    """
    plan = PartnerPlan.objects.select_for_update().get(pk=plan_id)
    if not plan.takes_progress:
        raise PlanIsFrozen
    return plan


def set_status(*, measure: Measure, status: str, by: User) -> Measure:
    """Note how a measure goes and return it as saved. Raises ``PlanIsFrozen``.

    ``status`` is a code of ``MeasureStatus``. The measure's version stays as it is, and so does the
    plan's date of change: they guard the commitments, and somebody who is writing those is not
    to be stopped by a status. One that stands already, or a deleted measure, is left alone.
    """
    with transaction.atomic():
        lock_for_progress(measure.part.plan_id)
        current = Measure.objects.select_related("part").get(pk=measure.pk)
        if current.is_deleted or current.status == status:
            return current
        old, current.status = current.status, status
        current.save(update_fields=["status"])
        record(
            by=by,
            verb="measure.status",
            target=current,
            old={"status": old},
            new={"status": status},
        )
    return current
