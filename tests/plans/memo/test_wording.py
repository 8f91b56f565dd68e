"""What the memo says, and how its wording follows the facts of the plan."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.utils import translation

from plans.document import ContributionRef, PlanDocument, Text
from plans.document.model import Agreement, Programme
from plans.enums import PlanState
from plans.memo import Figure, ReadMemo
from plans.models import MemoSection
from tests.factories.documents import make_document
from tests.factories.memos import a_case, make_memo


def body(read: ReadMemo, key: str) -> str:
    return next(section.body for section in read.document.sections if section.key == key)


def taken_in(kind: str, sender: str, place: int = 1) -> ContributionRef:
    return ContributionRef(
        key=UUID(int=place),
        sender_kind=kind,
        sender_key=sender,
        sender=sender,
        title="Innspel",
        language="nn",
    )


def with_inputs(*inputs: ContributionRef) -> PlanDocument:
    """Return a plan whose first focus area rests on ``inputs``."""
    document = make_document(measures=2)
    part = document.parts[1]
    area = replace(part.focus_areas[0], contributions=inputs)
    part = replace(part, focus_areas=(area, *part.focus_areas[1:]))
    return replace(document, parts=(document.parts[0], part))


def test_the_title_and_the_sections_in_their_order() -> None:
    memo = make_memo().document
    assert memo.title == (
        "Orientering om partnarplan 2020 mellom Fylke fylkeskommune og "
        "Leverandørutviklingsprogrammet"
    )
    assert [section.heading for section in memo.sections] == [
        "Bakgrunn",
        "Kva LUP er",
        "Kva partnarskapen inneber",
        "Kva som er gjort til no",
        "Korleis planen er bygd opp",
    ]


def test_the_background_of_a_plan_that_is_negotiated() -> None:
    assert body(make_memo(), "background") == (
        "Fylke fylkeskommune har vore partnar i Leverandørutviklingsprogrammet (LUP) sidan 2016. "
        "Samarbeidet byggjer på ein partnaravtale for programperioden 2020–2024.\n\n"
        "Fordi partnarane har vorte mange, ber LUP om éin partnarplan for kvar region og kvart år. "
        "Denne orienteringa gjeld planen for 2020.\n\n"
        "Planen er under arbeid. Han er ikkje signert, og innhaldet kan bli endra.\n\n"
        "Planen er eit døme: Avtalen og partane er røynlege, men tiltaka er oppdikta for å vise "
        "korleis ein partnarplan kan sjå ut."
    )


def test_the_background_of_a_plan_that_both_have_signed() -> None:
    document = make_document(
        measures=1,
        is_example=False,
        version=2,
        state=PlanState.FOR_SIGNATURE,
        agreement=Agreement(
            first_year=2020, last_year=2024, partner_since=2020, signed_on=date(2019, 12, 5)
        ),
    )
    read = make_memo(document, signed_on=date(2020, 3, 3))
    assert body(read, "background") == (
        "Fylke fylkeskommune vart partnar i Leverandørutviklingsprogrammet (LUP) i 2020. "
        "Samarbeidet byggjer på ein partnaravtale for programperioden 2020–2024, signert "
        "5. desember 2019.\n\n"
        "Fordi partnarane har vorte mange, ber LUP om éin partnarplan for kvar region og kvart år. "
        "Denne orienteringa gjeld planen for 2020.\n\n"
        "Begge partane har signert planen, den siste 3. mars 2020. Det er versjon 2 som gjeld."
    )
    assert read.document.attachments == (document.title,)


def test_the_background_of_a_plan_that_is_being_signed() -> None:
    document = make_document(measures=1, state=PlanState.FOR_SIGNATURE)
    assert "Planen er ferdig forhandla og send til signering hos begge partane." in body(
        make_memo(document), "background"
    ).split("\n\n")


@pytest.mark.parametrize(
    ("owners", "said"),
    [
        ((), ""),
        (("KS",), " Ved inngangen til 2020 er KS eigar av programmet."),
        (("KS", "NHO", "X"), " Ved inngangen til 2020 er KS, NHO og X eigarar av programmet."),
    ],
)
def test_the_owners_are_those_of_the_plan(owners: tuple[str, ...], said: str) -> None:
    programme = Programme(name="Programmet", short_name="LUP", founded=2010, owners=owners)
    assert body(make_memo(make_document(programme=programme)), "programme") == (
        "Programmet (LUP) vart skipa i 2010. Føremålet er å utvikle leverandørar gjennom det som "
        f"det offentlege kjøper inn.{said}"
    )


def test_the_three_aims_are_a_numbered_list() -> None:
    read = make_memo()
    section = next(s for s in read.document.sections if s.key == "partnership")
    assert [(block.kind, len(block.lines)) for block in section.blocks] == [
        ("text", 1),
        ("numbered", 3),
    ]


def test_what_is_done_are_the_plans_own_words_in_their_own_language() -> None:
    text = Text(kind="LUP_DONE", body="LUP har holdt kurs.", language="nb")
    memo = make_memo(make_document(measures=1, texts=(text,))).document
    done = next(section for section in memo.sections if section.key == "done")
    assert (done.heading, done.body, done.language) == (
        "Kva som er gjort til no",
        "LUP har holdt kurs.",
        "nb",
    )


def test_what_the_plan_says_nothing_of_is_not_in_the_memo() -> None:
    memo = make_memo(make_document(measures=1, texts=())).document
    assert "done" not in [section.key for section in memo.sections]


def test_the_structure_counts_in_words() -> None:
    assert body(make_memo(make_document(measures=17)), "structure").split("\n\n") == [
        "Planen har to delar.",
        "Den første delen er for fylkeskommunen. Han handlar om kompetansebygging og om strategisk "
        "bruk av innovative innkjøp. Denne delen har seks tiltak på to satsingsområde:",
        "- Samarbeidsområde 1 for kompetanseutvikling (fem tiltak)\n"
        "- Samarbeidsområde 2 for kompetanseutvikling (eitt tiltak)",
        "Den andre delen er for kommunane. Her tilbyr LUP kompetanseheving, først og fremst i "
        "bestillarkompetanse og i dialog med marknaden, og ser etter område der kommunane og "
        "fylkeskommunen saman kan løfte regionen. Denne delen har elleve tiltak på tre "
        "satsingsområde:",
        "- Samarbeidsområde 1 for kompetanseutvikling (fem tiltak)\n"
        "- Samarbeidsområde 2 for kompetanseutvikling (fem tiltak)\n"
        "- Samarbeidsområde 3 for kompetanseutvikling (eitt tiltak)",
        "Fylkeskommunen tek del i to av tiltaka i den andre delen.",
    ]


def test_parts_with_one_focus_area_and_with_nothing() -> None:
    draft = body(make_memo(make_document(measures=2)), "structure")
    assert "Denne delen har ingen tiltak enno." in draft
    assert "Denne delen har to tiltak på eitt satsingsområde: Samarbeidsområde 1" in draft
    signed = make_memo(make_document(measures=2), signed_on=date(2020, 3, 3))
    assert "Denne delen har ingen tiltak." in body(signed, "structure")


def test_who_gave_input_that_was_taken_in() -> None:
    document = with_inputs(
        taken_in("COOPERATION", "B-samarbeidet"),
        taken_in("COOPERATION", "A-samarbeidet", 2),
        taken_in("COOPERATION", "B-samarbeidet", 3),
        taken_in("WORKING_GROUP", "Arena", 4),
        taken_in("MUNICIPALITY", "Molde kommune", 5),
    )
    assert body(make_memo(document), "structure").split("\n\n")[-1] == (
        "Planen byggjer på innspel frå innkjøpssamarbeida i fylket. A-samarbeidet og B-samarbeidet "
        "har gitt innspel som er tekne inn i planen. Arbeidsgrupper har òg vore med på å forme "
        "innsatsen: Arena. Planen tek dessutan opp innspel frå Molde kommune."
    )


def test_nobody_is_thanked_who_gave_nothing() -> None:
    assert "innspel" not in body(make_memo(), "structure")


def test_the_key_figures_part_by_part() -> None:
    with translation.override("en"):
        figures = make_memo(make_document(measures=12)).document.figures
    counts = [(figure.one, figure.two, figure.total) for figure in figures]
    assert counts == [
        ("1", "2", "3"),  # focus areas
        ("4", "8", "12"),  # measures
        ("0", "1", "1"),  # led by LUP
        ("1", "2", "3"),  # by the county
        ("2", "4", "6"),  # by municipalities and theirs
        ("12,5", "21", "33,5"),  # days, as Nynorsk writes them
        ("1", "26", "26"),  # municipalities; one leads a measure of part one
    ]
    assert figures[0] == Figure("Satsingsområde", "1", "2", "3")


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_the_memo_is_the_same_whatever_the_screen_speaks(language: str) -> None:
    with translation.override(language):
        assert make_memo() == make_memo()
        said = make_memo().document
    assert said == make_memo().document


# --- What the county writes in place of it --------------------------------------------------------


def test_own_words_take_the_place_of_what_follows() -> None:
    row = MemoSection(key="programme", heading="Om LUP", body="Kort.", language="nb", based_on="x")
    read = make_memo(programme=row)
    section = next(s for s in read.document.sections if s.key == "programme")
    assert (section.heading, section.body, section.language) == ("Om LUP", "Kort.", "nb")


def test_a_section_left_out_and_one_added() -> None:
    read = make_memo(
        partnership=MemoSection(key="partnership", left_out=True),
        more=MemoSection(key="more", heading="Vurdering", body="Vi tilrår planen."),
    )
    assert [section.heading for section in read.document.sections] == [
        "Bakgrunn",
        "Kva LUP er",
        "Kva som er gjort til no",
        "Korleis planen er bygd opp",
        "Vurdering",
    ]


def test_how_each_section_stands() -> None:
    generated = {s.place.key: s.generated.body for s in make_memo().standings}
    read = make_memo(
        background=MemoSection(body="Vårt.", based_on=generated["background"]),
        programme=MemoSection(body="Vårt.", based_on="Det som stod før."),
        partnership=MemoSection(left_out=True),
        structure=MemoSection(heading="Oppbygging"),
    )
    told = {s.place.key: (s.is_own, s.is_stale, s.is_shown) for s in read.standings}
    assert told == {
        "background": (True, False, True),
        "programme": (True, True, True),
        "partnership": (False, False, False),
        "done": (False, False, True),
        "structure": (False, False, True),
        "more": (False, False, False),
    }


def test_the_case_and_its_attachments() -> None:
    memo = make_memo(case=a_case(title="Partnarplanen")).document
    assert (memo.title, memo.case_number, memo.committee, memo.meets_on) == (
        "Partnarplanen",
        "2020/1234",
        "Kultur- og næringsutvalet",
        date(2020, 3, 3),
    )
    assert memo.attachments[1:] == ("Partnaravtale 2020–2024", "Referat")


def test_it_was_changed_when_the_plan_or_the_memo_was() -> None:
    late = datetime(2020, 5, 1, 12, 0, 0, 7, tzinfo=UTC)
    assert make_memo().document.changed_at == make_document().changed_at
    read = make_memo(case=a_case(changed_at=late))
    assert read.document.changed_at == late.replace(microsecond=0)


def test_template_code_in_a_plan_is_text() -> None:
    county = replace(make_document().county, full_name="{{ settings.SECRET_KEY }}{% now 'Y' %}")
    assert body(make_memo(make_document(county=county)), "background").startswith(
        "{{ settings.SECRET_KEY }}{% now 'Y' %} har vore partnar"
    )
