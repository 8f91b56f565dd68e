"""The accounts app."""

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users and the roles that they hold for organisations."""

    name = "accounts"
    verbose_name = _("Users and roles")

    def ready(self) -> None:
        """Listen for log-ins; keep the table of a database cache, where limits are counted."""
        # Their receivers register themselves.
        from accounts import signals  # noqa: F401
        from accounts.services import sessions  # noqa: F401

        post_migrate.connect(_make_cache_table, sender=self)


def _make_cache_table(using: str, **kwargs: Any) -> None:
    """Make the database cache's table, if that is the cache; nothing if it is there."""
    call_command("createcachetable", database=using, verbosity=0)
