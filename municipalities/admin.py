"""The reference data in Django's administration: lists that can be searched and read.

What stands in the reference files is set back to them by the next load; see data/README.md.
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.audited import Audited
from municipalities import dated
from municipalities.models import (
    CooperationMembership,
    County,
    FormerName,
    Municipality,
    ProcurementCooperation,
    WorkingGroup,
    WorkingGroupMembership,
)


class ValidTodayFilter(admin.SimpleListFilter):
    """What holds today, or what doesn't."""

    title = _("validity")
    parameter_name = "valid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("today", _("valid today")), ("other", _("ended or not begun"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[models.Model]
    ) -> QuerySet[models.Model]:
        """Keep what was chosen."""
        today = dated.valid_on(timezone.localdate())
        if self.value() == "today":
            return queryset.filter(today)
        if self.value() == "other":
            return queryset.exclude(pk__in=queryset.filter(today).values("pk"))
        return queryset


class LastDayMixin:
    """Shows the last day, as people write it, instead of the day after it."""

    @admin.display(description=_("last day"), ordering="valid_to")
    def last_day(self, row: dated.Period) -> Any:
        """Return the last day, or nothing while it holds."""
        return row.last_day


class MembersInline(LastDayMixin, admin.TabularInline):
    """Members to be read; they are edited in a list of their own."""

    fields = ["municipality", "valid_from", "last_day", "certainty", "note"]
    readonly_fields = ["municipality", "valid_from", "last_day", "certainty", "note"]
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: the form of a membership checks more than this one could."""
        return False


class CooperationMembersInline(MembersInline):
    """The members of a cooperation, with its host."""

    model = CooperationMembership
    fields = ["municipality", "is_host", "valid_from", "last_day", "certainty", "note"]
    readonly_fields = ["municipality", "is_host", "valid_from", "last_day", "certainty", "note"]


class WorkingGroupMembersInline(MembersInline):
    """The members of a working group."""

    model = WorkingGroupMembership


class FormerNamesInline(admin.TabularInline):
    """The names that a municipality had before."""

    model = FormerName
    extra = 0


@admin.register(County)
class CountyAdmin(LastDayMixin, Audited):
    """Counties."""

    list_display = ["number", "name", "name_parallel", "valid_from", "last_day", "language_form"]
    list_display_links = ["number", "name"]
    list_filter = [ValidTodayFilter]
    search_fields = ["number", "name", "name_parallel"]
    autocomplete_fields = ["successors"]


@admin.register(Municipality)
class MunicipalityAdmin(LastDayMixin, Audited):
    """Municipalities."""

    list_display = [
        "number",
        "name_official",
        "county",
        "valid_from",
        "last_day",
        "language_form",
        "population",
    ]
    list_display_links = ["number", "name_official"]
    list_filter = [ValidTodayFilter, "language_form", "county"]
    list_select_related = ["county"]
    search_fields = ["number", "name", "name_official", "former_names__name"]
    autocomplete_fields = ["county", "successors"]
    inlines = [FormerNamesInline]


@admin.register(ProcurementCooperation)
class ProcurementCooperationAdmin(Audited):
    """Procurement cooperations."""

    list_display = ["name", "short_name", "county", "certainty"]
    list_filter = ["certainty", "county"]
    list_select_related = ["county"]
    search_fields = ["key", "name", "short_name"]
    autocomplete_fields = ["county"]
    inlines = [CooperationMembersInline]


@admin.register(CooperationMembership)
class CooperationMembershipAdmin(LastDayMixin, Audited):
    """Memberships of cooperations."""

    list_display = ["municipality", "cooperation", "is_host", "valid_from", "last_day", "certainty"]
    list_filter = [ValidTodayFilter, "certainty", "cooperation"]
    search_fields = ["municipality__number", "municipality__name", "cooperation__name"]
    autocomplete_fields = ["cooperation", "municipality"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CooperationMembership]:
        """Fetch the cooperation too: `list_select_related` is ignored after the manager's own."""
        return super().get_queryset(request).select_related("cooperation")


@admin.register(WorkingGroup)
class WorkingGroupAdmin(Audited):
    """Working groups and learning arenas."""

    list_display = ["name", "kind", "county", "certainty"]
    list_filter = ["kind", "certainty", "county"]
    list_select_related = ["county"]
    search_fields = ["key", "name"]
    autocomplete_fields = ["county"]
    inlines = [WorkingGroupMembersInline]


@admin.register(WorkingGroupMembership)
class WorkingGroupMembershipAdmin(LastDayMixin, Audited):
    """Memberships of working groups."""

    list_display = ["municipality", "group", "valid_from", "last_day", "certainty"]
    list_filter = [ValidTodayFilter, "certainty", "group"]
    search_fields = ["municipality__number", "municipality__name", "group__name"]
    autocomplete_fields = ["group", "municipality"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkingGroupMembership]:
        """Fetch the group too: `list_select_related` is ignored after the manager's own."""
        return super().get_queryset(request).select_related("group")
