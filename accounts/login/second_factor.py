"""Who must have a second factor, and whether this log-in had one."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

from accounts.enums import Role
from accounts.models import User

# Recovery codes alone are no second factor: they are for when one is lost.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def is_required(user: User) -> bool:
    """Say whether any of the user's roles demands a second factor (MFA_REQUIRED_ROLES)."""
    return user.has_role(*(Role(role) for role in settings.MFA_REQUIRED_ROLES))


def is_missing(request: HttpRequest) -> bool:
    """Say whether the user behind ``request`` must have a second factor and has none.

    Somebody who has one was asked for it at log-in. A log-in service that answered for a level of
    assurance (``acr``) has asked for one itself.
    """
    user = request.user
    if not isinstance(user, User) or not settings.MFA_REQUIRED_ROLES or not is_required(user):
        return False
    if is_mfa_enabled(user, FACTORS):
        return False
    return not any(
        record.get("method") == "socialaccount"
        and record.get("provider") in settings.OIDC_STRONG_PROVIDERS
        for record in get_authentication_records(request, user)
    )
