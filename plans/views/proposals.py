"""Proposed changes: LUP's adviser makes them, the county's editor answers."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import rules
from plans.enums import ProposalState
from plans.forms.parties import Parties, parties_of
from plans.forms.proposals import AnswerForm, ProposalForm
from plans.models import Measure, PartnerPlan, Proposal
from plans.services import proposals as service
from plans.services.proposed import PartyIsGone, item_of, items
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import comments_url, proposal_url
from plans.views.access import came_too_late, get_plan
from plans.views.editing import (
    CONFLICT,
    UNPROCESSABLE,
    WorkRequest,
    answer_form,
    bench_crumbs,
    frozen,
)
from plans.views.measures import get_measure

ON_A_PAGE = 30


@require_safe
def proposals(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Every proposed change of the plan: those that wait, or with ``?vis=alle`` all."""
    plan = get_plan(request, county, year, rules.can_work)
    every = request.GET.get("vis") == "alle"
    found = Proposal.objects.in_plan(plan) if every else service.open_proposals(plan)
    return render(
        request,
        "plans/work/proposals.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "every": every,
            "page": Paginator(found.with_people(), ON_A_PAGE).get_page(request.GET.get("page")),
            "crumbs": bench_crumbs(plan, _("Proposed changes")),
        },
    )


@require_safe
def proposal(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """What a proposal changes, word by word; the editor answers it here."""
    plan, found = _proposal(request, county, year, pk)
    measure = found.measure
    form = AnswerForm(items=items(found, measure), version=measure.version)
    return _page(request, plan, found, form)


@require_POST
def proposal_answer(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Accept a proposal, all or some of it, or decline it with a reason."""
    plan, found = _proposal(request, county, year, pk)
    if not rules.can_edit(request.user, plan):
        raise PermissionDenied
    form = AnswerForm(
        request.POST, items=items(found, found.measure), version=found.measure.version
    )
    if not form.is_valid():
        return _page(request, plan, found, form, status=UNPROCESSABLE)
    answer = form.cleaned_data["answer"]
    try:
        if form.declines:
            service.decline_proposal(proposal=found, answer=answer, by=request.user)
            messages.success(request, _("The proposal is declined, and the adviser is told why."))
        else:
            service.accept_proposal(
                proposal=found,
                items=form.chosen,
                expected_version=form.cleaned_data["version"],
                answer=answer,
                by=request.user,
            )
            messages.success(request, _("The measure is changed, and the adviser is told."))
    except PlanIsFrozen:
        return frozen(request, plan)
    except service.ProposalIsAnswered:
        messages.error(request, _("Not saved: it was answered or withdrawn meanwhile."))
    except (service.MeasureIsGone, PartyIsGone):
        messages.error(
            request,
            _("Not saved: the measure, or somebody whom the proposal names, is gone."),
        )
    except Conflict:
        # Written meanwhile: what it says now, and everything that was typed and chosen.
        plan, found = _proposal(request, county, year, pk)
        form = form.refresh(items(found, found.measure), found.measure.version)
        return _page(request, plan, found, form, status=CONFLICT, conflict=True)
    return HttpResponseRedirect(proposal_url(plan, found))


@require_POST
def proposal_withdraw(request: WorkRequest, county: str, year: int, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    plan, found = _proposal(request, county, year, pk)
    if found.made_by_id != request.user.pk or not rules.can_withdraw(request.user, plan, found):
        raise PermissionDenied
    try:
        service.withdraw_proposal(proposal=found, by=request.user)
        messages.success(request, _("The proposal is withdrawn."))
    except PlanIsFrozen:
        return frozen(request, plan)
    except service.ProposalIsAnswered:
        messages.error(request, _("Not withdrawn: it was answered meanwhile."))
    return HttpResponseRedirect(proposal_url(plan, found))


def proposal_new(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Propose a change of a measure; one's earlier proposal, if it waits, is gone on from."""
    plan = get_plan(request, county, year, rules.can_work)
    measure = get_measure(plan, key)
    may_propose = partial(rules.can_propose, measure=measure)
    if not may_propose(request.user, plan) and not came_too_late(request, plan, may_propose):
        raise PermissionDenied
    number = measure.number
    earlier = service.open_proposals(plan).filter(measure=measure, made_by=request.user).first()
    parties = parties_of(plan, measure)
    form = ProposalForm(
        request.POST or None,
        instance=measure,
        initial=_going_on(measure, earlier, parties) if request.method == "GET" else None,
        part=measure.part,
        parties=parties,
        cancel_url=comments_url(plan, measure),
    )
    if choose := request.POST.get("choose"):
        form.ticked(choose)

    def save() -> str:
        try:
            made = service.make_proposal(
                measure=measure,
                values=form.values(),
                reason=form.cleaned_data["reason"],
                expected_version=form.expected_version,
                by=request.user,
            )
        except service.NothingProposed:
            messages.error(
                request, _("Nothing is proposed: everything is as the measure says already.")
            )
            return comments_url(plan, measure)
        except service.MeasureIsGone:
            messages.error(request, _("Nothing is proposed: the measure was deleted meanwhile."))
            return comments_url(plan, measure)
        messages.success(request, _("The change is proposed. The county's editors are asked."))
        return proposal_url(plan, made)

    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=_("Propose a change of measure %(number)s") % {"number": number},
        crumb=_("Propose a change"),
        context={"part": measure.part},
    )


def _proposal(
    request: WorkRequest, county: str, year: int, pk: int
) -> tuple[PartnerPlan, Proposal]:
    plan = get_plan(request, county, year, rules.can_work)
    found = get_object_or_404(
        Proposal.objects.in_plan(plan).with_people(),
        pk=pk,
    )
    return plan, found


def _page(
    request: WorkRequest,
    plan: PartnerPlan,
    found: Proposal,
    form: AnswerForm,
    *,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    can_answer = rules.can_answer_proposal(request.user, plan, found)
    return render(
        request,
        "plans/work/proposal.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "proposal": found,
            "measure": found.measure,
            "form": form,
            "rows": [
                (item, form[f"item-{item.key}"] if can_answer and not item.settled else None)
                for item in form.every
            ],
            "taken_items": {item_of(name) for name in found.taken},
            "conflict": conflict,
            "can_answer": can_answer,
            "can_withdraw": rules.can_withdraw(request.user, plan, found),
            "is_accepted": found.state == ProposalState.ACCEPTED,
            "crumbs": bench_crumbs(
                plan, _("Proposed change of %(number)s") % {"number": found.measure.number}
            ),
        },
        status=status,
    )


def _going_on(measure: Measure, earlier: Proposal | None, parties: Parties) -> dict[str, object]:
    """Return what the form opens on besides the measure, whose own fields are set here and which
    nobody saves. No query: ``parties`` are read already."""
    if earlier is None:
        return {}
    initial: dict[str, object] = {"reason": earlier.reason}
    bodies = (*parties.municipalities, *parties.cooperations, *parties.working_groups)
    for name, value in earlier.values.items():
        field = Measure._meta.get_field(name)
        if field.many_to_many:
            initial[name] = value
        elif isinstance(field, models.ForeignKey):
            same = (b for b in bodies if isinstance(b, field.related_model) and b.pk == value)
            setattr(measure, name, next(same, None))
        else:
            setattr(measure, name, field.to_python(value))  # type: ignore[union-attr]
    return initial
