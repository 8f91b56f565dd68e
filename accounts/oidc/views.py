"""There and back again."""

from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from accounts.oidc import confirmation
from accounts.oidc.provider import OidcAdapter


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    return _run(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take it back, with a code."""
    return _run(OAuth2CallbackView, request, provider_id)


@never_cache
def confirm(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Have the provider ask once more who is at the screen, before something delicate; a POST goes
    there. Only by a service that the user logs in with."""
    get_object_or_404(SocialAccount, user=request.user, provider=provider_id)
    try:
        provider = get_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="login_service")
        return refused or confirmation.ask(request, provider)
    return render(request, "socialaccount/confirm.html", {"provider": provider})


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
