"""The app by which allauth finds our provider."""

from django.apps import AppConfig


class OidcConfig(AppConfig):
    """Has no models; allauth looks for ``provider`` in every app."""

    name = "accounts.oidc"
    label = "oidc"
