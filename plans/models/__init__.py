"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.draft import Draft, Presence
from plans.models.measure import Measure
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText

__all__ = [
    "Draft",
    "FocusArea",
    "Measure",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "Presence",
    "Programme",
    "ProgrammeOwner",
]
