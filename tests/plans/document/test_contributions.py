"""What a document says of the input that it rests on, for whom, on pages and in the PDF's HTML."""

from dataclasses import replace
from uuid import UUID

from plans.document import ContributionRef, PlanDocument, extract, from_json, share, to_json
from plans.exports.pdf.html import plan_html
from tests.factories.documents import make_document

REF = ContributionRef(
    key=UUID(int=7),
    sender_kind="COOPERATION",
    sender_key="nord",
    sender="Innkjøpssamarbeidet i nord",
    title="Felles <dialog>",
    language="nb",
)


def resting() -> PlanDocument:
    """A plan whose first measure and first focus area rest on the same input."""
    document = make_document(measures=12)
    part = document.parts[0]
    area = part.focus_areas[0]
    measure = replace(area.measures[0], contributions=(REF,), cooperations=(), responsible=None)
    area = replace(area, measures=(measure, *area.measures[1:]), contributions=(REF,))
    part = replace(part, focus_areas=(area, *part.focus_areas[1:]))
    return replace(document, parts=(part, *document.parts[1:]))


def test_to_json_and_back() -> None:
    document = resting()
    assert from_json(to_json(document)) == document
    assert to_json(from_json(to_json(document))) == to_json(document)


def test_a_document_from_before_there_was_input_is_read() -> None:
    older = to_json(make_document(measures=2)).replace(b'"contributions":[],', b"")
    assert b"contributions" not in older
    assert from_json(older) == make_document(measures=2)


def test_a_sender_reads_the_measures_that_its_input_led_to_and_no_area() -> None:
    document = resting()
    nobody: frozenset[str] = frozenset()
    of = {"municipalities": nobody, "cooperations": nobody, "working_groups": nobody}
    left = share(document, **{**of, "cooperations": frozenset({"nord"})})
    assert "1.1" in [measure.number for measure in left.measures]
    assert [area.contributions for part in left.parts for area in part.focus_areas if area] == [
        () for part in left.parts for _area in part.focus_areas
    ]
    # The same key of another kind of sender is somebody else.
    for other in ("municipalities", "working_groups"):
        left = share(document, **{**of, other: frozenset({"nord"})})
        assert "1.1" not in [measure.number for measure in left.measures]


def test_the_printed_plan_names_sender_and_title_of_both() -> None:
    html = plan_html(resting())
    assert html.count('<cite lang="nb">Felles &lt;dialog&gt;</cite>') == 2
    assert html.count("Innkjøpssamarbeidet i nord: <cite") == 2


def test_an_extract_keeps_what_its_measures_rest_on() -> None:
    document = resting()
    number = document.municipalities[0].number
    measures = document.parts[1].focus_areas[0].measures
    measure = replace(measures[0], municipalities=(number,), contributions=(REF,))
    area = replace(document.parts[1].focus_areas[0], measures=(measure,))
    part = replace(document.parts[1], focus_areas=(area,))
    left = extract(replace(document, parts=(document.parts[0], part)), number)
    assert [ref for m in left.parts[1].measures for ref in m.contributions] == [REF]
