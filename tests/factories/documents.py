"""Made-up plan documents, the same each time: long words, Sámi names, short and long texts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import cycle, islice
from uuid import UUID

from plans.document import (
    FocusArea,
    Measure,
    Municipality,
    Part,
    PlanDocument,
    Text,
    amended,
    amendment_of,
)
from plans.document.amendment import Reason
from plans.document.model import SCHEMA, Agreement, Cooperation, County, Programme, Responsible
from plans.enums import MeasureKind, PartKind, PlanState, TargetGroup, TextKind

PLACES = (
    "Molde", "Ålesund", "Kristiansund", "Kárášjohka", "Deatnu", "Gáivuotna", "Unjárga", "Porsáŋgu",
    "Loabák", "Raarvihke", "Snåase", "Divtasvuodna", "Aukra", "Averøy", "Giske", "Hareid", "Herøy",
    "Rauma", "Smøla", "Stranda", "Sula", "Sunndal", "Surnadal", "Tingvoll", "Volda", "Ørsta",
)  # fmt: skip
_TITLES = (
    "Halde kurs i bestillarkompetanse for dei som kjøper inn",
    "Kartleggje behovet for velferdsteknologi",
    "Møte leverandørane før konkurransen er lyst ut, og høyre kva dei kan få til saman med andre",
    "Rettleie innkjøpet av utsleppsfrie ferjer",
    "Spreie røynslene",
)
_SENTENCES = (
    "Leverandørutviklingsprogrammet held eit kurs over to dagar for prosjektleiarar.",
    "Deltakarane arbeider med eigne saker og går heim med ein plan for neste steg.",
    "Kvalitetssikringsrutinane og anskaffingsstrategien blir gjennomgådde i samarbeidsutvalet.",
    "Funna blir til ei behovsskildring som ikkje nemner utstyr, og som alle kan lese.",
    "Små leverandørar skal få høyre om behovet like tidleg som dei store.",
)
_PERIODS = (
    (date(2020, 1, 1), date(2020, 3, 31), "QUARTERS"),
    (date(2020, 2, 11), date(2020, 2, 12), "DATES"),
    (date(2020, 4, 1), date(2020, 9, 30), "QUARTERS"),
    (date(2020, 1, 1), date(2020, 12, 31), "QUARTERS"),
    (date(2020, 11, 3), date(2020, 11, 3), "DATES"),
)
_COOPERATIONS = (
    ("nord", "Innkjøpssamarbeidet i nord", "NORD", range(3, 10)),
    ("kyst", "Kystkommunane sitt innkjøpssamarbeid", "KYST", range(12, 20)),
)
_TEXTS = {
    TextKind.BACKGROUND: 9,
    TextKind.PURPOSE: 4,
    TextKind.LUP_DONE: 3,
    TextKind.AIM_GOALS: 4,
    TextKind.AIM_BUSINESS: 4,
    TextKind.AIM_SOCIETY: 3,
}


def make_document(*, measures: int = 60, **changes: object) -> PlanDocument:
    """Return a plan with so many measures, two fifths of them in part one; ``changes`` replace
    fields of the document."""
    in_part_one = measures * 2 // 5
    document = PlanDocument(
        schema=SCHEMA,
        title="Partnarplan 2020 mellom Fylke fylkeskommune og Leverandørutviklingsprogrammet",
        year=2020,
        state=PlanState.NEGOTIATION,
        is_example=True,
        changed_at=datetime(2020, 3, 3, 23, 30, tzinfo=UTC),
        county=County(number="60", slug="fylke", name="Fylke", full_name="Fylke fylkeskommune"),
        programme=Programme(
            name="Leverandørutviklingsprogrammet",
            short_name="LUP",
            founded=2010,
            owners=("KS", "NHO", "Forskingsrådet"),
        ),
        agreement=Agreement(first_year=2020, last_year=2024, partner_since=2016, signed_on=None),
        texts=tuple(
            Text(kind=kind, body=_prose(count, 3), language="nb" if count == 3 else "nn")
            for kind, count in _TEXTS.items()
        ),
        parts=(
            _part(PartKind.COUNTY, in_part_one),
            _part(PartKind.MUNICIPALITIES, measures - in_part_one),
        ),
        municipalities=tuple(
            Municipality(
                number=_number(place),
                name=name,
                county_number="60",
                latitude=Decimal("62.5"),
                longitude=Decimal("6.5"),
            )
            for place, name in enumerate(PLACES)
        ),
        cooperations=tuple(
            Cooperation(
                key=key,
                name=name,
                short_name=short,
                certainty="CONFIRMED",
                members=tuple(_number(place) for place in places),
            )
            for key, name, short, places in _COOPERATIONS
        ),
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def make_measure(part: int, place: int, **changes: object) -> Measure:
    """Return the measure with that place in its part, counted from 1."""
    starts_on, ends_on, unit = _PERIODS[place % len(_PERIODS)]
    measure = Measure(
        key=UUID(int=part * 10_000 + place),
        number=f"{part}.{place}",
        title=_TITLES[place % len(_TITLES)],
        kind=MeasureKind.values[place % len(MeasureKind)],
        description=_prose(2 + place % 3),
        purpose=_prose(1, first=place),
        expected_result=_prose(1 + place % 2, first=place + 1),
        language="en" if place % 17 == 16 else "nn",
        target_groups=tuple(TargetGroup.values[: 1 + place % 3]),
        responsible=_responsible(place),
        municipality_scope="ALL" if part == 2 and place % 6 == 0 else "CHOSEN",
        municipalities=()
        if part == 1 or place % 6 == 0
        else tuple(_number((place * 5 + step) % len(PLACES)) for step in range(1 + place % 4)),
        cooperations=("nord",) if part == 2 and place % 5 == 0 else (),
        county_takes_part=part == 2 and place % 4 == 0,
        period_unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        lup_days=_days(starts_on, ends_on, place),
        cost_nok=25_000 * place if place % 2 else None,
    )
    return replace(measure, **changes)  # type: ignore[arg-type]


def _part(kind: PartKind, measures: int) -> Part:
    areas = [
        FocusArea(
            key=UUID(int=kind.number * 1000 + first),
            title=f"Samarbeidsområde {first // 5 + 1} for kompetanseutvikling",
            description=_prose(2, first=first),
            language="nn",
            measures=tuple(
                make_measure(kind.number, place)
                for place in range(first, min(first + 5, measures + 1))
            ),
        )
        for first in range(1, measures + 1, 5)
    ]
    return Part(
        kind=kind,
        number=kind.number,
        introduction=_prose(3),
        language="nn",
        focus_areas=tuple(areas),
    )


def _days(starts_on: date, ends_on: date, place: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Return half days to two in each quarter of the period, and none in the others."""
    first, last = (starts_on.month - 1) // 3, (ends_on.month - 1) // 3
    days = Decimal(1 + place % 4) / 2
    one, two, three, four = (days if first <= q <= last else Decimal(0) for q in range(4))
    return (one, two, three, four)


