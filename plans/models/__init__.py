"""The plan's rows."""

from plans.models.agreement import PartnershipAgreement, Programme, ProgrammeOwner
from plans.models.amendment import AmendmentReason
from plans.models.bulk_change import BulkChange
from plans.models.capacity import LupCapacity
from plans.models.comment import Comment, Thread
from plans.models.contribution import (
    Contribution,
    ContributionArea,
    ContributionFile,
    ContributionUse,
)
from plans.models.draft import Draft, Presence
from plans.models.evidence import ExternalEvidence
from plans.models.measure import Measure
from plans.models.memo import Memo, MemoSection
from plans.models.plan import FocusArea, PartnerPlan, PlanPart, PlanText
from plans.models.proposal import Proposal
from plans.models.rollover import Rollover, RolloverDecision
from plans.models.round import ContributionRound, RoundInvitation
from plans.models.saved_view import SavedView
from plans.models.version import PlanVersion, Signature, VersionFile, VersionVoid
from plans.models.version_job import VersionJob

__all__ = [
    "AmendmentReason",
    "BulkChange",
    "Comment",
    "Contribution",
    "ContributionArea",
    "ContributionFile",
    "ContributionRound",
    "ContributionUse",
    "Draft",
    "ExternalEvidence",
    "FocusArea",
    "LupCapacity",
    "Measure",
    "Memo",
    "MemoSection",
    "PartnerPlan",
    "PartnershipAgreement",
    "PlanPart",
    "PlanText",
    "PlanVersion",
    "Presence",
    "Programme",
    "ProgrammeOwner",
    "Proposal",
    "Rollover",
    "RolloverDecision",
    "RoundInvitation",
    "SavedView",
    "Signature",
    "Thread",
    "VersionFile",
    "VersionJob",
    "VersionVoid",
]
