"""From the measures in the demo's TOML files to values as the services take them."""

from datetime import date
from decimal import Decimal
from typing import Any

from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import (
    MeasureStatus,
    MunicipalityScope,
    PeriodUnit,
    ResponsibleKind,
    TextLanguage,
)
from plans.periods import quarter_bounds

_PLAIN = (
    "language",
    "target_groups",
    "municipality_scope",
    "county_takes_part",
    "period_unit",
    "cost_nok",
    "status",
)
_TEXTS = ("title", "kind", "description", "purpose", "expected_result", "responsible_role")


def measure_values(content: dict[str, Any], year: int) -> dict[str, Any]:
    """Return all fields of a measure of ``year``'s plan; what the file leaves out is empty."""
    empty: dict[str, Any] = {
        "language": TextLanguage.NYNORSK,
        "target_groups": [],
        "responsible": "",
        "municipality_scope": MunicipalityScope.CHOSEN,
        "municipalities": [],
        "cooperations": [],
        "county_takes_part": False,
        "period_unit": PeriodUnit.QUARTERS,
        "quarters": [],
        "lup_days": [0, 0, 0, 0],
        "cost_nok": None,
        "status": MeasureStatus.PLANNED,
    }
    return given_values({**dict.fromkeys(_TEXTS, ""), **empty, **content}, year)


def given_values(content: dict[str, Any], year: int) -> dict[str, Any]:
    """Return the fields that ``content`` gives, and no others."""
    values: dict[str, Any] = {name: content[name] for name in _PLAIN if name in content}
    values |= {name: content[name].strip() for name in _TEXTS if name in content}
    if "responsible" in content:
        values |= _responsible(content["responsible"])
    if "municipalities" in content:
        numbers = content["municipalities"]
        values["municipalities"] = list(Municipality.objects.filter(number__in=numbers))
    if "cooperations" in content:
        keys = content["cooperations"]
        values["cooperations"] = list(ProcurementCooperation.objects.filter(key__in=keys))
    if "quarters" in content or "starts_on" in content:
        values["starts_on"], values["ends_on"] = _period(content, year)
    for quarter, days in enumerate(content.get("lup_days", ()), 1):
        values[f"lup_days_q{quarter}"] = Decimal(str(days))
    return values


def _period(content: dict[str, Any], year: int) -> tuple[date | None, date | None]:
    if quarters := content.get("quarters"):
        return quarter_bounds(year, quarters[0], quarters[-1])
    return content.get("starts_on"), content.get("ends_on")


def _responsible(code: str) -> dict[str, Any]:
    """Return the fields for ``LUP``, ``COUNTY``, ``MUNICIPALITY:1506``, ``COOPERATION:nii`` …"""
    kind, _colon, key = code.partition(":")
    values: dict[str, Any] = {
        "responsible_kind": kind,
        "responsible_municipality": None,
        "responsible_cooperation": None,
        "responsible_working_group": None,
    }
    if kind == ResponsibleKind.MUNICIPALITY:
        values["responsible_municipality"] = Municipality.objects.get(number=key)
    elif kind == ResponsibleKind.COOPERATION:
        values["responsible_cooperation"] = ProcurementCooperation.objects.get(key=key)
    elif kind == ResponsibleKind.WORKING_GROUP:
        values["responsible_working_group"] = WorkingGroup.objects.get(key=key)
    return values
