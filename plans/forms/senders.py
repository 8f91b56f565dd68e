"""Who sends a contribution: those whom its writer speaks for; for the editor all in the county."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans import rules
from plans.models import PartnerPlan
from plans.models.round import Party, party_code, party_name

Choices = list[tuple[Any, Any]]


def own_senders(user: User, plan: PartnerPlan) -> list[Party]:
    """Return whom of the plan's county the user speaks for, as they are in its year; no query."""
    mine: list[Party | None] = []
    for role in user.roles:
        mine += [role.cooperation, role.working_group]
    mine += user.contact_for
    found = {party_code(p): p for p in mine if p is not None and rules.speaks_for(user, plan, p)}
    return list(found.values())


def all_senders(plan: PartnerPlan) -> list[Party]:
    """Return all who can contribute to the plan: the county's cooperations, working groups, and
    municipalities of its year. Takes three queries."""
    county = plan.agreement.county
    places = Municipality.objects.valid_in_year(plan.year).in_county(county.number)
    return [
        *ProcurementCooperation.objects.filter(county=county),
        *WorkingGroup.objects.filter(county=county),
        *places.order_by("number"),
    ]


def sender_field(senders: list[Party]) -> forms.ChoiceField:
    """Return the field that asks who the sender is; its values are such as COOPERATION:lag."""
    choices: Choices = [(party_code(party), party_name(party)) for party in senders]
    if len(choices) != 1:
        choices = [("", _("Choose a sender")), *choices]
    return forms.ChoiceField(label=_("On behalf of"), choices=choices)
