"""The audit app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what, when: an append-only log."""

    name = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from audit.triggers import DELETE, UPDATE, Trigger, register

        register(
            self,
            [
                Trigger(
                    name="audit_event_append_only",
                    table="audit_event",
                    events=(UPDATE, DELETE),
                    refuse_when="1 = 1",
                    message="An event in the audit log is never changed or deleted.",
                )
            ],
        )
