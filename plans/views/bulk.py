"""Changing many measures at once: choose, see what would change, do it, undo it."""

import json
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from municipalities.models import WorkingGroup
from plans import rules
from plans.document import Measure
from plans.enums import BulkField
from plans.forms.bulk import BulkChoices, BulkForm
from plans.models import BulkChange, PartnerPlan
from plans.services import bulk as service
from plans.services.measures import FocusAreaIsGone
from plans.services.saving import PlanIsFrozen
from plans.table import Row, normal_query
from plans.templatetags.plan_words import named, period, responsible
from plans.views.access import get_plan
from plans.views.editing import CONFLICT, UNPROCESSABLE, WorkRequest, frozen
from plans.views.table import DONE, Shown, read_table, table_crumbs, table_url

PREVIEW, DO = "vis", "gjer"
LISTED = 30


@dataclass(frozen=True)
class Preview:
    """A measure in the preview: what it says now and would say, or why it can't be changed."""

    row: Row
    before: str
    after: str
    reason: str
    changed: bool


@require_POST
def bulk(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Change the measures that are ticked (``vel``), or all that the address's filters let through
    (``alle``), in three steps: say what, see it (``steg`` is vis), do it (gjer).

    Between the steps the measures go along as ``val``, their keys, or as ``alle``; the preview adds
    ``merke``, what each measure was when it was shown, and the last step changes those alone.
    """
    plan = get_plan(request, county, year, rules.can_change_many)
    shown = read_table(request, plan)
    step = request.POST.get("steg", "")
    chosen = _chosen(request, shown)
    if not chosen or len(chosen) > service.MOST:
        messages.error(
            request,
            _("Choose the measures to change first.")
            if not chosen
            else _("Choose at most %(most)s measures at a time.") % {"most": service.MOST},
        )
        return HttpResponseRedirect(table_url(plan, shown.query))
    fields = _fields(request, plan)
    choices = BulkChoices(
        plan=plan,
        document=shown.read.document,
        fields=fields,
        areas=list(shown.read.areas.values()),
        working_groups=list(WorkingGroup.objects.filter(county=plan.agreement.county_id)),
    )
    cancel_url = table_url(plan, shown.query)
    if step not in (PREVIEW, DO):
        initial = {
            name: request.POST[name] for name in BulkForm.base_fields if name in request.POST
        }
        form = BulkForm(None, initial=initial, choices=choices, cancel_url=cancel_url)
        return _choose(request, plan, shown, chosen, form)
    form = BulkForm(request.POST, choices=choices, cancel_url=cancel_url)
    if not form.is_valid() or form.wish is None:
        return _choose(request, plan, shown, chosen, form, status=UNPROCESSABLE)
    if step == DO:
        return _do(request, plan, shown, chosen, form)
    return _preview(request, plan, shown, chosen, form)


@require_safe
def bulk_list(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The newest changes of many measures; those that are not undone yet can be."""
    plan = get_plan(request, county, year, rules.can_work)
    changes = BulkChange.objects.filter(plan=plan).select_related("by", "undone_by")[:LISTED]
    return render(
        request,
        "plans/work/table/changes.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "changes": changes,
            "fields": _fields(request, plan),
            "crumbs": table_crumbs(plan, _("Changes of many measures")),
        },
    )


@require_POST
def bulk_undo(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Undo a change of many measures, once, and go back to the table as it was filtered."""
    plan = get_plan(request, county, year, rules.can_change_many)
    change = get_object_or_404(BulkChange, plan=plan, key=key)
    if change.what not in _fields(request, plan):
        raise PermissionDenied
    query = normal_query(request.GET)
    try:
        undone = service.undo(change=change, by=request.user)
    except PlanIsFrozen:
        return frozen(request, plan)
    except service.AlreadyUndone:
        messages.info(request, _("That change was undone already."))
        return HttpResponseRedirect(table_url(plan, query))
    if undone.restored:
        text = ngettext(
            "Undone: %(count)s measure is as it was.",
            "Undone: %(count)s measures are as they were.",
            undone.restored,
        )
        messages.success(request, text % {"count": undone.restored})
    if undone.left:
        messages.warning(
            request,
            _(
                "Left as they are, because they were changed since or their focus area is gone:"
                " %(measures)s."
            )
            % {"measures": ", ".join(undone.left)},
        )
    return HttpResponseRedirect(table_url(plan, query))


def _fields(request: WorkRequest, plan: PartnerPlan) -> tuple[BulkField, ...]:
    """Return what the user may change in many measures of the plan."""
    if rules.can_edit(request.user, plan):
        return tuple(BulkField)
    return (BulkField.STATUS,) if rules.can_set_status(request.user, plan) else ()


def _chosen(request: WorkRequest, shown: Shown) -> list[Row]:
    """Return the chosen rows in the table's order. Raises ``Http404`` for a key that isn't one of
    the plan's standing measures."""
    post = request.POST
    if post.get("steg") == DO:
        keys = {str(key) for key in _stamps(request)}
    elif post.get("alle"):
        return shown.rows
    else:
        sent = post.getlist("vel") or post.get("val", "").split(",")
        keys = {key for key in sent if key}
    standing = {str(key) for key in shown.read.rows}
    deleted = {str(row.key) for row in shown.read.deleted}
    if keys - standing - deleted:
        raise Http404
    every = [row for row in shown.filter.rows if str(row.measure.key) in keys]
    matching = {row.measure.key: place for place, row in enumerate(shown.rows)}
    return sorted(every, key=lambda row: matching.get(row.measure.key, len(matching)))


def _stamps(request: WorkRequest) -> dict[UUID, str]:
    """Return what the measures were when they were previewed. Raises ``Http404`` for nonsense."""
    try:
        sent = json.loads(request.POST.get("merke", ""))
        return {UUID(key): str(value) for key, value in sent.items()}
    except (ValueError, AttributeError, RecursionError):
        raise Http404 from None


def _choose(
    request: WorkRequest,
    plan: PartnerPlan,
    shown: Shown,
    chosen: list[Row],
    form: BulkForm,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "plans/work/table/bulk.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "chosen": chosen,
            "hidden": _selection(request, chosen),
            "crumbs": table_crumbs(plan, _("Change many"), shown.query),
        },
        status=status,
    )


