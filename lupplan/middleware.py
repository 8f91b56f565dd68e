"""What every request goes through: the language on screen, log-in, the second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.login import second_factor, typed


class ScreenLanguageMiddleware(MiddlewareMixin):
    """Nynorsk for everybody who has chosen nothing else, whatever their browser asks for.

    Django's LocaleMiddleware would take the browser's wish, which is English or Bokmål in most
    machines that people here never set up themselves. A choice is kept in the cookie that
    ``set_language`` sets.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Switch to the visitor's language for as long as the request lasts."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        known = {code for code, _name in settings.LANGUAGES}
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Say which language the page is in, and that it depends on the cookie."""
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class LogInMiddleware(LoginRequiredMiddleware):
    """Closed by default; who sent a form too late gets it back after log-in."""

    def handle_no_permission(  # type: ignore[override]  # htmx's redirect is a 200
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """Send the visitor to log in, and keep what they typed in one of the work's forms."""
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.namespace == "plans":
            # What a page sends by itself is still there: nobody waits to send it again.
            by_itself = request.POST.get("draft") in ("auto", "seen", "left")
            again = None if by_itself else typed.keep(request)
            log_in = resolve_url(settings.LOGIN_URL)
            address = f"{log_in}?{urlencode({'next': again or request.get_full_path()})}"
            if request.headers.get("HX-Request") == "true":
                # htmx would put the log-in page in the middle of this one.
                return HttpResponseClientRedirect(address)
            return HttpResponseRedirect(address)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware(MiddlewareMixin):
    """Whoever holds a role that demands a second factor sets one up before anything else."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Send them to set it up, but from the pages that this, log-out and help are made of."""
        if not second_factor.is_missing(request):
            return None
        match = request.resolver_match
        # allauth's pages and the few of the site's own that are for everybody have no namespace.
        if match is None or match.namespace in ("", "lupplan"):
            return None
        if match.view_name in ("accounts:login", "accounts:logout", "people:stop_mail"):
            return None
        messages.warning(
            request, _("Your role asks for two-factor log-in. Set it up here to go on.")
        )
        return HttpResponseRedirect(reverse("mfa_index"))
