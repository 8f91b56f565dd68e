"""What of allauth's the administrator sees: who has which second factor, and which service.

allauth's own pages show the secrets of the apps, and would let one make log-in services and
addresses that nothing else here knows of.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from audit.services import record

for _model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)


class TakenAway(admin.ModelAdmin):
    """Rows that can be looked at and taken away, each with an event; nothing else."""

    verb = ""
    kind = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People add them themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes them."""
        return False

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete a row, for somebody who has lost it."""
        user = obj.user
        old = {"kind": getattr(obj, self.kind)}
        super().delete_model(request, obj)
        by = request.user if isinstance(request.user, User) else None
        record(by=by, verb=self.verb, target=user, old=old)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete several."""
        for obj in queryset.select_related("user"):
            self.delete_model(request, obj)


@admin.register(Authenticator)
class AuthenticatorAdmin(TakenAway):
    """Second factors: taken away from somebody who has lost telephone, key and codes."""

    verb = "mfa.removed"
    kind = "type"
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "type", "created_at", "last_used_at"]


@admin.register(SocialAccount)
class SocialAccountAdmin(TakenAway):
    """Log-in services that people use."""

    verb = "sign_in.service_removed"
    kind = "provider"
    list_display = ["user", "provider", "last_login"]
    list_filter = ["provider"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "provider", "uid", "date_joined", "last_login"]
