"""A signing service that speaks the Cloud Signature Consortium's API, version 1 or 2.

Of the API, what signing one digest takes: ``credentials/info``, ``credentials/authorize`` and
``signatures/signHash`` (CSC API 1.0.4.0 and 2.0, chapter 11).
"""

import asyncio
import base64
import json
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import x509
from django.conf import settings
from django.utils.translation import gettext as _

from plans.signing import http, keyring
from plans.signing.errors import Refused, ServiceDown
from plans.signing.external import SigningService

_SHA256 = "2.16.840.1.101.3.4.2.1"
# What the key shall do, by what it is: PKCS #1 v1.5 with SHA-256, ECDSA with SHA-256.
_ALGORITHMS = {"rsa": "1.2.840.113549.1.1.11", "ec": "1.2.840.10045.4.3.2"}
_MOST_OF_A_REASON = 200  # characters of a service's own words


def lup_service() -> SigningService | None:
    """Return the service that signs for LUP; None where the settings name none."""
    return _service(keyring.LUP)


def county_service(number: str) -> SigningService | None:
    """Return the service that signs for the county; None where the settings name none."""
    return _service(keyring.county(number))


@dataclass(frozen=True)
class CscService:
    """A credential at a service: ``url`` is what comes before ``/csc/v1``, ``token`` lets us in
    (OAuth 2.0), ``pin`` lets the key be used."""

    url: str
    credential: str
    api: str = "v1"
    token: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Return the signer's certificate, and then its issuers'. Raises ``ServiceDown`` and
        ``Refused``."""
        answer = self._ask(
            "credentials/info", {"credentialID": self.credential, "certificates": "chain"}
        )
        try:
            if answer["key"].get("status", "enabled") != "enabled":
                raise Refused(_("The key in the signing service is shut."))
            found = tuple(
                x509.Certificate.load(base64.b64decode(text, validate=True))
                for text in answer["cert"]["certificates"]
            )
            algorithm = found[0].public_key.algorithm
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise ServiceDown(_nonsense()) from error
        if algorithm not in _ALGORITHMS:
            raise Refused(_("The signing service's kind of key isn't known here."))
        return found

    def sign_digest(self, digest: bytes) -> bytes:
        """Return the signature on a SHA-256 digest. Raises ``ServiceDown`` and ``Refused``."""
        algorithm = _ALGORITHMS[self.certificates()[0].public_key.algorithm]
        hashed = self._hashed(digest)
        asked = {"credentialID": self.credential, "numSignatures": 1, **hashed, **self._secret()}
        leave = self._ask("credentials/authorize", asked)
        if not isinstance(leave.get("SAD"), str):
            raise ServiceDown(_nonsense())
        answer = self._ask(
            "signatures/signHash",
            {
                "credentialID": self.credential,
                "SAD": leave["SAD"],
                **hashed,
                "signAlgo": algorithm,
            },
        )
        try:
            (signature,) = answer["signatures"]
            return base64.b64decode(signature, validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise ServiceDown(_nonsense()) from error

    def _hashed(self, digest: bytes) -> dict[str, object]:
        text = base64.b64encode(digest).decode()
        if self.api == "v2":
            return {"hashes": [text], "hashAlgorithmOID": _SHA256}
        return {"hash": [text], "hashAlgo": _SHA256}

    def _secret(self) -> dict[str, object]:
        if not self.pin:
            return {}
        if self.api == "v2":
            return {"authData": [{"id": "PIN", "value": self.pin}]}
        return {"PIN": self.pin}

    def _ask(self, what: str, asked: dict[str, object]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            _kind, body = asyncio.run(
                http.post(
                    f"{self.url}/csc/{self.api}/{what}",
                    body=json.dumps(asked).encode(),
                    headers=headers,
                    service=_("signing service"),
                )
            )
        except http.WrongAnswer as error:
            raise _refusal(error) from error
        return _read(body)


def _refusal(error: http.WrongAnswer) -> Exception:
    if not 400 <= error.status < 500:
        return ServiceDown(_nonsense())
    try:
        answer = _read(error.body)
    except ServiceDown:
        answer = {}
    why = str(answer.get("error_description") or answer.get("error") or f"HTTP {error.status}")
    why = "".join(letter for letter in why if letter.isprintable())[:_MOST_OF_A_REASON]
    return Refused(_("The signing service refused: %(why)s") % {"why": why})


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ServiceDown(_nonsense()) from error
    if not isinstance(answer, dict):
        raise ServiceDown(_nonsense())
    return answer


def _nonsense() -> str:
    return http.nonsense(_("signing service"))


def _service(holder: str) -> SigningService | None:
    credential = settings.SIGNING_SERVICE_CREDENTIALS.get(holder, "")
    if not settings.SIGNING_SERVICE_URL or not credential:
        return None
    return CscService(
        settings.SIGNING_SERVICE_URL,
        credential,
        settings.SIGNING_SERVICE_API,
        settings.SIGNING_SERVICE_TOKEN,
        settings.SIGNING_SERVICE_PIN,
    )
