"""Two people save the same thing: field by field, asked about only where both changed it."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from audit.services import verify
from plans.forms.base import VersionedForm
from plans.forms.merging import marks_of, read_marks
from plans.models import Measure, PartnerPlan
from plans.services.measures import delete_measure
from tests.factories.plans import make_plan, part_of
from tests.plans.conftest import World

LogIn = Callable[[User], Client]


class _Inputs(HTMLParser):
    """Reads what a browser would send for a page's form: inputs of ``edit-form`` as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._text = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name and "disabled" not in given:
            kind = given.get("type", "text")
            ticks = kind in ("checkbox", "radio")
            if not ticks or "checked" in given:
                default = "on" if ticks else ""
                self.sent.setdefault(name, []).append(given.get("value", default))
        elif tag == "textarea":
            self._text = name
            self.sent[name] = [""]
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.sent[self._select] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent[self._text][0] = self.sent[self._text][0].removeprefix("\n")
            self._text = ""


def inputs(answer: Any) -> dict[str, list[str]]:
    """Return what the browser would send for the page, untouched."""
    parser = _Inputs()
    parser.feed(answer.content.decode())
    return parser.sent


def form_of(answer: Any) -> VersionedForm:
    form: VersionedForm = answer.context["form"]
    return form


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, measures=1)
    measure = Measure.objects.in_plan(plan.pk)[0]
    measure.municipalities.set(world.municipalities[:1])
    Measure.objects.filter(pk=measure.pk).update(
        description="Fyrste avsnitt.\n\nAndre avsnitt.", lup_days_q1=2
    )
    return plan


@pytest.fixture
def measure(plan: PartnerPlan) -> Measure:
    return Measure.objects.in_plan(plan.pk)[0]


@pytest.fixture
def address(plan: PartnerPlan, measure: Measure) -> str:
    where = [plan.agreement.county.slug, plan.year]
    return reverse("plans:measure_edit", args=[*where, measure.key])


@pytest.fixture
def save(browser_of: LogIn, address: str) -> Callable[..., Any]:
    """Open the measure, change some fields, save; ``opened`` is a page opened earlier."""

    def send(user: User, opened: Any = None, **changes: object) -> Any:
        browser = browser_of(user)
        fields = inputs(opened or browser.get(address)) | changes
        return browser.post(address, fields)

    return send


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_an_untouched_form_changes_nothing(
    world: World, measure: Measure, save: Callable[..., Any]
) -> None:
    # A browser ends lines in its own way, and that is no change.
    assert (
        save(world.editor, description=measure.description.replace("\n", "\r\n")).status_code == 302
    )
    assert not Event.objects.about(measure).exists()


def test_changes_of_different_fields_are_brought_together_without_asking(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    assert save(colleague, description="Kollegaens.", lup_days_q2="3").status_code == 302
    assert save(colleague, responsible="LUP", first_quarter="2").status_code == 302
    numbers = [str(m.pk) for m in world.municipalities]
    assert save(colleague, municipalities=numbers).status_code == 302
    answer = save(world.editor, opened, title="Min tittel", purpose="Mitt føremål")
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.purpose) == ("Min tittel", "Mitt føremål")
    assert (measure.description, str(measure.lup_days_q2)) == ("Kollegaens.", "3.0")
    assert (measure.responsible_kind, str(measure.starts_on)) == ("LUP", "2022-04-01")
    assert measure.municipalities.count() == 3
    last = Event.objects.about(measure)[0]
    assert set(last.new) == {"title", "purpose"}
    assert len(told(answer)) == 2  # that it is saved, and what it was brought together with
    verify()


def test_both_changed_the_same_and_a_choice_is_made_for_each(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    save(colleague, title="Deira tittel", purpose="Deira føremål", expected_result="Deira")
    answer = save(world.editor, opened, title="Min tittel", purpose="Mitt føremål")
    assert answer.status_code == 409
    form = form_of(answer)
    assert [(d.name, d.mine, d.theirs) for d in form.differences] == [
        ("title", "Min tittel", "Deira tittel"),
        ("purpose", "Mitt føremål", "Deira føremål"),
    ]
    assert [d.name for d in form.taken] == ["expected_result"]
    assert form["expected_result"].value() == "Deira"
    measure.refresh_from_db()
    assert measure.title == "Deira tittel"

    answer = save(
        world.editor, answer, **{"pick-title": "theirs", "pick-purpose": "mine", "purpose": "Begge"}
    )
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.purpose) == ("Deira tittel", "Begge")
    assert measure.expected_result == "Deira"


