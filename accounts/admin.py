"""Users and their roles in the admin."""

from django import forms
from django.contrib import admin

from accounts.models import Membership, User


class MembershipInline(admin.TabularInline):
    """The roles of a user."""

    model = Membership
    extra = 0
    autocomplete_fields = ["municipality"]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
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
