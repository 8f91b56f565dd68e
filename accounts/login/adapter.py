"""What Lupplan does otherwise than allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.mails import queue_mail
from audit.services import record


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; every failed attempt is an event."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Write down whose password was wrong.

        An address that nobody has is not kept: people type a password there by mistake.
        """
        email = credentials.get("email", "")
        known = get_user_model().objects.filter(email__iexact=email).first()
        record(
            by=None,
            verb="sign_in.failed",
            target=known or User(),
            new={"reason": "password" if known else "unknown address"},
        )

    def reauthenticate(self, user: User, password: str) -> bool:
        """Say whether ``password`` is the user's; attempts are counted as at log-in.

        allauth looks for the address in a table of its own, which Lupplan leaves empty.
        """
        same = self.authenticate(context.request, email=user.email, password=password)
        return same is not None and same.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how the user can confirm who they are: also by the log-in services that they come
        by, which for some is the only way."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        names = {app["provider_id"]: app["name"] for app in _services()}
        for account in user.socialaccount_set.filter(provider__in=names).order_by("pk"):
            methods.append(
                {
                    "id": "oidc",
                    "description": _("Use %(service)s") % {"service": names[account.provider]},
                    "url": reverse("oidc_confirm", kwargs={"provider_id": account.provider}),
                }
            )
        return methods

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail, in the language of whoever has the address.

        The same is done for an address that nobody has: how long it takes tells nothing.
        """
        known = get_user_model().objects.filter(email__iexact=email).first()
        language = known.language if known else translation.get_language()
        with translation.override(language):
            message = self.render_mail(template_prefix, email, {"email": email, **context})
        queue_mail(
            to=email,
            user=known,
            subject=message.subject,
            text=str(message.body),
            language=language,
            secret=True,
        )


def _services() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"]
    return found
