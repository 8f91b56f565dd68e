"""Contributions to a plan, and the round that asks for them."""

from datetime import date

from accounts.models import User
from plans.models import Contribution, ContributionRound, PartnerPlan
from plans.models.round import Party
from plans.services.contributions import add_contribution, send_contribution
from tests.factories.accounts import UserFactory

SAID: dict[str, str] = {
    "title": "Felles dialog med marknaden",
    "area": "Helse og omsorg",
    "need": "Kvar kommune spør for seg.",
    "benefit": "Færre og betre prosessar.",
    "participants": "Alle i samarbeidet.",
    "language": "nn",
}


def make_round(plan: PartnerPlan, closes_on: date = date(2999, 12, 31)) -> ContributionRound:
    """Return the round of a plan, that nobody is invited to."""
    return ContributionRound.objects.create(plan=plan, closes_on=closes_on)


def make_contribution(
    plan: PartnerPlan,
    sender: Party,
    *,
    by: User | None = None,
    sent: bool = True,
    on_behalf: bool = False,
    **values: str,
) -> Contribution:
    """Return a complete contribution, sent whether the round is open or not, or a draft."""
    by = by or UserFactory.create()
    contribution = add_contribution(
        plan=plan, sender=sender, values={**SAID, **values}, by=by, on_behalf=on_behalf
    )
    if sent:
        contribution = send_contribution(contribution=contribution, by=by, late=True)
    return contribution
