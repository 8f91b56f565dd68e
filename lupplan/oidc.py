"""The log-in services of the environment, as allauth wants them. docs/drift.md tells the names."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def services(env: environ.Env) -> list[dict[str, Any]]:
    """Return an app for each name in OIDC_PROVIDERS, from the variables OIDC_<NAME>_….

    Raises ``ImproperlyConfigured`` for one that lacks its issuer or client.
    """
    return [_service(env, name) for name in env.list("OIDC_PROVIDERS", default=[])]


def origins(apps: list[dict[str, Any]]) -> list[str]:
    """Return where the log-in form may send the browser, for the content security policy."""
    return sorted({origin for app in apps for origin in app["settings"]["origins"]})


def _required(env: environ.Env, name: str, example: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set, for example: {name}={example}")
    return value


def _service(env: environ.Env, name: str) -> dict[str, Any]:
    prefix = f"OIDC_{name.upper().replace('-', '_')}_"
    issuer = _required(env, f"{prefix}ISSUER", "https://login.example.no")
    parts = urlsplit(issuer)
    key_file = env.str(f"{prefix}PRIVATE_KEY_FILE", default="")
    return {
        "provider_id": name,
        "name": env.str(f"{prefix}NAME", default=name),
        "client_id": _required(env, f"{prefix}CLIENT_ID", "lupplan"),
        "secret": env.str(f"{prefix}CLIENT_SECRET", default=""),
        "settings": {
            "issuer": issuer,
            "origins": env.list(f"{prefix}ORIGINS", default=[f"{parts.scheme}://{parts.netloc}"]),
            "private_key": Path(key_file).read_text() if key_file else "",
            "key_id": env.str(f"{prefix}KEY_ID", default=""),
            "scope": env.list(f"{prefix}SCOPE", default=["openid", "profile", "email"]),
            "acr_values": env.list(f"{prefix}ACR_VALUES", default=[]),
            "authorization_details": env.json(f"{prefix}AUTHORIZATION_DETAILS", default=[]),
        },
    }
