"""Who may get in by another log-in service, and as whom."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.oidc import confirmation
from accounts.oidc.organisations import Grant, give_roles, grants
from audit.services import record


class SocialAdapter(DefaultSocialAccountAdapter):
    """A service's word about an e-mail address never opens an account that is there already."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse who represents nobody that we know; bring the roles of the known up to date."""
        given = self._grants(sociallogin)
        if sociallogin.provider.app.settings.get("authorization_details") and not given:
            self._refuse(
                request,
                sociallogin,
                "unknown organisation",
                _("You represent no county or municipality that Lupplan knows."),
            )
        if sociallogin.account.pk and sociallogin.user.pk:
            self._give(sociallogin, given)
        if confirmation.STATE in sociallogin.state:
            if not confirmation.holds(request, sociallogin):
                self._refuse(
                    request,
                    sociallogin,
                    "not confirmed",
                    _("The log-in service has not confirmed that it is you just now."),
                )
            raise ImmediateHttpResponse(confirmation.go_on(request, sociallogin))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """New people: those who represent a known organisation, with an address of their own."""
        claims = sociallogin.email_addresses
        email = claims[0].email if claims else ""
        if email and User.objects.filter(email__iexact=email).exists():
            self._refuse(
                request,
                sociallogin,
                "e-mail address taken",
                _(
                    "Your e-mail address has an account here already. Log in to it as you use to, "
                    "and add this log-in service under “Log-in services”."
                ),
            )
        if not self._grants(sociallogin) or not email or not claims[0].verified:
            self._refuse(
                request,
                sociallogin,
                "no account",
                _("You have no account here yet. Ask the county’s editor for an invitation."),
            )
        return True

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Take over address and name."""
        user: User = sociallogin.user
        user.email = User.objects.normalize_email(data.get("email") or "")
        user.name = (data.get("name") or user.email)[:150]
        return user

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Make the user, with the roles that the organisation gives."""
        user: User = super().save_user(request, sociallogin, form)
        record(
            by=None,
            verb="user.made",
            target=user,
            new={"service": sociallogin.account.provider},
        )
        self._give(sociallogin, self._grants(sociallogin))
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Write down why an answer was not trusted; the page doesn't say.

        Only if it answers a log-in that was begun here: others would fill the log.
        """
        if not (extra_context or {}).get("state"):
            return
        reason = type(exception).__name__ if exception else str(error)
        if exception is not None and exception.args:
            reason = f"{reason}: {exception.args[0]}"[:200]
        _failed(provider.sub_id, reason)

    def _grants(self, sociallogin: SocialLogin) -> list[Grant]:
        numbers = sociallogin.account.extra_data.get("organisations", [])
        return grants(numbers, on=timezone.localdate())

    def _give(self, sociallogin: SocialLogin, given: list[Grant]) -> None:
        account = sociallogin.account
        account.extra_data["memberships"] = give_roles(
            user=sociallogin.user, given=given, earlier=account.extra_data.get("memberships", [])
        )
        account.save(update_fields=["extra_data"])

    def _refuse(
        self, request: HttpRequest, sociallogin: SocialLogin, reason: str, text: Promise
    ) -> None:
        _failed(sociallogin.account.provider, reason)
        page = render(
            request, "socialaccount/authentication_error.html", {"refused": text}, status=403
        )
        raise ImmediateHttpResponse(page)


def _failed(service: str, reason: str) -> None:
    record(
        by=None, verb="sign_in.failed", target=User(), new={"service": service, "reason": reason}
    )
