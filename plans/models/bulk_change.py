"""A change of many measures at once, kept so that it can be undone."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plans.enums import BulkField
from plans.models.fields import known


class BulkChange(models.Model):
    """What one bulk change did. It can be undone once.

    ``rows`` is a list with one object per changed measure: ``measure`` (its key in the database),
    ``number`` and ``title`` (as they were then), ``old`` (the fields' values before) and ``after``
    (the stamp that the measure had when the change was done, ``plans.services.bulk.stamp``).
    """

    key = models.UUIDField(_("lasting key"), default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(
        "plans.PartnerPlan",
        on_delete=models.PROTECT,
        related_name="bulk_changes",
        verbose_name=_("plan"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    what = models.CharField(_("what was changed"), max_length=15, choices=BulkField)
    rows: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        _("measures"), encoder=DjangoJSONEncoder
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-at", "-pk"]
        constraints = [
            known("what", BulkField, "plans_bulkchange_what"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="plans_bulkchange_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.get_what_display()
