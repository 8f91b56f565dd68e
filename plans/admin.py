"""Agreements and plans in the admin. The plan's content is written in the workbench alone: there
the rules, the numbers and the log are kept."""

from django.contrib import admin
from django.http import HttpRequest

from audit.audited import Audited
from plans.models import (
    ArchiveDelivery,
    PartnerPlan,
    PartnershipAgreement,
    Programme,
    ProgrammeOwner,
)


class ProgrammeOwnerInline(admin.TabularInline):
    """Who owns the programme, and when."""

    model = ProgrammeOwner
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(Audited):
    """The programme with its owners."""

    list_display = ["name", "short_name", "founded"]
    inlines = [ProgrammeOwnerInline]


@admin.register(PartnershipAgreement)
class PartnershipAgreementAdmin(Audited):
    """Agreements between the programme and counties."""

    list_display = ["county", "valid_from", "valid_to", "partner_since", "signed_on"]
    list_select_related = ["county"]
    search_fields = ["county__name"]


@admin.register(PartnerPlan)
class PartnerPlanAdmin(Audited):
    """Plans, to look up."""

    list_display = ["title", "year", "state", "is_example", "changed_at"]
    list_filter = ["state", "year", "is_example"]
    search_fields = ["title"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PartnerPlan | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PartnerPlan | None = None) -> bool:
        return False


@admin.register(ArchiveDelivery)
class ArchiveDeliveryAdmin(Audited):
    """Deliveries to the archive, to look up."""

    list_display = ["asked_at", "plan", "variant", "state", "attempts", "target", "name", "error"]
    list_filter = ["state", "variant"]
    list_select_related = ["plan"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: ArchiveDelivery | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: ArchiveDelivery | None = None
    ) -> bool:
        return False
