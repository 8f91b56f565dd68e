"""What makes a signature last: a time stamp, and proof that nothing was revoked.

Whatever others' services do, it ends: each request and the whole have a time limit, an answer has a
size limit, and what comes back is checked before it is used.
"""

import asyncio
import io
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from asn1crypto import cms, tsp, x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import set_tsp_headers
from pyhanko.sign.validation.dss import DocumentSecurityStore, collect_validation_info
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import FetchLimits, OwnedFetcherBackend

from plans.enums import SignatureLevel
from plans.signing import http
from plans.signing.errors import Refused, ServiceDown
from plans.signing.keys import BadKey
from plans.signing.trust import roots

_MOST_REQUESTS = 40  # the chains of a signer and of a time-stamp service have some ten certificates
_MOST_SECONDS = 120  # for one signature, whatever is asked for; below version_jobs.LEASES

_T = TypeVar("_T")


class TimeStampService(TimeStamper):
    """A time-stamp service (RFC 3161), whose stamps are checked as they come: ``believed`` are the
    issuers of those that count."""

    def __init__(self, url: str, believed: Sequence[x509.Certificate]) -> None:
        super().__init__()
        self._url = url
        self._believed = list(believed)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        service = _("time-stamp service")
        try:
            kind, answer = await http.post(
                self._url, body=req.dump(), headers=set_tsp_headers({}), service=service
            )
        except http.WrongAnswer as error:
            raise ServiceDown(http.nonsense(service)) from error
        if kind != "application/timestamp-reply":
            raise ServiceDown(http.nonsense(service))
        return tsp.TimeStampResp.load(answer)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the time stamp on a digest. Raises ``ServiceDown``."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            status = await validate_tst_signed_data(
                token["content"],
                ValidationContext(trust_roots=self._believed),
                lambda _algorithm: message_digest,
            )
        except ServiceDown:
            raise
        except Exception as error:  # an answer may be any bytes, and pyHanko trips over many
            raise ServiceDown(http.nonsense(_("time-stamp service"))) from error
        if not (status["intact"] and status["valid"]):
            raise ServiceDown(http.nonsense(_("time-stamp service")))
        if status["trust_problem_indic"] is not None:
            raise ServiceDown(_("The time-stamp service isn't one that is believed here."))
        return token


@dataclass(frozen=True)
class LongTerm:
    """What makes one signature last beyond its certificate: a time stamp (PAdES B-T) and, with
    ``context``, the proof that nothing was revoked, from the issuers that it believes (B-LT).

    Made anew for each signature: what was fetched is of that moment.
    """

    timestamper: TimeStamper
    context: ValidationContext | None = None

    @property
    def level(self) -> SignatureLevel:
        """The level of the signature that is made with it."""
        return SignatureLevel.T if self.context is None else SignatureLevel.LT


def long_term() -> LongTerm | None:
    """Return what the settings give to make a signature last; None without a time-stamp service.

    Raises ``BadKey`` where SIGNING_TRUST_ROOTS can't be read.
    """
    if not settings.SIGNING_TIMESTAMP_URL:
        return None
    service = TimeStampService(settings.SIGNING_TIMESTAMP_URL, roots())
    return LongTerm(service, context() if settings.SIGNING_REVOCATION else None)


def context() -> ValidationContext:
    """Return a context that believes SIGNING_TRUST_ROOTS and asks their services; each certificate
    that says where its revocation is told must have an answer."""
    backend = AIOHttpFetcherBackend(
        per_request_timeout=settings.SIGNING_TIMEOUT,
        limits=FetchLimits(max_requests=_MOST_REQUESTS, max_cert_requests=_MOST_REQUESTS),
    )
    return ValidationContext(
        trust_roots=list(roots()),
        allow_fetching=True,
        revocation_mode="hard-fail",
        fetcher_backend=OwnedFetcherBackend(backend),
    )


async def add_proof(file: io.BytesIO, context: ValidationContext) -> None:
    """Add to a signed PDF what proves its signatures, the seal's too, in one revision.

    One whose certificate has ended meanwhile keeps the proof that it has. Raises what ``run`` puts
    into our own words.
    """
    paths = []
    for signature in PdfFileReader(file).embedded_regular_signatures:
        if signature.signer_cert.not_valid_after >= datetime.now(UTC):
            paths += await collect_validation_info(signature, context)
    DocumentSecurityStore.add_dss(file, None, paths=paths, validation_context=context)


def run(work: Coroutine[Any, Any, _T], long_term: LongTerm | None) -> _T:
    """Do the work, and say what went wrong in our own words.

    Raises ``ServiceDown``, ``Refused`` and ``BadKey``.
    """
    try:
        return asyncio.run(_bounded(work, long_term))
    except TimeoutError as error:
        raise ServiceDown(_("The services that signing needs were too slow.")) from error
    except (SigningError, PathBuildingError, PathValidationError) as error:
        raise _in_our_words(error) from error


async def _bounded(work: Coroutine[Any, Any, _T], long_term: LongTerm | None) -> _T:
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            return await work
    finally:
        if long_term is not None and long_term.context is not None:
            await long_term.context.aclose()


def _in_our_words(error: BaseException) -> Exception:
    """Return what people should read instead of the certificate validator's error."""
    cause = error
    if isinstance(error, SigningError) and error.__cause__ is not None:
        cause = error.__cause__
    if isinstance(cause, RevokedError):
        return Refused(_("The certificate has been revoked."))
    if isinstance(cause, InsufficientRevinfoError):
        return ServiceDown(
            _("The service that tells whether a certificate was revoked doesn't answer.")
        )
    if isinstance(cause, (ExpiredError, NotYetValidError, PathValidationError, PathBuildingError)):
        return BadKey(str(cause))
    return error if isinstance(error, Exception) else RuntimeError(str(error))
