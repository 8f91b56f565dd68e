"""Log-ins, log-outs and changes to how one logs in, as events in the audit log."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from audit.services import record


@receiver(account.user_logged_in)
def signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody got in, and how: password, a second factor, another service."""
    methods = request.session.get("account_authentication_methods", [])
    how = [method.get("provider") or method.get("method", "") for method in methods]
    record(by=user, verb="sign_in", target=user, new={"how": how})


@receiver(auth.user_logged_out)
def signed_out(user: User | None, **kwargs: Any) -> None:
    """Somebody left."""
    if user is not None:
        record(by=user, verb="sign_out", target=user)


@receiver(account.password_set)
@receiver(account.password_changed)
def password_changed(user: User, **kwargs: Any) -> None:
    """Somebody changed their own password."""
    record(by=user, verb="password.changed", target=user)


@receiver(account.password_reset)
def password_reset(user: User, **kwargs: Any) -> None:
    """Somebody chose a password by a link that was sent to them; nobody was logged in."""
    record(by=None, verb="password.reset", target=user)


@receiver(mfa.authenticator_added)
def authenticator_added(user: User, authenticator: Any, **kwargs: Any) -> None:
    """A second factor more."""
    record(by=user, verb="mfa.added", target=user, new={"kind": authenticator.type})


@receiver(mfa.authenticator_removed)
def authenticator_removed(user: User, authenticator: Any, **kwargs: Any) -> None:
    """A second factor less."""
    record(by=user, verb="mfa.removed", target=user, old={"kind": authenticator.type})


@receiver(mfa.authenticator_reset)
def authenticator_reset(user: User, authenticator: Any, **kwargs: Any) -> None:
    """New recovery codes; the old ones no longer work."""
    record(by=user, verb="mfa.reset", target=user, new={"kind": authenticator.type})


@receiver(mfa.authentication_failed)
def second_factor_failed(user: User, authenticator: Any, **kwargs: Any) -> None:
    """The password was right and the code wrong."""
    record(by=None, verb="sign_in.failed", target=user, new={"reason": authenticator.type})


@receiver(social.social_account_added)
def service_added(sociallogin: Any, **kwargs: Any) -> None:
    """Somebody who was logged in let another service log them in from now on."""
    user = sociallogin.user
    record(by=user, verb="sign_in.service_added", target=user, new=_service(sociallogin.account))


@receiver(social.social_account_removed)
def service_removed(socialaccount: Any, **kwargs: Any) -> None:
    """Another service no longer logs them in."""
    user = socialaccount.user
    record(by=user, verb="sign_in.service_removed", target=user, old=_service(socialaccount))


def _service(account: Any) -> dict[str, str]:
    return {"service": account.provider}
