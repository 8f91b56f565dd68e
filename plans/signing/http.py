"""Asking others' services, within limits on time and size."""

import asyncio
from collections.abc import Mapping

import aiohttp
from django.conf import settings
from django.utils.translation import gettext as _

from plans.signing.errors import ServiceDown

_MOST_BYTES = 1024 * 1024  # a time stamp has some 6 kB, a chain of certificates some 10


class WrongAnswer(Exception):
    """A service answered, but no: ``status`` is HTTP's, ``body`` what it said."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.body = body


async def post(
    url: str, *, body: bytes, headers: Mapping[str, str], service: str
) -> tuple[str, bytes]:
    """Return the media type and the body of the answer to a POST.

    ``service`` is what people call it. Raises ``ServiceDown`` when there is none within
    SIGNING_TIMEOUT seconds, or the service has trouble (5xx, 429), and ``WrongAnswer`` for another
    status than 200. Nothing is redirected: what is sent may be a secret.
    """
    limit = aiohttp.ClientTimeout(total=settings.SIGNING_TIMEOUT)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as response,
        ):
            answer = await _body(response, service)
            if response.status >= 500 or response.status == 429:
                raise ServiceDown(_("The %(service)s has trouble.") % {"service": service})
            if response.status != 200:
                raise WrongAnswer(response.status, answer)
            return response.content_type, answer
    except TimeoutError as error:
        raise ServiceDown(_("The %(service)s was too slow.") % {"service": service}) from error
    except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError) as error:
        raise ServiceDown(_("The %(service)s doesn't answer.") % {"service": service}) from error


async def _body(response: aiohttp.ClientResponse, service: str) -> bytes:
    found = bytearray()
    async for chunk in response.content.iter_any():
        found += chunk
        if len(found) > _MOST_BYTES:
            raise ServiceDown(nonsense(service))
    return bytes(found)


def nonsense(service: str) -> str:
    """Return what people are told where an answer makes no sense."""
    return _("The %(service)s gave an answer that can't be used.") % {"service": service}
