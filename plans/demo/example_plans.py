"""The example plans, read from the TOML files beside this one."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from municipalities.models import County, Municipality, ProcurementCooperation, WorkingGroup
from plans.enums import (
    MeasureStatus,
    MunicipalityScope,
    PeriodUnit,
    PlanState,
    ResponsibleKind,
    TextLanguage,
)
from plans.models import (
    FocusArea,
    PartnerPlan,
    PartnershipAgreement,
    PlanPart,
    Programme,
    ProgrammeOwner,
)
from plans.periods import quarter_bounds
from plans.services.focus_areas import add_focus_area
from plans.services.measures import add_measure
from plans.services.plans import change_part, change_text, create_plan

FILES = sorted(Path(__file__).parent.glob("plan_*.toml"))

# KS and NHO took the initiative in 2010. When the three others joined is not known to the day: they
# stand from the year after, in which none of the example plans lies. DFØ took Difi's place on
# 1 September 2020 and became a collaborator later; since no day is known for that, it stands no
# longer than in the year after it came.
OWNERS = (
    ("KS", True, date(2010, 1, 1), None),
    ("NHO", True, date(2010, 1, 1), None),
    ("Noregs forskingsråd", False, date(2011, 1, 1), None),
    ("Innovasjon Norge", False, date(2011, 1, 1), None),
    (
        "Direktoratet for forvaltning og IKT (Difi)",
        False,
        date(2011, 1, 1),
        date(2020, 9, 1),
    ),
    (
        "Direktoratet for forvaltning og økonomistyring (DFØ)",
        False,
        date(2020, 9, 1),
        date(2022, 1, 1),
    ),
)


def make_programme() -> Programme:
    """Return LUP with its owners, made if it wasn't there."""
    programme, _made = Programme.objects.get_or_create(
        short_name="LUP", defaults={"name": "Leverandørutviklingsprogrammet", "founded": 2010}
    )
    for name, founder, valid_from, valid_to in OWNERS:
        ProgrammeOwner.objects.get_or_create(
            programme=programme,
            name=name,
            valid_from=valid_from,
            defaults={"founder": founder, "valid_to": valid_to},
        )
    return programme


def make_example_plans(*, by: User) -> list[PartnerPlan]:
    """Make the agreement 2020-2024 and the example plans that are missing; return those made.

    ``by`` stands in the log as the one who wrote them. A plan that is there is left as it is,
    whatever has been done to it.
    """
    agreement, _made = PartnershipAgreement.objects.get_or_create(
        programme=make_programme(),
        county=County.objects.get(number="15"),
        valid_from=date(2020, 1, 1),
        defaults={"valid_to": date(2025, 1, 1), "partner_since": 2016},
    )
    existing = set(agreement.plans.values_list("year", flat=True))
    made = []
    for path in FILES:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if content["year"] not in existing:
            made.append(_make_plan(agreement, content, by))
    return made


def _make_plan(agreement: PartnershipAgreement, content: dict[str, Any], by: User) -> PartnerPlan:
    """Write one plan through the services, as an editor would, and set the state last: a plan in
    force takes no more writing."""
    with transaction.atomic():
        plan = create_plan(
            agreement=agreement,
            year=content["year"],
            title=content["title"],
            by=by,
            is_example=content["is_example"],
        )
        texts = {text.kind: text for text in plan.texts.all()}
        for text in content["texts"]:
            change_text(
                text=texts[text["kind"]],
                values={"body": text["body"].strip(), "language": text["language"]},
                expected_version=1,
                by=by,
            )
        parts = {part.kind: part for part in plan.parts.all()}
        for part in content["parts"]:
            _write_part(parts[part["kind"]], part, by)
        PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState(content["state"]))
        plan.refresh_from_db()
    return plan


def _write_part(part: PlanPart, content: dict[str, Any], by: User) -> None:
    change_part(
        part=part,
        values={
            "introduction": content["introduction"].strip(),
            "language": content.get("introduction_language", TextLanguage.NYNORSK),
        },
        expected_version=1,
        by=by,
    )
    for area in content["focus_areas"]:
        focus_area = add_focus_area(
            part=part,
            values={
                "title": area["title"],
                "description": area.get("description", "").strip(),
                "language": area.get("language", TextLanguage.NYNORSK),
            },
            by=by,
        )
        for measure in area["measures"]:
            _write_measure(focus_area, part.plan.year, measure, by)


def _write_measure(area: FocusArea, year: int, content: dict[str, Any], by: User) -> None:
    starts_on, ends_on = _period(content, year)
    days = [Decimal(str(days)) for days in content.get("lup_days", (0, 0, 0, 0))]
    add_measure(
        focus_area=area,
        values={
            "title": content["title"],
            "kind": content["kind"],
            "description": content.get("description", "").strip(),
            "purpose": content.get("purpose", "").strip(),
            "expected_result": content.get("expected_result", "").strip(),
            "language": content.get("language", TextLanguage.NYNORSK),
            "target_groups": content.get("target_groups", []),
            **_responsible(content.get("responsible", "")),
            "responsible_role": content.get("responsible_role", ""),
            "municipality_scope": content.get("municipality_scope", MunicipalityScope.CHOSEN),
            "municipalities": list(
                Municipality.objects.filter(number__in=content.get("municipalities", []))
            ),
            "cooperations": list(
                ProcurementCooperation.objects.filter(key__in=content.get("cooperations", []))
            ),
            "county_takes_part": content.get("county_takes_part", False),
            "period_unit": content.get("period_unit", PeriodUnit.QUARTERS),
            "starts_on": starts_on,
            "ends_on": ends_on,
            **{f"lup_days_q{quarter}": number for quarter, number in enumerate(days, 1)},
            "cost_nok": content.get("cost_nok"),
            "status": content.get("status", MeasureStatus.PLANNED),
        },
        by=by,
    )


def _period(content: dict[str, Any], year: int) -> tuple[date | None, date | None]:
    if quarters := content.get("quarters"):
        return quarter_bounds(year, quarters[0], quarters[-1])
    return content.get("starts_on"), content.get("ends_on")


def _responsible(code: str) -> dict[str, Any]:
    """Return the fields for ``LUP``, ``COUNTY``, ``MUNICIPALITY:1506``, ``COOPERATION:nii`` …"""
    kind, _colon, key = code.partition(":")
    values: dict[str, Any] = {"responsible_kind": kind}
    if kind == ResponsibleKind.MUNICIPALITY:
        values["responsible_municipality"] = Municipality.objects.get(number=key)
    elif kind == ResponsibleKind.COOPERATION:
        values["responsible_cooperation"] = ProcurementCooperation.objects.get(key=key)
    elif kind == ResponsibleKind.WORKING_GROUP:
        values["responsible_working_group"] = WorkingGroup.objects.get(key=key)
    return values
