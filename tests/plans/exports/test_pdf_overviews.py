"""Who does what when, and what concerns whom."""

from dataclasses import replace
from decimal import Decimal

from plans.document import Reason
from plans.document.concern import CHOSEN, COOPERATION, LEADS
from plans.document.model import Part, PlanDocument, Responsible
from plans.exports.pdf import overviews
from tests.factories.documents import make_document, make_measure

ZERO = Decimal(0)
LUP = Responsible(kind="LUP", key="", name="LUP", role="")
MOLDE = Responsible(kind="MUNICIPALITY", key="6001", name="Molde kommune", role="")
COUNTY = Responsible(kind="COUNTY", key="60", name="Fylke fylkeskommune", role="")
DAYS = (Decimal(1), ZERO, ZERO, Decimal("0.5"))
PLAIN = {
    "municipality_scope": "CHOSEN",
    "municipalities": (),
    "cooperations": (),
    "starts_on": None,
    "ends_on": None,
    "lup_days": (ZERO, ZERO, ZERO, ZERO),
}


def _plan(*changes: dict[str, object]) -> PlanDocument:
    """A plan whose part two has one focus area with a measure for each of ``changes``."""
    document = make_document(measures=3)
    part: Part = document.parts[1]
    measures = tuple(
        make_measure(2, place, **{**PLAIN, **changed})
        for place, changed in enumerate(changes, start=1)
    )
    area = replace(part.focus_areas[0], measures=measures)
    parts = (replace(document.parts[0], focus_areas=()), replace(part, focus_areas=(area,)))
    return replace(document, parts=parts)


def test_the_responsible_come_as_lup_county_others_and_nobody() -> None:
    document = _plan(
        {"responsible": None},
        {"responsible": MOLDE, "lup_days": DAYS},
        {"responsible": COUNTY},
        {"responsible": LUP},
        {"responsible": MOLDE, "lup_days": DAYS},
    )
    found = overviews.by_responsible(document)
    assert [
        (duties.name, [measure.number for measure in duties.measures], duties.lup_days)
        for duties in found
    ] == [
        ("LUP", ["2.4"], ZERO),
        ("Fylke fylkeskommune", ["2.3"], ZERO),
        ("Molde kommune", ["2.2", "2.5"], Decimal(3)),
        ("", ["2.1"], ZERO),
    ]


def test_a_measure_is_in_the_quarters_of_its_period_and_of_its_days() -> None:
    period = make_measure(2, 2)  # April to September
    document = _plan(
        {"starts_on": period.starts_on, "ends_on": period.ends_on},
        {"lup_days": DAYS},
        {"starts_on": period.starts_on, "ends_on": period.ends_on, "lup_days": DAYS},
        {},
    )
    assert [
        (quarter.number, [measure.number for measure in quarter.measures], quarter.lup_days)
        for quarter in overviews.by_quarter(document)
    ] == [
        (1, ["2.2", "2.3"], Decimal(2)),
        (2, ["2.1", "2.3"], ZERO),
        (3, ["2.1", "2.3"], ZERO),
        (4, ["2.2", "2.3"], Decimal(1)),
    ]


def test_a_municipality_s_measures_stand_by_reason_with_what_it_leads_first() -> None:
    document = _plan(
        {"cooperations": ("nord",)},
        {"municipalities": ("6004",)},
        {"municipality_scope": "ALL"},
        {"responsible": replace(MOLDE, key="6004"), "municipalities": ("6004",)},
        {"cooperations": ("nord",)},
    )
    found = {c.municipality.number: c.concerns for c in overviews.by_municipality(document)}
    assert [
        (concern.reasons, [measure.number for measure in concern.measures])
        for concern in found["6004"]
    ] == [
        ((Reason(LEADS), Reason(CHOSEN)), ["2.4"]),
        ((Reason(CHOSEN),), ["2.2"]),
        ((Reason(COOPERATION, "Innkjøpssamarbeidet i nord"),), ["2.1", "2.5"]),
    ]
    assert [measure.number for measure in overviews.for_all(document)] == ["2.3"]


def test_every_municipality_of_the_county_stands_once() -> None:
    document = make_document(measures=6)
    named = [c.municipality.number for c in overviews.by_municipality(document)]
    others = [municipality.number for municipality in overviews.others(document)]
    assert sorted(named + others) == [m.number for m in document.own_municipalities]
