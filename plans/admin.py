"""Agreements and plans in the admin. The plan's content is written in the workbench alone: there
the rules, the numbers and the log are kept."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.audited import Audited
from plans.models import (
    PartnerPlan,
    PartnershipAgreement,
    Programme,
    ProgrammeOwner,
    VersionJob,
)
from plans.services.signing import retry


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


@admin.register(VersionJob)
class VersionJobAdmin(admin.ModelAdmin):
    """Work on versions: to read, and to have tried again what was given up."""

    list_display = ["version", "kind", "party", "state", "attempts", "error", "next_at", "made_at"]
    list_filter = ["state", "kind", "party"]
    list_select_related = ["version__plan"]
    date_hierarchy = "made_at"
    actions = ["try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[VersionJob]:
        """Return the jobs; the list needs none of the versions' documents."""
        return super().get_queryset(request).defer("version__content")

    @admin.action(description=gettext_lazy("Try the chosen work again"))
    def try_again(self, request: HttpRequest, jobs: QuerySet[VersionJob]) -> None:
        """Put work that was given up back into the queue; the rest is left as it is."""
        assert isinstance(request.user, User)
        again = sum(retry(job=job, by=request.user) for job in jobs)
        left = len(jobs) - again
        if again:
            messages.success(request, _("Tried again: %(count)s.") % {"count": again})
        if left:
            messages.warning(
                request,
                _("Left as it is: %(count)s. It wasn't given up, or isn't wanted any more.")
                % {"count": left},
            )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: VersionJob | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VersionJob | None = None) -> bool:
        return False
