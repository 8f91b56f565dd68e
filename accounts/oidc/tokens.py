"""The two signed things of OpenID Connect: the id_token we check, the assertion we sign."""

import base64
import hashlib
import time
import uuid
from collections.abc import Sequence
from typing import Any

import jwt

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY = 10  # seconds that two clocks may differ
ASSERTION_SECONDS = 60  # ID-porten takes at most 120


class BadToken(Exception):
    """An id_token can't be trusted; the text says why, for the log."""


def nonce_of(code_verifier: str) -> str:
    """Return the nonce of the log-in whose PKCE verifier is ``code_verifier``.

    The verifier is random, lies in the browser's session and is shown to nobody before the code is
    exchanged; so the nonce needs no place of its own.
    """
    digest = hashlib.sha256(b"nonce:" + code_verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def verified_claims(
    id_token: str,
    *,
    keys: dict[str, Any],
    issuer: str,
    client_id: str,
    nonce: str,
    acr_values: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the claims of ``id_token`` after every check of OpenID Connect Core 3.1.3.7.

    ``keys`` is the issuer's JWKS. ``acr_values``: the levels of assurance that are good enough;
    none asks for none. Raises ``BadToken``.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token,
            _key_for(id_token, keys),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise BadToken(f"id_token: {error}") from error
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and "azp" not in claims:
        raise BadToken("azp is missing")
    if claims.get("azp", client_id) != client_id:
        raise BadToken("azp is another client")
    if claims["nonce"] != nonce:
        raise BadToken("nonce is wrong")
    if acr_values and claims.get("acr") not in acr_values:
        raise BadToken(f"acr is {str(claims.get('acr'))[:60]}")
    return claims


def client_assertion(
    *, client_id: str, audience: str, private_key: str, key_id: str, algorithm: str = "RS256"
) -> str:
    """Return the JWT that tells the token endpoint who we are (RFC 7523, private_key_jwt)."""
    now = int(time.time())
    return jwt.encode(
        {
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        },
        private_key,
        algorithm=algorithm,
        headers={"kid": key_id} if key_id else None,
    )


def _key_for(id_token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """Return the signing key that the token names; the only one where it names none."""
    key_id = jwt.get_unverified_header(id_token).get("kid")
    usable = [key for key in keys.get("keys", []) if key.get("use", "sig") == "sig"]
    named = [key for key in usable if key.get("kid") == key_id] if key_id else usable
    if len(named) != 1:
        raise BadToken("no key of the issuer signed the id_token")
    return jwt.PyJWK(named[0])
