"""Bringing back what one field said once: asks with the difference, and saves as any change."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.models import Event
from plans import rules
from plans.forms.parties import parties_of
from plans.forms.restoring import FIELDS, NAMING_PARTIES, NotAnyMore, together_with, usable
from plans.history import Change, changes, deed, names_of, who
from plans.models import FocusArea, Measure, PartnerPlan, PlanPart, PlanText
from plans.past import AREA, MEASURE, PART, PLAN, TEXT
from plans.services.focus_areas import change_focus_area
from plans.services.measures import change_measure
from plans.services.plans import change_part, change_plan, change_text
from plans.services.saving import Conflict, PlanIsFrozen
from plans.snapshot import row_values
from plans.urls_for import history_url
from plans.views.access import get_plan
from plans.views.editing import CONFLICT, UNPROCESSABLE, WorkRequest, bench_crumbs, frozen
from plans.views.history import SIDES

Row = PartnerPlan | PlanText | PlanPart | FocusArea | Measure


@dataclass(frozen=True)
class Restoring:
    """A row, and what some of its fields said once: ``logged``. ``current`` is what they say now,
    ``refusal`` why they can't say it again, empty where they can."""

    event: Event
    row: Row
    label: str
    logged: dict[str, Any]
    current: dict[str, Any]
    values: dict[str, Any]
    refusal: str

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs between what stands and what would come back, in words. One query."""
        kind = self.row._meta.label_lower
        names = names_of([(kind, self.current), (kind, self.logged)])
        return changes(kind, self.current, self.logged, names)


def field_restore(
    request: WorkRequest, county: str, year: int, event: int, field: str, side: str
) -> HttpResponse:
    """Ask whether to bring back what ``field`` said before or after an event, or do it."""
    plan = get_plan(request, county, year, rules.can_work)
    if side not in SIDES:
        raise Http404
    told = get_object_or_404(Event.objects.select_related("actor"), pk=event)
    found = _restoring(request, plan, told, field, side)
    back = history_url(plan, found.row if isinstance(found.row, Measure) else None)
    status, conflict = 200, False
    if request.method == "POST":
        status = UNPROCESSABLE
        if not found.refusal:
            try:
                _save(found.row, found.values, _version(request), request)
            except PlanIsFrozen:
                return frozen(request, plan)
            except Conflict:
                status, conflict = CONFLICT, True
                plan = get_plan(request, county, year, rules.can_work)
                found = _restoring(request, plan, told, field, side)
            else:
                messages.success(
                    request, _("It is brought back: %(field)s.") % {"field": found.label}
                )
                return HttpResponseRedirect(back)
    return render(
        request,
        "plans/work/restore.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "found": found,
            "event": told,
            "who": who(told),
            "deed": deed(told),
            "changes": found.changes,
            "is_before": side == SIDES[0],
            "conflict": conflict,
            "back": back,
            "crumbs": bench_crumbs(plan, _("Bring back")),
        },
        status=status,
    )


def _restoring(
    request: WorkRequest, plan: PartnerPlan, event: Event, name: str, side: str
) -> Restoring:
    """Raises ``Http404`` where the event tells nothing of that field, or of another plan, and
    ``PermissionDenied``."""
    row = _row(plan, event)
    _refuse_others(request, plan, row)
    told = event.old if side == SIDES[0] else event.new
    if name not in FIELDS[type(row)] or name not in told:
        raise Http404
    names = together_with(name)
    current = row_values(row, names)
    logged = {**current, name: told[name]}
    if len(names) > 1:
        logged = _then(event, current, before=side == SIDES[0])
    refusal, values = _refusal_of_deleted(row), {}
    if not refusal:
        parties = parties_of(plan) if NAMING_PARTIES & set(names) else None
        try:
            values = usable(row, logged, year=plan.year, parties=parties)
        except NotAnyMore as reason:
            refusal = str(reason)
    label = capfirst(str(row._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return Restoring(event, row, label, logged, current, values, refusal)


def _then(event: Event, current: dict[str, Any], *, before: bool) -> dict[str, Any]:
    """Return what ``current`` fields said right before or after the event."""
    about = {"target_type": event.target_type, "target_id": event.target_id}
    later = [*Event.objects.filter(**about, pk__gt=event.pk).order_by("-pk")]
    values = dict(current)
    for other in [*later, event] if before else later:
        values.update({name: value for name, value in other.old.items() if name in values})
    return values


def _row(plan: PartnerPlan, event: Event) -> Row:
    """Return the row that an event of the plan is about. Raises ``Http404``."""
    rows: dict[str, models.QuerySet[Any]] = {
        TEXT: PlanText.objects.filter(plan=plan),
        PART: PlanPart.objects.filter(plan=plan).select_related("plan"),
        AREA: FocusArea.objects.filter(part__plan=plan).select_related("part"),
        MEASURE: Measure.objects.filter(part__plan=plan).select_related("part"),
    }
    if event.target_type == PLAN and event.target_id == str(plan.pk):
        return plan
    if event.target_type not in rows or not event.target_id.isdecimal():
        raise Http404
    row: Row = get_object_or_404(rows[event.target_type], pk=event.target_id)
    return row


def _refuse_others(request: WorkRequest, plan: PartnerPlan, row: Row) -> None:
    may = (
        rules.can_edit_measure(request.user, plan, row)
        if isinstance(row, Measure)
        else rules.can_edit(request.user, plan)
    )
    if not may:
        raise PermissionDenied


def _refusal_of_deleted(row: Row) -> str:
    if isinstance(row, Measure) and row.is_deleted:
        return _("The measure is deleted. Bring it back on the workbench first.")
    if isinstance(row, FocusArea) and row.is_deleted:
        return _("The focus area is deleted. Bring it back on the workbench first.")
    return ""


def _save(row: Row, values: dict[str, Any], version: int, request: WorkRequest) -> None:
    """Save through the row's own service. Raises ``Conflict`` and ``PlanIsFrozen``."""
    how: dict[str, Any] = {"values": values, "expected_version": version, "by": request.user}
    if isinstance(row, PartnerPlan):
        change_plan(plan=row, **how)
    elif isinstance(row, PlanText):
        change_text(text=row, **how)
    elif isinstance(row, PlanPart):
        change_part(part=row, **how)
    elif isinstance(row, FocusArea):
        change_focus_area(area=row, **how)
    else:
        change_measure(measure=row, **how)


def _version(request: WorkRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0
