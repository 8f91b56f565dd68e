"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.measure import Measure
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText
from plans.models.rollover import Rollover, RolloverDecision

__all__ = [
    "FocusArea",
    "Measure",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "Programme",
    "ProgrammeOwner",
    "Rollover",
    "RolloverDecision",
]
