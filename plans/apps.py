"""The plans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """The partner plan: its agreement, its text, its measures and its life."""

    name = "plans"
    verbose_name = _("Partner plans")

    def ready(self) -> None:
        from accounts import duties
        from accounts import notices as kinds
        from accounts import reminders as rules
        from accounts.services import own
        from audit import triggers
        from plans.notices import KINDS
        from plans.reminders import RULES
        from plans.services import (  # those that aren't used register handlers
            renewal,
            signing,  # noqa: F401
            version_files,  # noqa: F401
            version_jobs,
        )
        from plans.services.drafts import own_drafts
        from plans.services.own import OWN
        from plans.triggers import TRIGGERS

        triggers.register(self, TRIGGERS)
        kinds.register(*KINDS)
        rules.register(*RULES)
        duties.register(version_jobs.reap, version_jobs.do_due, renewal.look)
        own.MORE.update({"drafts": own_drafts, **OWN})
