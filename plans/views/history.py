"""Who changed what: of a plan, and of one of its measures."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import EventQuerySet
from plans import rules
from plans.forms.points import HistoryFilterForm
from plans.forms.restoring import FIELDS
from plans.history import Change, Entry, entries, events_of_measure, events_of_plan
from plans.models import FocusArea, Measure, PartnerPlan
from plans.past import AREA, MEASURE, PART, PLAN, TEXT
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, bench_crumbs
from plans.views.measures import get_measure

ON_A_PAGE = 30
# What a field said before and after an event, in the address that brings it back.
SIDES = BEFORE, AFTER = "for", "etter"
SYSTEM = "system"
# What ``kva`` in the address stands for, and the kinds of rows that are meant.
KINDS = {
    "tekstar": (gettext_lazy("The plan and its texts"), (PLAN, TEXT, PART)),
    "omrade": (gettext_lazy("Focus areas"), (AREA,)),
    "tiltak": (gettext_lazy("Measures"), (MEASURE,)),
}
_FIELDS = {model._meta.label_lower: names for model, names in FIELDS.items()}


@dataclass(frozen=True)
class ShownChange:
    """A change, with the addresses that bring back what was said; empty where none may."""

    change: Change
    before_url: str
    after_url: str


@require_safe
def plan_history(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """What happened to the plan and all that is in it, newest first.

    ``kven`` in the address is whose events, by the user's key or ``system``; ``kva`` a kind.
    """
    plan = get_plan(request, county, year, rules.can_work)
    roll_over = rules.can_read_roll_over(request.user, plan)
    return _page(request, plan, None, events_of_plan(plan, roll_over=roll_over))


@require_safe
def measure_history(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """What happened to a measure, deleted or not, newest first. ``kven`` as for the plan."""
    plan = get_plan(request, county, year, rules.can_work)
    measure = get_measure(plan, key)
    return _page(request, plan, measure, events_of_measure(measure))


def _page(
    request: WorkRequest, plan: PartnerPlan, measure: Measure | None, events: EventQuerySet
) -> HttpResponse:
    who, what = request.GET.get("kven", ""), request.GET.get("kva", "")
    people = _people(events)
    if who in dict(people):
        events = events.filter(actor=None if who == SYSTEM else int(who))
    if measure is None and what in KINDS:
        events = events.filter(target_type__in=KINDS[what][1])
    page = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    found = entries(page)
    kinds = [(code, label) for code, (label, _kinds) in KINDS.items()] if not measure else []
    where = [plan.agreement.county.slug, plan.year]
    response = render(
        request,
        "plans/work/history.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "heading": _("The history of the measure") if measure else _("The history of the plan"),
            "name": f"{measure.number} {measure.title}".strip() if measure else plan.title,
            "page": page,
            "entries": _with_ways_back(request.user, plan, found),
            "filter": HistoryFilterForm(people=people, kinds=kinds, who=who, what=what),
            "compare_url": reverse("plans:measure_compare", args=[*where, measure.key])
            if measure
            else reverse("plans:plan_compare", args=where),
            "crumbs": bench_crumbs(plan, _("History")),
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _people(events: EventQuerySet) -> list[tuple[str, str]]:
    """Return who acted in the events, by their keys, for a choice."""
    acted = events.order_by().values("actor").distinct()
    people = [(str(user.pk), str(user)) for user in User.objects.filter(pk__in=acted)]
    return [*sorted(people, key=lambda person: person[1]), (SYSTEM, _("Lupplan itself"))]


def _with_ways_back(user: User, plan: PartnerPlan, found: list[Entry]) -> list[dict[str, Any]]:
    """Return the entries, and their changes with the addresses that bring back what was said."""
    mine = _restorable(user, plan, found)
    where = [plan.agreement.county.slug, plan.year]

    def address(entry: Entry, change: Change, side: str, logged: bool) -> str:
        if not logged or (entry.kind, entry.key) not in mine:
            return ""
        if change.name not in _FIELDS.get(entry.kind, ()):
            return ""
        return reverse("plans:field_restore", args=[*where, entry.pk, change.name, side])

    return [
        {
            "entry": entry,
            "changes": [
                ShownChange(
                    change,
                    before_url=address(entry, change, BEFORE, change.logged_before),
                    after_url=address(entry, change, AFTER, change.logged_after),
                )
                for change in entry.changes
            ],
        }
        for entry in found
    ]


def _restorable(user: User, plan: PartnerPlan, found: list[Entry]) -> set[tuple[str, str]]:
    """Return which of the rows that entries are about stand, and are the user's to write."""
    keys: dict[str, set[str]] = {MEASURE: set(), AREA: set()}
    for entry in found:
        keys.setdefault(entry.kind, set()).add(entry.key)
    measures = Measure.objects.standing().filter(part__plan=plan, pk__in=keys.pop(MEASURE))
    mine = {
        (MEASURE, str(row.pk))
        for row in measures.only("responsible_kind")
        if rules.can_edit_measure(user, plan, row)
    }
    if rules.can_edit(user, plan):
        standing = FocusArea.objects.filter(position__isnull=False, pk__in=keys.pop(AREA))
        mine |= {(AREA, str(pk)) for pk in standing.values_list("pk", flat=True)}
        mine |= {(kind, key) for kind, of_kind in keys.items() for key in of_kind}
    return mine
