"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and the roles that they hold for organisations."""

    name = "accounts"
    verbose_name = _("Users and roles")

    def ready(self) -> None:
        from accounts.services import sessions  # noqa: F401  (its receiver registers itself)
