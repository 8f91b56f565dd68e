"""The round in which a county asks for contributions, and whom it asked."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import ResponsibleKind
from plans.models.fields import MAX_TEXT, Edited

if TYPE_CHECKING:
    from datetime import date

Party = Municipality | ProcurementCooperation | WorkingGroup

PARTIES = ("municipality", "cooperation", "working_group")


def one_party(name: str) -> models.CheckConstraint:
    """Return the constraint that a row names exactly one municipality, cooperation or group."""
    ways = Q()
    for party in PARTIES:
        ways |= Q(**{f"{other}__isnull": other != party for other in PARTIES})
    return models.CheckConstraint(condition=ways, name=name)


class OfParty(models.Model):
    """A row that belongs to one municipality, one cooperation or one working group."""

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
    def party(self) -> Party:
        """Whom the row belongs to."""
        party = self.municipality or self.cooperation or self.working_group
        assert party is not None  # a constraint says so
        return party

    @property
    def party_code(self) -> str:
        """The party's kind and its number or key, such as MUNICIPALITY:1506."""
        return party_code(self.party)

    @property
    def party_name(self) -> str:
        """What the party is called where it stands alone."""
        return party_name(self.party)


def party_code(party: Party) -> str:
    """Return a party's kind and its number or key, such as MUNICIPALITY:1506."""
    if isinstance(party, Municipality):
        return f"{ResponsibleKind.MUNICIPALITY}:{party.number}"
    if isinstance(party, ProcurementCooperation):
        return f"{ResponsibleKind.COOPERATION}:{party.key}"
    return f"{ResponsibleKind.WORKING_GROUP}:{party.key}"


def party_name(party: Party) -> str:
    """Return what a party is called where it stands alone, as plans name who is responsible."""
    return f"{party.name} kommune" if isinstance(party, Municipality) else party.name


def party_fields(party: Party) -> dict[str, Party | None]:
    """Return the three fields of ``OfParty`` for one party."""
    return {
        "municipality": party if isinstance(party, Municipality) else None,
        "cooperation": party if isinstance(party, ProcurementCooperation) else None,
        "working_group": party if isinstance(party, WorkingGroup) else None,
    }


class ContributionRound(Edited):
    """Until when a plan takes contributions, and what those invited are told."""

    plan = models.OneToOneField(
        "plans.PartnerPlan",
        on_delete=models.PROTECT,
        related_name="contribution_round",
        verbose_name=_("plan"),
        editable=False,
    )
    closes_on = models.DateField(
        _("input until"),
        null=True,
        blank=True,
        help_text=_("The last day on which input can be sent. The whole day counts."),
    )
    message = models.TextField(
        _("message to those invited"),
        max_length=MAX_TEXT,
        blank=True,
        help_text=_("What you want input on. Leave an empty line between paragraphs."),
    )

    class Meta:
        verbose_name = _("round of input")
        verbose_name_plural = _("rounds of input")

    def __str__(self) -> str:
        return str(_("The round of input"))

    def is_open_on(self, day: "date") -> bool:
        """Say whether the date lets contributions in on ``day``; the plan's state must too."""
        return self.closes_on is not None and day <= self.closes_on


class RoundInvitation(OfParty):
    """A party that a round asked. ``told_at`` is when its people were told."""

    round = models.ForeignKey(
        ContributionRound,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("round of input"),
    )
    told_at = models.DateTimeField(_("told"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("invitation to a round of input")
        verbose_name_plural = _("invitations to a round of input")
        ordering = ["round", "pk"]
        constraints = [
            one_party("plans_invitation_one_party"),
            *(
                models.UniqueConstraint(
                    fields=["round", party], name=f"plans_invitation_{party}_once"
                )
                for party in PARTIES
            ),
        ]

    def __str__(self) -> str:
        return self.party_name
