"""The provider of tests/oidc_provider.py as the tests see it, and Lupplan set up for it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from pytest_django import Settings

LOGIN = "/konto/oidc/ansattporten/"
ASKED = [{"type": "ansattporten:altinn:resource", "resource": "urn:altinn:resource:lupplan"}]
NUMBER = "312345678"
LEVEL = "substantial"


def details(number: str, **changes: str) -> list[dict[str, Any]]:
    """Return authorization_details that say: this person may act for organisation ``number``."""
    party = {"orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}}
    return [{**ASKED[0], "authorized_parties": [party], **changes}]


CLAIMS: dict[str, Any] = {
    "sub": "person-1",
    "acr": LEVEL,
    "pid": "00000000000",
    "name": "Rådgjevar",
    "email": "radgjevar@test.example",
    "email_verified": True,
    "authorization_details": details(NUMBER),
}


class Service:
    """The provider process, as the tests see it."""

    def __init__(self, issuer: str, private_key: str) -> None:
        self.issuer = issuer
        self.private_key = private_key

    def says(self, *, forged: bool = False, **claims: Any) -> None:
        """Let the next id_tokens hold ``claims``, besides what every one holds."""
        told = {**CLAIMS, **claims}
        requests.post(f"{self.issuer}/control", json={"claims": told, "forged": forged}, timeout=5)

    def asked(self) -> dict[str, str]:
        """Return what the last log-in asked for."""
        asked: dict[str, str] = requests.get(f"{self.issuer}/asked", timeout=5).json()
        return asked

    def back(self, client: Client, query: str = "") -> str:
        """Go there with ``client`` and return the address that the provider sends it back to."""
        there = client.post(f"{LOGIN}{query}")
        assert there.status_code == 302
        assert there["Location"].startswith(self.issuer)
        answer = requests.get(there["Location"], allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        parts = urlsplit(answer.headers["Location"])
        assert parts.path == f"{LOGIN}tilbake/"
        return f"{parts.path}?{parts.query}"

    def log_in(self, client: Client, query: str = "") -> Any:
        """Go there and back."""
        return client.get(self.back(client, query))


def client_key(folder: Path) -> tuple[Path, str]:
    """Make Lupplan's key; return the file in ``folder`` that holds its public half, and the key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = folder / "client.pem"
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return public, private.decode()


@contextmanager
def started(folder: Path) -> Iterator[Service]:
    """Run the provider; ``folder`` takes our public key."""
    public, private = client_key(folder)
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider", str(public)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as process:
        assert process.stdout is not None
        try:
            yield Service(process.stdout.readline().strip(), private)
        finally:
            process.terminate()


class Process(Protocol):
    """What the set-up needs to know of a provider."""

    issuer: str
    private_key: str

    def says(self) -> None: ...


def set_up(settings: Settings, process: Process) -> None:
    """Let Lupplan log people in by the provider."""
    app = {
        "provider_id": "ansattporten",
        "name": "Ansattporten",
        "client_id": "lupplan",
        "secret": "",
        "settings": {
            "issuer": process.issuer,
            "private_key": process.private_key,
            "key_id": "client",
            "scope": ["openid", "profile"],
            "acr_values": [LEVEL, "high"],
            "authorization_details": ASKED,
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"oidc": {"APPS": [app]}}
    settings.OIDC_STRONG_PROVIDERS = ["ansattporten"]
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    directives = {**policy, "form-action": [*policy["form-action"], process.issuer]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives}
    process.says()
