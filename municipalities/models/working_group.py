"""The working group or learning arena that a plan is shaped in dialogue with."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from municipalities.enums import GroupKind
from municipalities.fields import choice_constraint
from municipalities.models.membership import (
    Body,
    BodyMembership,
    BodyQuerySet,
    MembershipManager,
    body_constraints,
    membership_constraints,
)


class WorkingGroupQuerySet(BodyQuerySet["WorkingGroup"]):
    """Reads of working groups."""


class WorkingGroup(Body):
    """E.g. a group in "Byen som regional motor".

    The home county takes part itself; the members are the municipalities.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=GroupKind)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["key"]
        constraints = [
            *body_constraints("group"),
            choice_constraint("kind", GroupKind, "group_kind_known"),
        ]


class WorkingGroupMembership(BodyMembership):
    """A municipality's part in a working group."""

    body_field = "group"

    group = models.ForeignKey(
        WorkingGroup,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("working group"),
    )

    objects = MembershipManager["WorkingGroupMembership"]()

    class Meta:
        verbose_name = _("membership of a working group")
        verbose_name_plural = _("memberships of working groups")
        ordering = ["municipality__number", "valid_from"]
        constraints = membership_constraints("group")
