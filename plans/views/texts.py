"""Writing the plan's title, its texts and the introductions of its parts."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from plans import rules
from plans.enums import PartKind, TextKind
from plans.forms.texts import PlanPartForm, PlanTextForm, PlanTitleForm
from plans.models import PlanPart, PlanText
from plans.services.plans import change_part, change_plan, change_text
from plans.urls_for import bench_url
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, answer_form


def title_edit(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The plan's title."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    form = PlanTitleForm(request.POST or None, instance=plan, cancel_url=bench_url(plan))

    def save() -> str:
        change_plan(
            plan=plan,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        return bench_url(plan)

    title = _("The plan's title")
    return answer_form(request, plan=plan, form=form, save=save, heading=title, crumb=title)


def text_edit(request: WorkRequest, county: str, year: int, kind: str) -> HttpResponse:
    """One of the texts that the plan opens with; ``kind`` is its code in lower case."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    code = kind.upper().replace("-", "_")
    if code not in TextKind.values:
        raise Http404
    text = get_object_or_404(PlanText, plan=plan, kind=code)
    back = f"{bench_url(plan)}#tekst-{kind}"
    form = PlanTextForm(request.POST or None, instance=text, cancel_url=back)

    def save() -> str:
        change_text(
            text=text,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        return back

    title = str(TextKind(code).label)
    return answer_form(request, plan=plan, form=form, save=save, heading=title, crumb=title)


def part_edit(request: WorkRequest, county: str, year: int, number: int) -> HttpResponse:
    """The introduction of part one or two."""
    plan = get_plan(request, county, year, rules.can_edit, to_write=True)
    part = get_part(plan.pk, number)
    back = f"{bench_url(plan)}#del-{number}"
    form = PlanPartForm(request.POST or None, instance=part, cancel_url=back)

    def save() -> str:
        change_part(
            part=part,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        return back

    title = _("Introduction to part %(number)s") % {"number": number}
    return answer_form(request, plan=plan, form=form, save=save, heading=title, crumb=title)


def get_part(plan_id: int, number: int) -> PlanPart:
    """Return part 1 or 2 of a plan. Raises ``Http404`` for any other number."""
    kind = next((kind for kind in PartKind if kind.number == number), None)
    if kind is None:
        raise Http404
    return get_object_or_404(PlanPart.objects.select_related("plan"), plan=plan_id, kind=kind)
