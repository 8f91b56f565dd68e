"""Setting the round of input: until when, and whom it asks."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from plans import rules
from plans.enums import PlanState
from plans.forms.parties import Parties, parties_of
from plans.forms.round import RoundForm
from plans.models import ContributionRound, PartnerPlan
from plans.services import rounds
from plans.urls_for import inbox_url
from plans.views.access import get_plan
from plans.views.contributions import crumbs_of
from plans.views.editing import WorkRequest, answer_form


def round_edit(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Until when input is taken, what those invited are told, and who they are."""
    plan = get_plan(request, county, year, rules.can_set_round)
    round_ = rounds.round_of(plan)
    invited = rounds.invitations_of(round_) if round_ else []
    form = RoundForm(
        request.POST or None,
        instance=round_ or ContributionRound(plan=plan),
        parties=_own(plan, parties_of(plan)),
        invited={row.party_code for row in invited},
        today=rounds.today(),
        cancel_url=inbox_url(plan),
    )
    if choose := request.POST.get("choose"):
        form.ticked(choose)

    def save() -> str:
        rounds.save_round(
            plan=plan,
            values=form.values(),
            invited=form.invited,
            expected_version=form.expected_version,
            by=request.user,
        )
        if plan.state == PlanState.CONSULTATION:
            text = _("The round is saved. Those invited are told.")
        else:
            text = _("The round is saved. Those invited are told when consultation begins.")
        messages.success(request, text)
        return inbox_url(plan)

    heading = _("Round of input")
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=heading,
        crumb=heading,
        context={"crumbs": crumbs_of(request, plan, heading)},
    )


def _own(plan: PartnerPlan, parties: Parties) -> Parties:
    """Leave out the municipalities of other counties, which send no input to this one's plan."""
    county = plan.agreement.county_id
    own = [place for place in parties.municipalities if place.county_id == county]
    return replace(parties, municipalities=own)
