"""The language on screen."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin


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
