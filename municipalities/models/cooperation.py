"""The procurement cooperation: municipalities that buy together (innkjøpssamarbeid)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.models.membership import (
    Body,
    BodyMembership,
    BodyQuerySet,
    MembershipManager,
    body_constraints,
    membership_constraints,
)


class ProcurementCooperationQuerySet(BodyQuerySet["ProcurementCooperation"]):
    """Reads of cooperations."""


class ProcurementCooperation(Body):
    """A cooperation; it may have members in more than one county."""

    short_name = models.CharField(_("short name"), max_length=30, blank=True)

    objects = ProcurementCooperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("procurement cooperation")
        verbose_name_plural = _("procurement cooperations")
        ordering = ["key"]
        constraints = body_constraints("cooperation")


class CooperationMembership(BodyMembership):
    """A municipality's membership of a cooperation."""

    body_field = "cooperation"

    cooperation = models.ForeignKey(
        ProcurementCooperation,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("procurement cooperation"),
    )
    is_host = models.BooleanField(
        _("host"), default=False, help_text=_("Runs the cooperation for the others.")
    )

    objects = MembershipManager["CooperationMembership"]()

    class Meta:
        verbose_name = _("membership of a cooperation")
        verbose_name_plural = _("memberships of cooperations")
        ordering = ["municipality__number", "valid_from"]
        constraints = membership_constraints("cooperation")
