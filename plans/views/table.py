"""The measures of a plan as a table: filtered, sorted, with the columns one wants."""

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.document import ReadPlan, read_plan
from plans.forms.table import ColumnForm, TableFilter
from plans.models import PartnerPlan, SavedView
from plans.table import (
    COLUMN,
    KNOWN,
    SORT,
    Column,
    Row,
    normal_query,
    rows_of,
    shown_columns,
    sort_rows,
    sorted_column,
)
from plans.views.access import get_plan
from plans.views.editing import WorkRequest, bench_crumbs

ON_A_PAGE = 200
PAGE, DONE = "page", "endra"


@dataclass(frozen=True)
class Shown:
    """The table as an address asks for it: ``rows`` are all that match, of ``total``."""

    read: ReadPlan
    filter: TableFilter
    rows: list[Row]
    total: int
    columns: tuple[Column, ...]
    order: str
    query: str


def read_table(request: WorkRequest, plan: PartnerPlan) -> Shown:
    """Return the table that the request's address asks for. Takes six queries, and one more where
    it tells when measures were last changed."""
    data = request.GET
    columns, order = shown_columns(data.getlist(COLUMN)), data.get(SORT, "")
    read = read_plan(plan)
    with_changes = "endra" in {*(column.code for column in columns), order.removeprefix("-")}
    every = rows_of(read, with_changes=with_changes)
    found = TableFilter(data, every, read.document)
    return Shown(
        read=read,
        filter=found,
        rows=sort_rows(found.matching(), order),
        total=len(every),
        columns=columns,
        order=order,
        query=normal_query(data),
    )


def table_url(plan: PartnerPlan, query: str = "", **more: str) -> str:
    """Return the address of the plan's table, as a view's query string shows it."""
    url = reverse("plans:table", args=(plan.agreement.county.slug, plan.year))
    parts = [query, *(f"{name}={value}" for name, value in more.items())]
    joined = "&".join(part for part in parts if part)
    return f"{url}?{joined}" if joined else url


@require_safe
def table(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The table, to look through and to choose measures from."""
    plan = get_plan(request, county, year, rules.can_work)
    if any(not value for name in KNOWN for value in request.GET.getlist(name)):
        # A form sends its empty fields too; what is left is an address that can be handed on.
        return HttpResponseRedirect(table_url(plan, normal_query(request.GET)))
    shown = read_table(request, plan)
    column, downwards = sorted_column(shown.order)
    page = Paginator(shown.rows, ON_A_PAGE).get_page(request.GET.get(PAGE))
    response = render(
        request,
        "plans/work/table/table.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "document": shown.read.document,
            "shown": shown,
            "filter": shown.filter.form,
            "column_form": ColumnForm.showing(request.GET.getlist(COLUMN)),
            "sorted_by": column.code,
            "downwards": downwards,
            "page": page,
            "views": SavedView.objects.offered_to(request.user, plan.agreement.county_id),
            "can_change_many": rules.can_change_many(request.user, plan),
            "can_edit": rules.can_edit(request.user, plan),
            "done": _key(request.GET.get(DONE, "")),
            "crumbs": bench_crumbs(plan, _("Table")),
        },
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def table_crumbs(plan: PartnerPlan, last: str, query: str = "") -> list[tuple[str, str]]:
    """Return the way from the list of one's plans to a page that belongs to the table."""
    way = bench_crumbs(plan, last)
    return [*way[:-1], (_("Table"), table_url(plan, query)), way[-1]]


def _key(text: str) -> UUID | None:
    """Return the key of a bulk change from the address; None for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
