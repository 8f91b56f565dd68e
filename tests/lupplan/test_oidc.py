"""The log-in services that the environment names."""

from pathlib import Path

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from lupplan.oidc import origins, services


class Environment(environ.Env):
    """An environment of a test's own."""

    ENVIRON: dict[str, str] = {}


def env(**variables: str) -> environ.Env:
    made = Environment()
    made.ENVIRON = variables
    return made


def test_none_where_none_is_named() -> None:
    assert services(env()) == []


def test_one_with_everything_and_one_with_little(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----")
    made = services(
        env(
            OIDC_PROVIDERS="ansattporten,entra",
            OIDC_ANSATTPORTEN_ISSUER="https://ansattporten.example",
            OIDC_ANSATTPORTEN_CLIENT_ID="lupplan",
            OIDC_ANSATTPORTEN_PRIVATE_KEY_FILE=str(key),
            OIDC_ANSATTPORTEN_KEY_ID="one",
            OIDC_ANSATTPORTEN_NAME="Ansattporten",
            OIDC_ANSATTPORTEN_SCOPE="openid,profile",
            OIDC_ANSATTPORTEN_ACR_VALUES="substantial,high",
            OIDC_ANSATTPORTEN_AUTHORIZATION_DETAILS='[{"type": "t", "resource": "r"}]',
            OIDC_ANSATTPORTEN_ORIGINS="https://login.ansattporten.example",
            OIDC_ENTRA_ISSUER="https://entra.example/tenant/v2.0",
            OIDC_ENTRA_CLIENT_ID="0",
            OIDC_ENTRA_CLIENT_SECRET="secret",
        )
    )
    assert made == [
        {
            "provider_id": "ansattporten",
            "name": "Ansattporten",
            "client_id": "lupplan",
            "secret": "",
            "settings": {
                "issuer": "https://ansattporten.example",
                "origins": ["https://login.ansattporten.example"],
                "private_key": "-----BEGIN PRIVATE KEY-----",
                "key_id": "one",
                "scope": ["openid", "profile"],
                "acr_values": ["substantial", "high"],
                "authorization_details": [{"type": "t", "resource": "r"}],
            },
        },
        {
            "provider_id": "entra",
            "name": "entra",
            "client_id": "0",
            "secret": "secret",
            "settings": {
                "issuer": "https://entra.example/tenant/v2.0",
                "origins": ["https://entra.example"],
                "private_key": "",
                "key_id": "",
                "scope": ["openid", "profile", "email"],
                "acr_values": [],
                "authorization_details": [],
            },
        },
    ]
    assert origins(made) == ["https://entra.example", "https://login.ansattporten.example"]


def test_a_service_without_an_issuer_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="OIDC_ENTRA_ISSUER"):
        services(env(OIDC_PROVIDERS="entra"))
