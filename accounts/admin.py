"""Users and their roles in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Membership, User
from accounts.services.roles import note_roles
from audit.audited import Audited


class MembershipInline(admin.TabularInline):
    """The roles of a user."""

    model = Membership
    extra = 0
    autocomplete_fields = ["municipality"]


@admin.register(User)
class UserAdmin(Audited):
    """Users; passwords are set by the users themselves."""

    list_display = ["email", "name", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "is_active"]
    inlines = [MembershipInline]

    def save_model(self, request: object, obj: User, form: forms.ModelForm, change: bool) -> None:
        """Save the user; a new one has no password until one is set."""
        if not change:
            obj.set_unusable_password()
        obj.save()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the roles, and note each that was given, changed or taken."""
        before = {
            row.pk: row
            for row in Membership.objects.filter(user=form.instance).select_related(
                "county", "municipality", "cooperation", "working_group"
            )
        }
        super().save_formset(request, form, formset, change)
        if isinstance(request.user, User):
            note_roles(user=form.instance, before=before, by=request.user)


from accounts import mail_admin  # noqa: E402, F401 - Django looks for this module alone
