"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.bulk_change import BulkChange
from plans.models.measure import Measure
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText
from plans.models.saved_view import SavedView

__all__ = [
    "BulkChange",
    "FocusArea",
    "Measure",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "Programme",
    "ProgrammeOwner",
    "SavedView",
]
