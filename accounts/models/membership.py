"""A role that a user holds for an organisation, from a date and perhaps to one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import COUNTY_ROLES, NATIONAL_ROLES, Role
from municipalities.dated import Dated, DatedQuerySet
from municipalities.models import County, Municipality, ProcurementCooperation, WorkingGroup

ORGANISATIONS = ("county", "municipality", "cooperation", "working_group")


def _only(*named: str) -> Q:
    """Return the condition that, of the four organisations, exactly ``named`` are given."""
    return Q(**{f"{field}__isnull": field not in named for field in ORGANISATIONS})


class ForOrganisation(models.Model):
    """A role and the one organisation that it is for; the programme's people and the administrator
    are theirs for none."""

    role = models.CharField(_("role"), max_length=20, choices=Role)
    county = models.ForeignKey(
        "municipalities.County",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("county"),
    )
    municipality = models.ForeignKey(
        "municipalities.Municipality",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("municipality"),
    )
    cooperation = models.ForeignKey(
        "municipalities.ProcurementCooperation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("procurement cooperation"),
    )
    working_group = models.ForeignKey(
        "municipalities.WorkingGroup",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("working group"),
    )

    class Meta:
        abstract = True

    @property
    def body(self) -> "ProcurementCooperation | WorkingGroup | None":
        """The cooperation or working group that it is for."""
        return self.cooperation or self.working_group

    @property
    def organisation(
        self,
    ) -> "County | Municipality | ProcurementCooperation | WorkingGroup | None":
        """Whatever it is for; None for the programme's people and the administrator."""
        return self.county or self.municipality or self.body

    @property
    def organisation_fields(self) -> dict[str, models.Model | None]:
        """The four organisations by the names of their fields."""
        return {name: getattr(self, name) for name in ORGANISATIONS}


def right_organisation(name: str) -> models.CheckConstraint:
    """Return the database's own check that a role is for the kind of organisation it goes with."""
    return models.CheckConstraint(
        condition=(
            Q(Q(role__in=COUNTY_ROLES), _only("county"))
            | Q(Q(role=Role.MUNICIPAL_CONTACT), _only("municipality"))
            | Q(Q(role=Role.CONTRIBUTOR), _only("cooperation") | _only("working_group"))
            | Q(Q(role__in=NATIONAL_ROLES), _only())
        ),
        name=name,
        violation_error_message=_("Choose the organisation that the role is for."),
    )


class Membership(Dated, ForOrganisation):
    """``user`` is ``role`` for one organisation; LUP's people and administrators for none.

    It holds from ``valid_from`` up to, not including, ``valid_to``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("user"),
    )
    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of users")
        ordering = ["user", "role", "valid_from"]
        constraints = [
            Dated.range_constraint("accounts_membership_range"),
            right_organisation("accounts_membership_right_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_role_display()}"
