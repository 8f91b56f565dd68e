"""There and back again."""

from allauth.core import ratelimit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.oidc.provider import OidcAdapter


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    return _run(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take it back, with a code."""
    return _run(OAuth2CallbackView, request, provider_id)


def _run(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    refused: HttpResponse | None = ratelimit.consume_or_429(
        request, action="login_service", limit_get=True
    )
    if refused is not None:
        return refused
    try:
        answer: HttpResponse = view.adapter_view(OidcAdapter(request, provider_id))(request)  # type: ignore[attr-defined]
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return answer