def _selection(request: WorkRequest, chosen: list[Row]) -> list[tuple[str, str]]:
    """Return the hidden inputs that carry the choice to the next step."""
    if request.POST.get("alle") and request.POST.get("steg") != DO:
        return [("alle", "1")]
    return [("val", ",".join(str(row.measure.key) for row in chosen))]


def _preview(
    request: WorkRequest,
    plan: PartnerPlan,
    shown: Shown,
    chosen: list[Row],
    form: BulkForm,
    changed: frozenset[UUID] = frozenset(),
) -> HttpResponse:
    """Show what would change; ``changed`` are the measures that somebody else changed meanwhile."""
    rows = shown.read.rows
    previews = [_previewed(row, shown, form, row.measure.key in changed) for row in chosen]
    stamps = {str(row.measure.key): service.stamp(rows[row.measure.key]) for row in chosen}
    return render(
        request,
        "plans/work/table/preview.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "what": form.shown("what"),
            "moves": form.wish is not None and form.wish.what == BulkField.FOCUS_AREA,
            "doable": [preview for preview in previews if not preview.reason],
            "others": [preview for preview in previews if preview.reason],
            "conflict": bool(changed),
            "hidden": [*_selection(request, chosen), *form.sent(), ("merke", json.dumps(stamps))],
            "cancel_url": table_url(plan, shown.query),
            "crumbs": table_crumbs(plan, _("Change many"), shown.query),
        },
        status=CONFLICT if changed else 200,
    )


def _previewed(row: Row, shown: Shown, form: BulkForm, changed: bool) -> Preview:
    assert form.wish is not None
    found = service.outcome(shown.read.rows[row.measure.key], form.wish)
    before = after = ""
    match form.wish.what:
        case BulkField.STATUS:
            before, after = named(row.status, "status"), form.shown("status")
        case BulkField.RESPONSIBLE:
            role = row.measure.responsible.role if row.measure.responsible else ""
            before, after = responsible(row.measure), form.shown("responsible")
            after = f"{after} ({role})" if role else after
        case BulkField.FOCUS_AREA:
            before = f"{row.part.number} – {row.area.title}"
            after = form.shown("focus_area")
        case BulkField.PERIOD:
            before = period(row.measure)
            after = period(_with_period(row.measure, found.values))
    return Preview(row, before, "" if found.reason else after, str(found.reason), changed)


def _with_period(measure: Measure, values: dict[str, object]) -> Measure:
    return replace(measure, **values)  # type: ignore[arg-type]


def _do(
    request: WorkRequest, plan: PartnerPlan, shown: Shown, chosen: list[Row], form: BulkForm
) -> HttpResponse:
    assert form.wish is not None
    try:
        change = service.change_many(
            plan=plan, wish=form.wish, stamps=_stamps(request), by=request.user
        )
    except PlanIsFrozen:
        return frozen(request, plan)
    except service.MeasuresChanged as error:
        return _again(request, plan, form, error.keys)
    except service.NothingToChange:
        messages.info(request, _("Nothing was changed: it is so already."))
        return HttpResponseRedirect(table_url(plan, shown.query))
    except FocusAreaIsGone:
        form.add_error("focus_area", _("It was deleted meanwhile. Choose another one."))
        return _choose(request, plan, shown, chosen, form, status=CONFLICT)
    done = len(change.rows)
    text = ngettext("%(count)s measure is changed.", "%(count)s measures are changed.", done)
    messages.success(request, text % {"count": done})
    return HttpResponseRedirect(table_url(plan, shown.query, **{DONE: str(change.key)}))


def _again(
    request: WorkRequest, plan: PartnerPlan, form: BulkForm, changed: set[UUID]
) -> HttpResponse:
    """Show the preview anew, of the measures as they are now; what was deleted is gone from it."""
    shown = read_table(request, plan)
    chosen = _chosen(request, shown)
    if not chosen:
        messages.info(request, _("Nothing was changed: the measures were deleted meanwhile."))
        return HttpResponseRedirect(table_url(plan, shown.query))
    return _preview(request, plan, shown, chosen, form, frozenset(changed))
