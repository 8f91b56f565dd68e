"""Confirming by a log-in service, at an act, that it is still the same person at the screen.

The service is told to ask anew (``prompt=login``, ``max_age=0``) and must say when it did
(``auth_time``, OpenID Connect Core 3.1.2.1): a session that it has kept open confirms nothing.
"""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from accounts.oidc.provider import OidcProvider
from accounts.oidc.tokens import LEEWAY

STATE = "confirms"  # in the state of a log-in: the key of the user who is to be confirmed
MOST_SECONDS = 120  # since the service asked them


def ask(request: HttpRequest, provider: OidcProvider) -> HttpResponse:
    """Send the browser to the provider, which is to ask whoever is logged in here who they are."""
    answer: HttpResponse = provider.redirect(
        request,
        AuthProcess.REDIRECT,
        next_url=get_next_redirect_url(request),
        auth_params={**provider.get_auth_params(), "prompt": "login", "max_age": "0"},
        **{STATE: str(request.user.pk)},
    )
    return answer


def holds(request: HttpRequest, login: SocialLogin) -> bool:
    """Say whether a provider's answer confirms the user who is logged in: it is the one who was
    sent there, and was asked just now."""
    auth_time = getattr(login, "auth_time", None)
    return (
        bool(login.account.pk)
        and request.user.is_authenticated
        and str(login.user.pk) == str(request.user.pk) == login.state[STATE]
        and isinstance(auth_time, int)
        and abs(time.time() - auth_time) < MOST_SECONDS + LEEWAY
    )


def go_on(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Note the confirmation, and go on with what it was asked for."""
    record_authentication(
        request,
        request.user,
        method="socialaccount",
        provider=login.account.provider,
        reauthenticated=True,
    )
    url = login.get_redirect_url(request) or resolve_url("plans:work")
    # allauth looks for the suspended request's address in the query, as its own pages have it.
    request.GET = QueryDict(urlencode({REDIRECT_FIELD_NAME: url}))
    answer: HttpResponse | None = resume_request(request)
    return answer or HttpResponseRedirect(url)
