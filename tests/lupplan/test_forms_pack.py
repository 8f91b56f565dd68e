"""The crispy-forms pack for Designsystemet: what every form on every page rests on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.layout import Field, Row
from crispy_forms.utils import render_crispy_form
from django import forms
from django.test import RequestFactory
from django.utils.translation import override

from lupplan.forms import (
    Actions,
    Affix,
    Chooser,
    ChooserGroup,
    Group,
    Helper,
    LinkButton,
    SubmitButton,
)

CONTROLS = {"input", "select", "textarea"}


@dataclass
class Element:
    """A start tag: its name, its attributes as written, and the text up to its end tag."""

    tag: str
    written: list[tuple[str, str | None]]
    text: str = ""

    def __getitem__(self, name: str) -> str | None:
        return dict(self.written).get(name)


class Page(HTMLParser):
    """All elements of some HTML, in order."""

    VOID = {"input", "meta", "link", "br", "path"}

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, attrs))
        if tag not in self.VOID:
            self._open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str, **attrs: str) -> Iterator[Element]:
        for element in self.elements:
            if (not tags or element.tag in tags) and all(
                element[name.replace("_", "-")] == value for name, value in attrs.items()
            ):
                yield element

    def one(self, *tags: str, **attrs: str) -> Element:
        (found,) = self.all(*tags, **attrs)
        return found

    def ids(self) -> Counter[str]:
        return Counter(e["id"] for e in self.elements if e["id"])


class Stored:
    """A file that was uploaded before."""

    url = "/files/plan.pdf"

    def __str__(self) -> str:
        return "plan.pdf"


class EveryKind(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="Title", help_text="Short.")
    description = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    days = forms.DecimalField(label="Days", min_value=0, required=False)
    cost = forms.IntegerField(label="Cost in kroner", help_text="Whole kroner.", required=False)
    starts_on = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date", "class": "lp-w-s"})
    )
    kind = forms.ChoiceField(label="Kind", choices=[("", "–"), ("COURSE", "Course")])
    targets = forms.MultipleChoiceField(label="Targets", choices=[("a", "A"), ("b", "B")])
    takes_part = forms.BooleanField(label="Takes part", help_text="Part two only.")
    unit = forms.ChoiceField(
        label="Unit", widget=forms.RadioSelect, choices=[("q", "Q"), ("d", "D")], help_text="When?"
    )
    quarters = forms.MultipleChoiceField(
        label="Quarters", widget=forms.CheckboxSelectMultiple, choices=[("1", "1."), ("2", "2.")]
    )
    nothing = forms.MultipleChoiceField(
        label="Nothing to choose", widget=forms.CheckboxSelectMultiple, choices=[]
    )
    municipalities = forms.MultipleChoiceField(
        label="Municipalities",
        widget=forms.CheckboxSelectMultiple,
        choices=[("1506", "1506 Molde"), ("1507", "1507 Ålesund")],
        help_text="Those it is for.",
    )
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    attachment = forms.FileField(label="Attachment", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(
            "version",
            "title",
            Row("description", "days"),
            Group("Time & money", Affix("cost", after="kr"), "starts_on", description="When."),
            "kind",
            "targets",
            "takes_part",
            "unit",
            Field("quarters", wrapper_class="lp-inline"),
            "nothing",
            Chooser("municipalities", groups=[ChooserGroup("nii", "NII", ["1506", "1507"])]),
            "email",
            "password",
            "attachment",
            Actions(
                SubmitButton("Save"),
                SubmitButton("Save & go on", name="next", value="new", variant="secondary"),
                LinkButton("Cancel", "/planar/"),
            ),
            action="/arbeid/",
            unsaved=True,
            htmx={"post": "/arbeid/", "target": "#measure-5"},
        )

    def clean(self) -> None:
        raise forms.ValidationError("Outside the plan's year.")


class Login(forms.Form):
    """A form without a layout."""

    email = forms.EmailField(label="E-mail")
    helper = Helper(submit="Log in")


def rendered(form: forms.BaseForm) -> Page:
    request = RequestFactory().get("/")
    with override("en"):
        return Page(render_crispy_form(form, context={"request": request, "csrf_token": "token"}))


@pytest.fixture(params=["empty", "faulty", "filled"])
def shown(request: pytest.FixtureRequest) -> Page:
    """The form of every kind as it is first shown, with an error on each field, and filled in."""
    if request.param == "faulty":
        return rendered(EveryKind({"version": "", "cost": "much", "days": "-1"}))
    initial = {"attachment": Stored(), "quarters": ["2"]} if request.param == "filled" else {}
    return rendered(EveryKind(initial=initial))


@pytest.fixture
def faulty() -> Page:
    return rendered(EveryKind({"version": "", "cost": "much", "days": "-1"}))


def test_no_attribute_is_written_twice_and_none_carries_style_or_script(shown: Page) -> None:
    for element in shown.elements:
        names = [name for name, _ in element.written]
        assert len(names) == len(set(names)), element
        assert not [n for n in names if n == "style" or n.startswith("on")], element


def test_ids_are_unique(shown: Page) -> None:
    assert {id_: n for id_, n in shown.ids().items() if n > 1} == {}


def test_everything_described_has_its_description_once(shown: Page) -> None:
    ids = shown.ids()
    described = [e["aria-describedby"].split() for e in shown.elements if e["aria-describedby"]]
    assert described
    assert {id_: ids[id_] for names in described for id_ in names if ids[id_] != 1} == {}


def test_every_help_text_is_pointed_at(shown: Page) -> None:
    pointed = " ".join(e["aria-describedby"] or "" for e in shown.elements).split()
    texts = [id_ for id_ in shown.ids() if id_.endswith(("_helptext", "_error"))]
    assert sorted(pointed) == sorted(texts)


def test_every_control_has_one_label_and_every_label_a_control(shown: Page) -> None:
    controls = [e["id"] for e in shown.all(*CONTROLS) if e["type"] != "hidden"]
    assert sorted(e["for"] or "" for e in shown.all("label")) == sorted(c or "" for c in controls)


def test_controls_look_like_designsystemet_and_leave_their_width_to_the_layout(shown: Page) -> None:
    for element in shown.all(*CONTROLS):
        if element["type"] != "hidden":
            assert "ds-input" in (element["class"] or "").split(), element
    assert shown.one(id="id_starts_on")["class"] == "ds-input lp-w-s"
    assert shown.one("textarea")["cols"] is None


def test_the_form_is_posted_with_a_token_and_shows_our_own_messages(shown: Page) -> None:
    form = shown.one("form")
    assert dict(form.written) == {
        "action": "/arbeid/",
        "class": "lp-form",
        "data-unsaved": None,
        "hx-post": "/arbeid/",
        "hx-target": "#measure-5",
        "method": "post",
        "enctype": "multipart/form-data",
        "novalidate": None,
    }
    assert shown.one(name="csrfmiddlewaretoken")["value"] == "token"


def test_optional_fields_say_so(shown: Page) -> None:
    labels = [e.text for e in shown.all("label", "legend")]
    assert [" ".join(text.split()) for text in labels if "optional" in text] == [
        "Description (optional)",
        "Days (optional)",
        "Cost in kroner (optional)",
        "Attachment (optional)",
    ]


def test_groups_carry_their_own_words(shown: Page) -> None:
    legends = [" ".join(e.text.split()) for e in shown.all("legend")]
    assert legends == ["Time & money", "Unit", "Quarters", "Nothing to choose", "Municipalities"]
    assert shown.one("fieldset", id="id_quarters")["class"] == "ds-fieldset lp-inline"


def test_buttons_say_what_they_do(shown: Page) -> None:
    buttons = [
        (b.text.strip(), b["name"], b["value"], b["data-variant"]) for b in shown.all("button")
    ]
    assert buttons == [
        ("", None, None, None),  # pressed by Enter in a text field
        ("All", "choose", "all", "secondary"),
        ("None", "choose", "none", "secondary"),
        ("NII", "choose", "nii", "secondary"),
        ("Save", None, None, None),
        ("Save & go on", "next", "new", "secondary"),
    ]
    assert shown.one("button", value="nii")["data-members"] == "1506,1507"
    assert shown.one("a", href="/planar/").text == "Cancel"


def test_the_summary_tells_every_error_and_leads_to_its_field(faulty: Page) -> None:
    required = "This field is required."
    links = [(e.text, e["href"]) for e in faulty.all("a") if (e["href"] or "").startswith("#")]
    assert links == [
        (f"Title: {required}", "#id_title"),
        ("Days: Ensure this value is greater than or equal to 0.", "#id_days"),
        ("Cost in kroner: Enter a whole number.", "#id_cost"),
        (f"From: {required}", "#id_starts_on"),
        (f"Kind: {required}", "#id_kind"),
        (f"Targets: {required}", "#id_targets"),
        (f"Takes part: {required}", "#id_takes_part"),
        (f"Unit: {required}", "#id_unit_0"),
        (f"Quarters: {required}", "#id_quarters_0"),
        (f"Nothing to choose: {required}", "#id_nothing"),
        (f"Municipalities: {required}", "#id_municipalities_0"),
        (f"E-mail: {required}", "#id_email"),
        (f"Password: {required}", "#id_password"),
    ]
    targets = {e["id"]: e for e in faulty.elements if e["id"]}
    for _, href in links:
        target = targets[(href or "")[1:]]
        assert target.tag in CONTROLS or target["tabindex"] == "-1", target


def test_errors_without_a_field_to_go_to_stand_in_the_summary(faulty: Page) -> None:
    plain = [
        e.text.strip()
        for e in faulty.all("li")
        if not any(e.text.strip() == link.text for link in faulty.all("a"))
    ]
    assert plain == ["Outside the plan's year.", "Version: This field is required."]


def test_the_summary_takes_focus(faulty: Page) -> None:
    (summary,) = [e for e in faulty.elements if e["class"] == "ds-error-summary"]
    assert (summary["tabindex"], "autofocus" in dict(summary.written)) == ("-1", True)


def test_faulty_controls_are_invalid_once(faulty: Page) -> None:
    invalid = [e["id"] for e in faulty.elements if e["aria-invalid"] == "true"]
    assert invalid == [
        "id_title",
        "id_days",
        "id_cost",
        "id_starts_on",
        "id_kind",
        "id_targets",
        "id_takes_part",
        "id_unit",  # the radio group itself
        "id_quarters_0",
        "id_quarters_1",
        "id_municipalities_0",
        "id_municipalities_1",
        "id_email",
        "id_password",
    ]
    assert faulty.one("fieldset", id="id_unit")["role"] == "radiogroup"


def test_nothing_is_invalid_before_it_is_sent() -> None:
    page = rendered(EveryKind())
    assert [e for e in page.elements if e["aria-invalid"] or e["role"] == "alert"] == []


def test_choices_and_files_keep_what_was_there() -> None:
    page = rendered(EveryKind(initial={"attachment": Stored(), "quarters": ["2"]}))
    checked = [e["id"] for e in page.all("input") if "checked" in dict(e.written)]
    assert checked == ["id_quarters_1"]
    assert page.one("a", href="/files/plan.pdf").text == "plan.pdf"
    assert page.one("label", **{"for": "attachment-clear_id"}).text == "Remove the file"


def test_a_form_without_a_layout_shows_its_fields_and_its_button() -> None:
    page = rendered(Login())
    assert [(e.tag, e.text.strip()) for e in page.all("label", "button")] == [
        ("label", "E-mail"),
        ("button", "Log in"),
    ]


def test_a_formset_has_one_summary_and_numbers_its_forms() -> None:
    formset = forms.formset_factory(Login, extra=0)(
        {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "form-0-email": "a@b.example"}
    )
    formset.helper = Helper(submit="Save")
    page = rendered(formset)
    links = [(e.text, e["href"]) for e in page.all("a")]
    assert links == [("2: E-mail: This field is required.", "#id_form-1-email")]
    assert [e.text.strip() for e in page.all("legend")] == ["1", "2"]
    assert {id_: n for id_, n in page.ids().items() if n > 1} == {}
