"""Carrying a plan on into the next year, measure by measure."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from plans import rules
from plans.carrying import Candidate, RolloverReading, agreement_for, proposal, read_rollover
from plans.enums import Decision, MeasureStatus
from plans.forms.rollover import TEXTS, DecisionForm, RestForm, SeveralForm
from plans.models import FocusArea, Measure, PartnerPlan, Rollover, RolloverDecision
from plans.services import rollover as service
from plans.services.rollover_confirm import NotReady, SummaryIsOld, confirm_rollover
from plans.urls_for import bench_url, rollover_url
from plans.views.access import checked, get_plan
from plans.views.editing import WorkRequest, answer_form, bench_crumbs

UNPROCESSABLE, CONFLICT = 422, 409


def get_rollover(
    request: HttpRequest, county: str, year: int
) -> tuple[PartnerPlan, Rollover | None]:
    """Return the plan at an address for somebody who may carry it on, as ``get_plan`` does, and its
    roll-over that is being worked on, if there is one."""
    current = (
        Rollover.objects.open()
        .with_parties()
        .filter(source__agreement__county__slug=county, source__year=year)
        .first()
    )
    if current is None:
        return get_plan(request, county, year, rules.can_roll_over), None
    return checked(request, current.source, rules.can_roll_over), current


def rollover(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The measures with what becomes of each; before it is begun, what carrying on means."""
    plan, current = get_rollover(request, county, year)
    if request.method == "POST":
        return _start(request, plan)
    if current is None:
        return _before(request, plan)
    reading = read_rollover(current)
    undecided = request.GET.get("vis") == "uavgjorde"
    return render(
        request,
        "plans/rollover/list.html",
        {
            **_context(plan, current),
            "reading": reading,
            "undecided_only": undecided,
            "shown": reading.undecided if undecided else reading.candidates,
            "statuses": [
                (status, reading.statuses[status])
                for status in MeasureStatus
                if reading.statuses[status]
            ],
        },
    )


def _start(request: WorkRequest, plan: PartnerPlan) -> HttpResponse:
    # The page itself says so where it can't be.
    with suppress(service.NoAgreement, service.YearHasPlan):
        service.start_rollover(source=plan, by=request.user)
    return HttpResponseRedirect(rollover_url(plan))


def _before(request: WorkRequest, plan: PartnerPlan) -> HttpResponse:
    target = plan.year + 1
    return render(
        request,
        "plans/rollover/start.html",
        {
            **_context(plan),
            "target": target,
            "agreement": agreement_for(plan, target),
            "taken": PartnerPlan.objects.with_parties()
            .filter(agreement__county=plan.agreement.county_id, year=target)
            .first(),
            "measures": Measure.objects.in_plan(plan.pk).count(),
        },
    )


def decide(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """What becomes of one measure."""
    plan, current = get_rollover(request, county, year)
    if current is None:
        return _over(request, plan)
    reading = read_rollover(current)
    candidate = reading.find(key)
    if candidate is None:
        raise Http404
    measure = candidate.measure
    form = DecisionForm(
        request.POST or None,
        instance=candidate.decision or _proposed(candidate),
        candidate=candidate,
        cancel_url=_row_url(plan, measure),
    )

    def save() -> str:
        try:
            service.decide(
                rollover=current,
                measure=measure,
                values=form.values(),
                expected_version=form.expected_version,
                by=request.user,
            )
        except (service.RolloverIsOver, service.NotInRollover):
            _tell_over(request)
            return rollover_url(plan)
        messages.success(
            request,
            _("The decision about measure %(number)s is saved.") % {"number": measure.number},
        )
        return _row_url(plan, measure)

    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=f"{measure.number} {measure.title}",
        crumb=measure.number,
        listed=False,
        context={
            **_context(plan, current, measure.number),
            "above": "plans/rollover/_measure.html",
            "candidate": candidate,
        },
    )


def several(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The same decision about several measures; ``?status=`` offers those with a status."""
    plan, current = get_rollover(request, county, year)
    if current is None:
        return _over(request, plan)
    reading = read_rollover(current)
    status = request.GET.get("status", "")
    offered = [c for c in reading.undecided if status in ("", c.measure.status)]
    form = SeveralForm(request.POST or None, offered=offered, cancel_url=rollover_url(plan))
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["measures"])
        try:
            count = service.decide_several(
                rollover=current,
                measures=[c.measure for c in offered if str(c.measure.key) in chosen],
                decision=Decision(form.cleaned_data["decision"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except (service.RolloverIsOver, service.NotInRollover):
            return _over(request, plan)
        messages.success(
            request, _("Measures that were decided about: %(count)s.") % {"count": count}
        )
        return HttpResponseRedirect(rollover_url(plan))
    return render(
        request,
        "plans/rollover/several.html",
        {
            **_context(plan, current, _("Several at once")),
            "form": form,
            "offered": offered,
            "status": status if status in MeasureStatus.values else "",
            "statuses": [
                (code, reading.statuses[code]) for code in MeasureStatus if reading.statuses[code]
            ],
        },
        status=UNPROCESSABLE if request.method == "POST" else 200,
    )


def rest(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The new plan's title, and which texts and focus areas it begins with."""
    plan, current = get_rollover(request, county, year)
    if current is None:
        return _over(request, plan)
    areas = FocusArea.objects.filter(part__plan=plan, position__isnull=False)
    form = RestForm(
        request.POST or None,
        instance=current,
        areas=list(areas.select_related("part").order_by("part__kind", "position")),
        cancel_url=rollover_url(plan),
    )

    def save() -> str:
        try:
            service.change_rollover(
                rollover=current,
                values=form.values(),
                expected_version=form.expected_version,
                by=request.user,
            )
        except service.RolloverIsOver:
            _tell_over(request)
        return rollover_url(plan)

    heading = _("Title, texts and focus areas")
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=heading,
        crumb=heading,
        listed=False,
        context=_context(plan, current, heading),
    )


