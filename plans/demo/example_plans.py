"""The example plans, read from the TOML files beside this one."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Notice, User
from municipalities.models import County
from plans.demo.content import measure_values
from plans.demo.life import live_through, measure_numbered
from plans.demo.next_year import carry_on
from plans.demo.signing import make_keys, send_to_signing, sign_all
from plans.demo.users import DOMAIN
from plans.enums import PlanState, TextLanguage
from plans.models import (
    FocusArea,
    PartnerPlan,
    PartnershipAgreement,
    PlanPart,
    Programme,
    ProgrammeOwner,
)
from plans.services.focus_areas import add_focus_area
from plans.services.measures import add_measure
from plans.services.plans import change_part, change_text, create_plan

FILES = sorted(Path(__file__).parent.glob("plan_*.toml"))
NEXT_YEAR = 2023  # carried on from the year before

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


def make_example_plans(*, users: dict[str, User]) -> list[PartnerPlan]:
    """Make the agreement 2020-2024 and the example plans that are missing; return those made.

    ``users`` are the demo users by address, who do it all. A plan that is there is left as it is,
    whatever has been done to it.
    """
    make_keys()
    with transaction.atomic():
        made = _make_missing(users)
        if made:
            sign_all(users)
            # Told in the list of each, but not by mail: nobody of flesh and blood did any of it.
            notices = Notice.objects.filter(user__in=users.values(), mailed_at__isnull=True)
            notices.update(mailed_at=timezone.now())
    return made


def _make_missing(users: dict[str, User]) -> list[PartnerPlan]:
    editor = users[f"fylkesredaktor@{DOMAIN}"]
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
            made.append(_make_plan(agreement, content, users))
    if NEXT_YEAR not in existing:
        source = PartnerPlan.objects.with_parties().get(agreement=agreement, year=NEXT_YEAR - 1)
        made.append(carry_on(source, by=editor))
    return made


def _make_plan(
    agreement: PartnershipAgreement, content: dict[str, Any], users: dict[str, User]
) -> PartnerPlan:
    """Write one plan through the services, as an editor would, and then let it live.

    One that is signed is frozen last: it takes no more writing.
    """
    by = users[f"fylkesredaktor@{DOMAIN}"]
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
        plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
        if content["state"] == PlanState.NEGOTIATION:
            return live_through(plan, users)
        send_to_signing(plan, by)
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
    values = measure_values(content, year)
    if number := content.get("continues"):
        values["continues"] = measure_numbered(_year_before(area), number)
    add_measure(focus_area=area, values=values, by=by)


def _year_before(area: FocusArea) -> PartnerPlan:
    plan = area.part.plan
    return PartnerPlan.objects.get(agreement=plan.agreement_id, year=plan.year - 1)
