"""The models, one file per noun."""

from municipalities.models.cooperation import CooperationMembership, ProcurementCooperation
from municipalities.models.county import County
from municipalities.models.municipality import FormerName, Municipality
from municipalities.models.working_group import WorkingGroup, WorkingGroupMembership

__all__ = [
    "CooperationMembership",
    "County",
    "FormerName",
    "Municipality",
    "ProcurementCooperation",
    "WorkingGroup",
    "WorkingGroupMembership",
]
