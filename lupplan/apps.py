"""The project's own app: base templates, static files and what every form shares."""

from django.apps import AppConfig


class LupplanConfig(AppConfig):
    """Has no models; makes templatetags/ known to Django."""

    name = "lupplan"
    verbose_name = "Lupplan"
