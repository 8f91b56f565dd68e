"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.comment import Comment, Thread
from plans.models.measure import Measure
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText
from plans.models.proposal import Proposal

__all__ = [
    "Comment",
    "FocusArea",
    "Measure",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "Programme",
    "ProgrammeOwner",
    "Proposal",
    "Thread",
]
