"""An OpenID provider as a process of its own, for the tests alone.

    python -m tests.oidc_provider CLIENT_PUBLIC_KEY.pem

It prints its address and serves until it is ended. It checks what a strict provider checks: the
client's key, the redirect address, PKCE, that a code is used once. What it puts in the id_token,
and wrongly, a test says by a POST to /control. joserfc signs: Lupplan itself uses another library.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "lupplan"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Refused(Exception):
    """The client did something wrong."""


class Provider:
    """The state of the provider: its keys, its codes, and what the next log-in says."""

    def __init__(self, client_key: RSAKey) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "provider", "use": "sig", "alg": "RS256"})
        # Somebody else's key under the same name.
        self.false_key = RSAKey.generate_key(2048, {"kid": "provider"})
        self.client_key = client_key
        self.issuer = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.forged = False
        self.assertions: set[str] = set()
        self.asked: dict[str, str] = {}

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser goes with its code."""
        if query["client_id"] != CLIENT_ID or query["response_type"] != "code":
            raise Refused("client")
        if query.get("code_challenge_method") != "S256" or "nonce" not in query:
            raise Refused("PKCE and nonce are needed")
        self.asked = query
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Exchange a code, once."""
        self._check_client(form)
        query = self.codes.pop(form["code"], None)
        if query is None or form["redirect_uri"] != query["redirect_uri"]:
            raise Refused("invalid_grant")
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
            raise Refused("PKCE")
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 120,
            "nonce": query["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.false_key if self.forged else self.key
        id_token = jwt.encode({"alg": "RS256", "kid": "provider"}, claims, key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": id_token}

    def _check_client(self, form: dict[str, str]) -> None:
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
            raise Refused("private_key_jwt is needed")
        claims = jwt.decode(form["client_assertion"], self.client_key, algorithms=["RS256"]).claims
        good = (
            claims["iss"] == claims["sub"] == CLIENT_ID
            and claims["aud"] == self.issuer
            and time.time() < claims["exp"] <= time.time() + 120
            and claims["jti"] not in self.assertions
        )
        if not good:
            raise Refused("client_assertion")
        self.assertions.add(claims["jti"])


class Handler(BaseHTTPRequestHandler):
    """The provider's endpoints."""

    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(self.provider.metadata())
        elif parts.path == "/jwks":
            public = self.provider.key.as_dict(private=False)
            self._answer({"keys": [{**public, "kid": "provider", "use": "sig", "alg": "RS256"}]})
        elif parts.path == "/asked":
            self._answer(self.provider.asked)
        else:
            self._try(lambda: self._redirect(self.provider.authorize(query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/control":
            told = json.loads(body)
            self.provider.claims, self.provider.forged = told["claims"], told["forged"]
            self._answer({})
        else:
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._try(lambda: self._answer(self.provider.token(form)))

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _try(self, what: Any) -> None:
        try:
            what()
        except Exception as error:
            self._answer({"error": "invalid_request", "error_description": repr(error)}, 400)

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def _answer(self, what: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())


def main() -> None:
    """Serve on a free port of this machine."""
    key = RSAKey.import_key(Path(sys.argv[1]).read_text())
    Handler.provider = Provider(key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Handler.provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    sys.stdout.write(f"{Handler.provider.issuer}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