def test_a_second_conflict_starts_from_what_is_saved_then(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    save(colleague, title="Deira", purpose="Deira")
    answer = save(world.editor, opened, title="Mi", purpose="Mi")
    save(colleague, title="Deira igjen", purpose="Deira igjen", lup_days_q3="4")
    answer = save(world.editor, answer, **{"pick-title": "theirs", "pick-purpose": "mine"})
    assert answer.status_code == 409
    form = form_of(answer)
    # What was to be theirs is theirs as it is now; what was to be mine is asked about again.
    assert [(d.name, d.mine, d.theirs) for d in form.differences] == [
        ("purpose", "Mi", "Deira igjen")
    ]
    assert form["title"].value() == "Deira igjen"
    assert save(world.editor, answer, **{"pick-purpose": "mine"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.purpose, str(measure.lup_days_q3)) == (
        "Deira igjen",
        "Mi",
        "4.0",
    )


def test_what_means_something_together_is_chosen_together(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    number = world.municipalities[0].number
    save(
        colleague,
        period_unit="DATES",
        starts_on="2022-11-01",
        ends_on="2022-11-20",
        responsible=f"MUNICIPALITY:{number}",
    )
    answer = save(
        world.editor, opened, first_quarter="1", last_quarter="1", responsible="COOPERATION:lag"
    )
    assert answer.status_code == 409
    assert {d.name for d in form_of(answer).differences} == {"responsible", "period"}
    answer = save(world.editor, answer, **{"pick-period": "theirs", "pick-responsible": "theirs"})
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (str(measure.starts_on), str(measure.ends_on)) == ("2022-11-01", "2022-11-20")
    assert measure.responsible_municipality == world.municipalities[0]
    assert measure.responsible_cooperation is None


def test_a_choice_that_makes_the_form_faulty_keeps_everything(
    world: World, address: str, save: Callable[..., Any], browser_of: LogIn, colleague: User
) -> None:
    opened = browser_of(world.editor).get(address)
    save(colleague, title="Deira")
    answer = save(world.editor, opened, title="Mi")
    answer = save(world.editor, answer, kind="tull", **{"pick-title": "theirs"})
    assert answer.status_code == 422
    assert form_of(answer)["title"].value() == "Deira"


def test_both_wrote_the_same(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    save(colleague, title="Same tittel")
    assert save(world.editor, opened, title="Same tittel").status_code == 302
    measure.refresh_from_db()
    assert measure.title == "Same tittel"


@pytest.mark.parametrize("base", ["", "[]", "{", "null", '{"title": 1}', "[" * 9000])
def test_without_marks_every_difference_is_asked_about(
    world: World,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
    base: str,
) -> None:
    opened = browser_of(world.editor).get(address)
    save(colleague, title="Deira")
    answer = save(world.editor, opened, base=base, purpose="Mi")
    assert answer.status_code == 409
    assert [d.name for d in form_of(answer).differences] == ["title", "purpose"]


def test_choices_that_name_nothing_are_ignored(
    world: World, measure: Measure, save: Callable[..., Any]
) -> None:
    picks = {"pick-version": "theirs", "pick-": "theirs", "pick-tull": "theirs", "pick-kind": "x"}
    assert save(world.editor, title="Ny", **picks).status_code == 302
    measure.refresh_from_db()
    assert measure.title == "Ny"


def test_a_measure_that_was_deleted_meanwhile_keeps_what_was_written(
    world: World,
    measure: Measure,
    address: str,
    save: Callable[..., Any],
    browser_of: LogIn,
    colleague: User,
) -> None:
    opened = browser_of(world.editor).get(address)
    delete_measure(measure=measure, by=colleague)
    answer = save(world.editor, opened, title="Skrive etterpå")
    assert answer.status_code == 302
    measure.refresh_from_db()
    assert (measure.title, measure.is_deleted) == ("Skrive etterpå", True)
    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["warning"]


@pytest.mark.parametrize(
    ("name", "rest", "field"),
    [
        ("title_edit", [], "title"),
        ("text_edit", ["background"], "body"),
        ("part_edit", [1], "introduction"),
        ("area_edit", None, "description"),
    ],
)
def test_every_other_form_asks_and_goes_on(
    world: World,
    plan: PartnerPlan,
    browser_of: LogIn,
    colleague: User,
    name: str,
    rest: list[object] | None,
    field: str,
) -> None:
    if rest is None:
        rest = [part_of(plan).focus_areas.get().key]
    address = reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])
    mine, theirs = browser_of(world.editor), browser_of(colleague)
    opened = inputs(mine.get(address))
    theirs.post(address, inputs(theirs.get(address)) | {field: "Deira ord"})
    answer = mine.post(address, opened | {field: "Mine ord"})
    assert answer.status_code == 409
    assert [(d.name, d.mine, d.theirs) for d in form_of(answer).differences] == [
        (field, "Mine ord", "Deira ord")
    ]
    answer = mine.post(address, inputs(answer) | {f"pick-{field}": "theirs"})
    assert answer.status_code == 302
    assert form_of(mine.get(address))[field].value() == "Deira ord"


def test_in_its_place_on_the_workbench(
    world: World, address: str, browser_of: LogIn, colleague: User, save: Callable[..., Any]
) -> None:
    browser = browser_of(world.editor)
    htmx = {"HX-Request": "true"}
    opened = browser.get(address, headers=htmx)
    save(colleague, title="Deira")
    answer = browser.post(address, inputs(opened) | {"title": "Mi"}, headers=htmx)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == answer["HX-Reselect"]
    answer = browser.post(address, inputs(answer) | {"pick-title": "theirs"}, headers=htmx)
    assert answer.status_code == 302


def test_marks_are_the_same_for_what_means_the_same() -> None:
    from decimal import Decimal

    same = ({"a": 2}, {"a": Decimal("2.0")}), ({"a": "x\r\ny "}, {"a": "x\ny"})
    for one, other in same:
        assert marks_of(one) == marks_of(other)
    assert marks_of({"a": True}) != marks_of({"a": 1})
    assert marks_of({"a": 10}) == marks_of({"a": Decimal("10.0")})
    assert marks_of({"a": [1, 2]}) != marks_of({"a": [2]})
    assert read_marks("{}") == {}
