"""The input that was sent to a plan, and what the editor answers."""

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import rules
from plans.enums import ContributionState
from plans.forms.answer import AnswerForm, MeasureFromForm
from plans.models import Contribution, FocusArea, Measure, PartnerPlan
from plans.services import answers as service
from plans.services import rounds
from plans.services.measures import FocusAreaIsGone
from plans.services.saving import PlanIsFrozen
from plans.urls_for import bench_url, contribution_url, inbox_url
from plans.views.access import came_too_late, get_plan
from plans.views.contributions import crumbs_of, get_contribution
from plans.views.editing import Refused, WorkRequest, answer_form

UNANSWERED = "UNANSWERED"  # the filter for what an answer is owed


@require_safe
def inbox(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """All input to a plan, and who was asked and hasn't sent any.

    ``?tilstand=`` is a state or UNANSWERED, ``?avsendar=`` the code of a sender.
    """
    plan = get_plan(request, county, year, rules.can_read_inbox)
    rows = Contribution.objects.filter(plan=plan).with_sender().with_results()
    found = list(rows.annotate(file_count=Count("files")).order_by("-sent_at", "-pk"))
    sent = [row for row in found if not row.is_draft]
    state, sender = request.GET.get("tilstand", ""), request.GET.get("avsendar", "")
    round_ = rounds.round_of(plan)
    invited = rounds.invitations_of(round_) if round_ else []
    senders = {row.party_code: row.party_name for row in sent}
    response = render(
        request,
        "plans/input/inbox.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "round": round_,
            "is_open": rules.takes_input(plan, round_, rounds.today()),
            "invited": invited,
            "silent": [row.party_name for row in invited if row.party_code not in senders],
            "states": _states(sent),
            "senders": sorted(senders.items(), key=lambda item: item[1]),
            "state": state,
            "sender": sender,
            "sent": [row for row in sent if _matches(row, state, sender)],
            "total": len(sent),
            "drafts": [
                row
                for row in found
                if row.is_draft and rules.can_write_contribution(request.user, plan, row)
            ],
            "can_set_round": rules.can_set_round(request.user, plan),
            "can_write": rules.can_write_on_behalf(request.user, plan),
            "crumbs": crumbs_of(request, plan, "")[:-1],
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def consider(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Take input under consideration, also once more after it was answered."""
    plan, contribution = _answerable(request, county, year, key)

    def act() -> None:
        service.consider(contribution=contribution, by=request.user)

    return _done(request, plan, contribution, act)


def answer(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Answer input: taken into the plan, as which measure or focus area; or declined, and why."""
    plan, contribution = _answerable(request, county, year, key)
    title = contribution.title
    form = AnswerForm(
        request.POST or None,
        instance=contribution,
        measures=list(Measure.objects.in_plan(plan.pk).select_related("part")),
        areas=_areas(plan),
        initial={"decision": request.GET.get("svar", "")},
        cancel_url=contribution_url(plan, contribution),
    )

    def save() -> str:
        try:
            service.answer_contribution(
                contribution=contribution,
                expected_version=form.expected_version,
                by=request.user,
                **form.values(),
            )
        except service.LeadsNowhere:
            raise Refused(
                _("Choose the measure or the focus area that it is taken into first.")
            ) from None
        except service.IsWithdrawn:
            raise Refused(_("The sender has withdrawn the input meanwhile.")) from None
        except service.OfAnotherPlan:
            raise Refused(_gone_text()) from None
        messages.success(request, _("The answer is sent."))
        return contribution_url(plan, contribution)

    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=_("Answer “%(title)s”") % {"title": title},
        crumb=title,
        template="plans/input/answer.html",
        context={
            "contribution": contribution,
            "crumbs": crumbs_of(request, plan, title),
        },
    )


@require_POST
def disconnect(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Take back that input led to a measure or a focus area, named by key in ``measure`` or
    ``focus_area``."""
    plan, contribution = _answerable(request, county, year, key)
    uses = {str(use.measure.key): use.measure for use in contribution.uses.all()}
    links = {str(link.focus_area.key): link.focus_area for link in contribution.areas.all()}
    measure = uses.get(request.POST.get("measure", ""))
    focus_area = links.get(request.POST.get("focus_area", ""))
    if measure is None and focus_area is None:
        raise Http404

    def act() -> None:
        service.disconnect(
            contribution=contribution, measure=measure, focus_area=focus_area, by=request.user
        )

    return _done(request, plan, contribution, act)


def measure_from(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Make a measure of input, in a focus area; the answer to the sender is given afterwards."""
    plan, contribution = _answerable(request, county, year, key)
    back = contribution_url(plan, contribution)
    data = request.POST if request.method == "POST" else None
    form = MeasureFromForm(data, areas=_areas(plan), cancel_url=back)
    heading = _("New measure from “%(title)s”") % {"title": contribution.title}
    if request.method == "POST" and form.is_valid():
        try:
            measure = service.measure_from(
                contribution=contribution,
                focus_area=form.area,
                kind=form.cleaned_data["kind"],
                by=request.user,
            )
        except FocusAreaIsGone:
            form.add_error("focus_area", _gone_text())
        except service.IsWithdrawn:
            form.add_error(None, _("The sender has withdrawn the input meanwhile."))
        except PlanIsFrozen:
            form.add_error(None, _("The plan is no longer open for changes."))
        else:
            text = _("Measure %(number)s is made. Now answer the sender.")
            messages.success(request, text % {"number": measure.number})
            to = contribution_url(plan, contribution, "contribution_answer")
            return HttpResponseRedirect(f"{to}?svar={ContributionState.ACCEPTED}")
    return render(
        request,
        "plans/work/form.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "edit_id": "edit",
            "heading": heading,
            "crumbs": crumbs_of(request, plan, contribution.title),
        },
        status=422 if form.errors else 200,
    )


def _answerable(
    request: WorkRequest, county: str, year: int, key: UUID
) -> tuple[PartnerPlan, Contribution]:
    """Return sent input that the visitor may answer. Raises ``Http404``, ``PermissionDenied``."""
    plan = get_plan(request, county, year, rules.can_read_in_part)
    contribution = get_contribution(request, plan, key)
    if not rules.can_answer(request.user, plan) and not came_too_late(
        request, plan, rules.can_answer
    ):
        raise PermissionDenied
    if contribution.is_draft:
        raise Http404
    return plan, contribution


def _done(
    request: WorkRequest, plan: PartnerPlan, contribution: Contribution, act: Callable[[], None]
) -> HttpResponse:
    """Do something with input that takes no form, and go back to its page."""
    try:
        act()
    except service.LeadsNowhere:
        text = _("It is taken into the plan by this alone. Change the answer first.")
        messages.error(request, text)
    except service.IsWithdrawn:
        messages.error(request, _("The sender has withdrawn the input meanwhile."))
        return HttpResponseRedirect(inbox_url(plan))
    except PlanIsFrozen:
        messages.error(request, _("Not saved: the plan is no longer open for changes."))
        return HttpResponseRedirect(bench_url(plan))
    return HttpResponseRedirect(contribution_url(plan, contribution))


def _states(sent: Sequence[Contribution]) -> list[tuple[str, str, int]]:
    """Return the filters with how many each holds: all, those that an answer is owed, by state."""
    counts = Counter(row.state for row in sent)
    owed = sum(row.needs_answer for row in sent)
    states = [state for state in ContributionState if state != ContributionState.DRAFT]
    return [
        ("", _("All"), len(sent)),
        (UNANSWERED, _("Without an answer"), owed),
        *((state.value, str(state.label), counts[state]) for state in states),
    ]


def _matches(row: Contribution, state: str, sender: str) -> bool:
    if sender and row.party_code != sender:
        return False
    return row.needs_answer if state == UNANSWERED else not state or row.state == state


def _areas(plan: PartnerPlan) -> list[FocusArea]:
    areas = FocusArea.objects.filter(part__plan=plan, position__isnull=False)
    return list(areas.select_related("part").order_by("part__kind", "position"))


def _gone_text() -> str:
    return _("It was deleted meanwhile. Choose another, or bring it back on the workbench first.")