def summary(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Everything that will be made; a POST makes it."""
    plan, current = get_rollover(request, county, year)
    if current is None:
        return _over(request, plan)
    status = 200
    if request.method == "POST":
        status = CONFLICT
        seen = request.POST.get("seen", "")
        try:
            made = confirm_rollover(rollover=current, by=request.user, seen=seen)
        except service.RolloverIsOver:
            return _over(request, plan)
        except SummaryIsOld:
            messages.warning(
                request,
                _("Not confirmed: something has changed meanwhile. Look through it again."),
            )
        except NotReady:
            messages.error(request, _("Not confirmed: not everything is decided and answered."))
        except service.YearHasPlan:
            return HttpResponseRedirect(rollover_url(plan))
        else:
            messages.success(
                request,
                _("The plan for %(year)s is made, as a draft.") % {"year": made.year},
            )
            return HttpResponseRedirect(bench_url(made))
    reading = read_rollover(current)
    return render(
        request,
        "plans/rollover/summary.html",
        {
            **_context(plan, current, _("Summary")),
            "reading": reading,
            "areas": _areas_to_be(plan, current, reading),
            "texts": [label for code, label in TEXTS if code in current.texts],
        },
        status=status,
    )


def cancel(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Ask, then give the roll-over up."""
    plan, current = get_rollover(request, county, year)
    if current is None:
        return _over(request, plan)
    if request.method == "POST":
        try:
            service.cancel_rollover(rollover=current, by=request.user)
        except service.RolloverIsOver:
            return _over(request, plan)
        messages.success(request, _("The roll-over is given up. No plan was made."))
        return HttpResponseRedirect(bench_url(plan))
    return render(
        request,
        "plans/work/delete.html",
        {
            **_context(plan, current, _("Give up")),
            "title": _("Give up carrying the plan on into %(year)s?")
            % {"year": current.target_year},
            "text": _(
                "No plan is made. The decisions so far are kept in the history alone: you"
                " begin anew if you carry the plan on later."
            ),
            "label": _("Give it up"),
            "cancel_url": rollover_url(plan),
        },
    )


def _context(
    plan: PartnerPlan, current: Rollover | None = None, last: str = ""
) -> dict[str, object]:
    """Return what every page of a roll-over needs; ``last`` is the page below the list."""
    name = _("Into %(year)s") % {"year": plan.year + 1}
    crumbs = bench_crumbs(plan, name)
    if last:
        crumbs = [*crumbs[:-1], (name, rollover_url(plan)), (last, "")]
    return {"plan": plan, "is_example": plan.is_example, "rollover": current, "crumbs": crumbs}


def _proposed(candidate: Candidate) -> RolloverDecision:
    """Return a decision to begin with: the measure's period moved into the new year."""
    measure, rollover = candidate.measure, candidate.rollover
    period = proposal(measure, rollover.target_year)
    return RolloverDecision(
        rollover=rollover,
        measure=measure,
        period_unit=measure.period_unit,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )


def _row_url(plan: PartnerPlan, measure: Measure) -> str:
    return f"{rollover_url(plan)}#measure-{measure.key}"


def _areas_to_be(plan: PartnerPlan, current: Rollover, reading: RolloverReading) -> list[FocusArea]:
    """Return the focus areas of the plan that the new one begins with."""
    needed = {c.measure.focus_area_id for c in reading.carried}
    areas = FocusArea.objects.filter(part__plan=plan, position__isnull=False)
    return [
        area
        for area in areas.select_related("part").order_by("part__kind", "position")
        if area.pk in needed or str(area.key) in current.focus_areas
    ]


def _tell_over(request: WorkRequest) -> None:
    messages.error(
        request,
        _("Not saved: the roll-over was confirmed or given up meanwhile, or the measure is gone."),
    )


def _over(request: WorkRequest, plan: PartnerPlan) -> HttpResponse:
    """Answer somebody who comes to a roll-over that is over, or not begun."""
    if request.method == "POST":
        _tell_over(request)
    return HttpResponseRedirect(rollover_url(plan))
