"""What a memo is made from: the plan as it was signed, or as it stands in the rows."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils import timezone

from plans.document import PlanDocument, from_json, read_plan
from plans.models import PartnerPlan, PlanVersion


@dataclass(frozen=True)
class Source:
    """A plan's document, whether both parties have signed it, and when the last of them did."""

    document: PlanDocument
    is_signed: bool = False
    signed_on: date | None = None


def read_source(plan: PartnerPlan) -> Source:
    """Return what the memo of a plan is made from: the signed version where there is one, so that
    the politicians read of what was signed. ``plan`` comes with its parties; six queries at most.
    """
    if not plan.is_signed:
        return Source(read_plan(plan).document)
    content, last = (
        PlanVersion.objects.filter(pk__in=[plan.in_force_id])
        .annotate(last=Max("signatures__signed_at"))
        .values_list("content", "last")
        .get()
    )
    zone = timezone.get_default_timezone()
    return Source(
        from_json(content.encode()),
        is_signed=True,
        signed_on=timezone.localdate(last, timezone=zone) if last else None,
    )