def _responsible(place: int) -> Responsible | None:
    number = place % len(PLACES)
    return (
        Responsible(kind="LUP", key="", name="LUP", role="rådgjevar"),
        Responsible(kind="COUNTY", key="60", name="Fylke fylkeskommune", role="innkjøpssjef"),
        Responsible(
            kind="MUNICIPALITY", key=_number(number), name=f"{PLACES[number]} kommune", role=""
        ),
        Responsible(
            kind="COOPERATION", key="nord", name="Innkjøpssamarbeidet i nord", role="leiar"
        ),
        None,
    )[place % 5]


def _number(place: int) -> str:
    return f"{6001 + place}"


def _prose(sentences: int, a_paragraph: int = 5, first: int = 0) -> str:
    """Return so many sentences, in paragraphs of at most ``a_paragraph``."""
    found = list(islice(cycle(_SENTENCES), first, first + sentences))
    return "\n\n".join(" ".join(paragraph) for paragraph in _batches(found, a_paragraph))


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def make_amendment(
    *, measures: int = 8, reason: str = "Kurshaldarane var opptekne."
) -> PlanDocument:
    """Return version 2 of such a plan: an amendment that changes a text and two measures, takes one
    out and adds one in English; each for ``reason``, which is in Bokmål."""
    before = make_document(measures=measures, version=1, state=PlanState.FOR_SIGNATURE)
    text, *texts = before.texts
    one, two = before.parts
    after = replace(
        before,
        version=2,
        texts=(replace(text, body=text.body.replace("Deltakarane", "Alle")), *texts),
        parts=(_with_first_area(one, _changed), _with_first_area(two, _exchanged)),
    )
    found = amended(before, after).items
    return replace(
        after,
        amendment=amendment_of(
            before,
            after,
            number=1,
            signed_on=date(2020, 3, 4),
            reasons={(item.kind, item.key): Reason(reason, "nb") for item in found},
        ),
    )


def _with_first_area(part: Part, change: Callable[[list[Measure]], list[Measure]]) -> Part:
    first, *others = part.focus_areas
    return replace(
        part, focus_areas=(replace(first, measures=tuple(change(list(first.measures)))), *others)
    )


def _changed(measures: list[Measure]) -> list[Measure]:
    first, second, *others = measures
    first = replace(
        first, title="Halde seminar", description=first.description.replace("kurs", "seminar")
    )
    starts_on, ends_on = date(2020, 4, 1), date(2020, 6, 30)
    second = replace(second, starts_on=starts_on, ends_on=ends_on, period_unit="QUARTERS")
    return [first, second, *others]


def _exchanged(measures: list[Measure]) -> list[Measure]:
    new = make_measure(2, 99, title="Show digital supervision", language="en")
    left = [measures[0], *measures[2:], new]
    return [replace(measure, number=f"2.{place}") for place, measure in enumerate(left, 1)]
