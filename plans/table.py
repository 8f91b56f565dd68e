"""The plan's measures as the rows of a table: what each column holds, and how rows are sorted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from plans.completeness import missing
from plans.document import FocusArea, Measure, Part, PlanDocument, ReadPlan, concerned
from plans.enums import MeasureKind, MeasureStatus, MunicipalityScope, TextLanguage
from plans.models import Measure as MeasureRow

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# What the address may hold; "page" and "endra" (a bulk change just done) are for the moment only.
FILTERS = (
    "q",
    "del",
    "satsing",
    "slag",
    "ansvar",
    "status",
    "kvartal",
    "kommune",
    "vald",
    "samarbeid",
    "malgruppe",
    "manglar",
    "lup",
)
SORT, COLUMN = "sorter", "kol"
KNOWN = (*FILTERS, SORT, COLUMN)
LONGEST_VALUE = 200  # characters

# As Norwegian is sorted: after z come æ, ø, å.
_LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


@dataclass(frozen=True)
class Row:
    """A measure and what stands beside it in the table."""

    document: PlanDocument
    part: Part
    area: FocusArea
    measure: Measure
    status: str
    lacks: tuple[str, ...] = ()
    changed_at: datetime | None = None

    @cached_property
    def concerned(self) -> tuple[str, ...]:
        """The numbers of all municipalities that the measure concerns."""
        return tuple(found.number for found in concerned(self.document, self.measure))

    @property
    def for_all(self) -> bool:
        """Whether it is open to all in the county."""
        return self.measure.municipality_scope == MunicipalityScope.ALL

    @property
    def cooperation_names(self) -> list[str]:
        """The cooperations, by the short name where there is one."""
        found = (self.document.cooperation_by_key[key] for key in self.measure.cooperations)
        return [cooperation.short_name or cooperation.name for cooperation in found]


@dataclass(frozen=True)
class Column:
    """A column: its code in the address, its heading, and what its rows are sorted by."""

    code: str
    label: "str | StrPromise"
    by: Callable[[Row], Any]
    right: bool = False
    default: bool = False


def _words(text: str) -> str:
    return text.casefold().translate(_LAST_LETTERS)


def _label(choices: Any, code: str) -> str:
    return _words(str(choices(code).label)) if code in choices.values else code


def _number(row: Row) -> tuple[int, ...]:
    return tuple(int(figure) for figure in row.measure.number.split("."))


def _responsible(row: Row) -> str | None:
    return _words(row.measure.responsible.name) if row.measure.responsible else None


def _period(row: Row) -> Any:
    measure = row.measure
    return (measure.starts_on, measure.ends_on) if measure.starts_on else None


def _quarter(quarter: int) -> Callable[[Row], Any]:
    return lambda row: row.measure.lup_days[quarter - 1]


# Number and title are always there; the others can be chosen.
COLUMNS = (
    Column("nummer", _("Number"), _number),
    Column("tittel", _("Title"), lambda row: _words(row.measure.title)),
    Column("del", _("Part"), lambda row: row.part.number),
    Column("satsing", _("Focus area"), lambda row: _words(row.area.title), default=True),
    Column("slag", _("Kind"), lambda row: _label(MeasureKind, row.measure.kind), default=True),
    Column("ansvar", _("Responsible"), _responsible, default=True),
    Column("periode", _("Period"), _period, default=True),
    Column("k1", _("LUP days, Q1"), _quarter(1), right=True),
    Column("k2", _("LUP days, Q2"), _quarter(2), right=True),
    Column("k3", _("LUP days, Q3"), _quarter(3), right=True),
    Column("k4", _("LUP days, Q4"), _quarter(4), right=True),
    Column(
        "dagar", _("LUP days"), lambda row: row.measure.lup_days_total, right=True, default=True
    ),
    Column("kommunar", _("Municipalities"), lambda row: (row.for_all, len(row.concerned))),
    Column(
        "samarbeid",
        _("Cooperations"),
        lambda row: _words(", ".join(row.cooperation_names)) or None,
    ),
    Column("kostnad", _("Cost"), lambda row: row.measure.cost_nok, right=True),
    Column(
        "status",
        _("Status"),
        lambda row: MeasureStatus.values.index(row.status),
        default=True,
    ),
    Column("sprak", _("Language"), lambda row: _label(TextLanguage, row.measure.language)),
    Column("manglar", _("Missing"), lambda row: len(row.lacks) or None),
    Column("endra", _("Last changed"), lambda row: row.changed_at),
)
FIXED = COLUMNS[:2]
CHOOSABLE = COLUMNS[2:]
DEFAULTS = tuple(column.code for column in CHOOSABLE if column.default)
_BY_CODE = {column.code: column for column in COLUMNS}


def rows_of(read: ReadPlan, *, with_changes: bool) -> list[Row]:
    """Return the plan's measures as rows, in the order of their numbers.

    ``with_changes``: also when each was last changed, which takes a query.
    """
    document = read.document
    lacks: dict[UUID, list[str]] = {}
    for lack in missing(document):
        if lack.measure is not None:
            lacks.setdefault(lack.measure.key, []).append(str(lack.what))
    changes = _last_changes(row.pk for row in read.rows.values()) if with_changes else {}
    return [
        Row(
            document=document,
            part=part,
            area=area,
            measure=measure,
            status=read.progress.status[measure.key],
            lacks=tuple(lacks.get(measure.key, ())),
            changed_at=changes.get(str(read.rows[measure.key].pk)),
        )
        for part in document.parts
        for area in part.focus_areas
        for measure in area.measures
    ]


def shown_columns(codes: Iterable[str]) -> tuple[Column, ...]:
    """Return number, title and the chosen columns, in the table's own order; unknown codes are left
    out, and without any the usual ones are shown."""
    chosen = {code for code in codes if code in _BY_CODE} or set(DEFAULTS)
    return (*FIXED, *(column for column in CHOOSABLE if column.code in chosen))


def sorted_column(order: str) -> tuple[Column, bool]:
    """Return the column that ``order`` names and whether it is sorted downwards: ``-periode``. An
    unknown one is taken for the number."""
    return _BY_CODE.get(order.removeprefix("-"), FIXED[0]), order.startswith("-")


def sort_rows(rows: list[Row], order: str) -> list[Row]:
    """Return the rows as ``order`` says; those without a value come last either way, and equal
    ones stay in the order of their numbers."""
    column, downwards = sorted_column(order)
    keyed = [(column.by(row), row) for row in rows]
    given = [pair for pair in keyed if pair[0] is not None]
    given.sort(key=lambda pair: pair[0], reverse=downwards)
    return [row for _key, row in given] + [row for key, row in keyed if key is None]


def normal_query(data: QueryDict) -> str:
    """Return the query string of a view: the known parameters that say something, in one order."""
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        values = [value for value in data.getlist(name) if value and len(value) <= LONGEST_VALUE]
        if name == COLUMN:
            columns = [column.code for column in CHOOSABLE if column.code in values]
            kept.setlist(name, [] if tuple(columns) == DEFAULTS else columns)
        elif values:
            kept[name] = values[-1]
    encoded: str = kept.urlencode()
    return encoded


def _last_changes(keys: Iterable[int]) -> dict[str, datetime]:
    """Return when each measure was last written, by its key as text; one query."""
    found = (
        Event.objects.filter(
            target_type=MeasureRow._meta.label_lower, target_id__in=[str(key) for key in keys]
        )
        .order_by()
        .values_list("target_id")
        .annotate(at=Max("at"))
    )
    return dict(found)
