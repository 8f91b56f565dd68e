"""Refused attempts, noted in one place."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from audit.services import record

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")


class RefusalMiddleware(MiddlewareMixin):
    """Notes every write that somebody who is logged in was refused with 403.

    A page that one may not see is no attempt to change anything, and is not noted; what one may
    not know of answers 404 and tells nothing, here neither. Comes after AuthenticationMiddleware.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Record the event, with the address but without what was sent."""
        if response.status_code == 403 and request.method not in SAFE:
            user = request.user
            if user.is_authenticated:
                record(
                    by=user,
                    verb="refused",
                    target=user,
                    new={"method": request.method, "address": request.path[:300]},
                )
        return response
