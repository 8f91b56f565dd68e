"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.capacity import LupCapacity
from plans.models.measure import Measure
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText

__all__ = [
    "FocusArea",
    "LupCapacity",
    "Measure",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "Programme",
    "ProgrammeOwner",
]
