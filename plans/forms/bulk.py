"""What shall be changed in many measures at once."""

from dataclasses import dataclass, field
from typing import Any

from crispy_forms.layout import Div, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.document import PlanDocument
from plans.enums import BulkField, MeasureStatus, PeriodUnit, ResponsibleKind
from plans.forms.measure import QUARTERS
from plans.models import FocusArea, PartnerPlan
from plans.periods import quarter_bounds
from plans.services.bulk import Wish

SHIFT = "SHIFT"
_HOW = [
    (PeriodUnit.QUARTERS, _("Quarters")),
    (PeriodUnit.DATES, _("Dates")),
    (SHIFT, _("Move the period that each has")),
]
_SHIFTS = [
    ("", _("Choose how far")),
    ("-3", _("Three quarters earlier")),
    ("-2", _("Two quarters earlier")),
    ("-1", _("One quarter earlier")),
    ("1", _("One quarter later")),
    ("2", _("Two quarters later")),
    ("3", _("Three quarters later")),
]
_NOBODY = "NOBODY"


@dataclass(frozen=True)
class BulkChoices:
    """What a plan's measures can be given: ``fields`` are those that the user may change, ``areas``
    the standing focus areas."""

    plan: PartnerPlan
    document: PlanDocument
    fields: tuple[BulkField, ...]
    areas: list[FocusArea] = field(default_factory=list)
    working_groups: list[WorkingGroup] = field(default_factory=list)


class BulkForm(forms.Form):
    """One thing to change, and what it shall be."""

    what = forms.ChoiceField(label=_("What shall be changed?"), widget=forms.RadioSelect)
    status = forms.ChoiceField(
        label=_("New status"),
        required=False,
        choices=[("", _("Choose a status")), *MeasureStatus.choices],
    )
    responsible = forms.ChoiceField(label=_("New responsible"), required=False)
    focus_area = forms.ChoiceField(
        label=_("New focus area"),
        required=False,
        help_text=_("The measures come last there, and measures get new numbers."),
    )
    period = forms.ChoiceField(
        label=_("New period"),
        required=False,
        choices=_HOW,
        initial=PeriodUnit.QUARTERS,
        widget=forms.RadioSelect,
    )
    first_quarter = forms.ChoiceField(label=_("From"), required=False, choices=QUARTERS)
    last_quarter = forms.ChoiceField(label=_("To and including"), required=False, choices=QUARTERS)
    starts_on = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day counts."),
    )
    shift = forms.ChoiceField(label=_("How far"), required=False, choices=_SHIFTS)

    def __init__(self, *args: Any, choices: BulkChoices, cancel_url: str, **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(*args, **kwargs)
        self._set("what", [(code, code.label) for code in choices.fields])
        self._set("responsible", _responsible_choices(choices))
        self._set(
            "focus_area",
            [
                ("", _("Choose a focus area")),
                *((str(a.key), f"{a.part.number} – {a.title}") for a in choices.areas),
            ],
        )
        if len(choices.fields) == 1:
            self.fields["what"].initial = choices.fields[0]
        self.wish: Wish | None = None
        self.helper = self._layout(cancel_url)

    def clean(self) -> dict[str, Any]:
        """Bring what was chosen to ``wish``; what belongs to another choice is left alone."""
        cleaned: dict[str, Any] = super().clean() or {}
        what = cleaned.get("what")
        asked = {
            BulkField.STATUS: self._status,
            BulkField.RESPONSIBLE: self._responsible,
            BulkField.FOCUS_AREA: self._focus_area,
            BulkField.PERIOD: self._period,
        }
        if what:
            self.wish = asked[BulkField(what)](cleaned)
        return cleaned

    def shown(self, name: str) -> str:
        """Return the words of what was chosen in a field."""
        field_ = self.fields[name]
        assert isinstance(field_, forms.ChoiceField)
        flat: dict[str, Any] = {}
        choices: Any = field_.choices
        for value, label in choices:
            flat.update(dict(label) if isinstance(label, list) else {value: label})
        return str(flat.get(self.cleaned_data.get(name, ""), ""))

    def sent(self) -> list[tuple[str, str]]:
        """Return what the browser sent for the fields, for the next step's hidden inputs."""
        return [(name, self.data[name]) for name in self.fields if self.data.get(name)]

    def _status(self, cleaned: dict[str, Any]) -> Wish | None:
        if not cleaned.get("status"):
            return self._lacks("status", _("Choose a status."))
        return Wish(BulkField.STATUS, {"status": cleaned["status"]})

    def _responsible(self, cleaned: dict[str, Any]) -> Wish | None:
        code = cleaned.get("responsible")
        if not code:
            return self._lacks("responsible", _("Choose who shall be responsible."))
        values = _responsible_values(code, self.choices)
        if values is None:
            return self._lacks("responsible", _("It does not exist in the year of the plan."))
        return Wish(BulkField.RESPONSIBLE, values)

    def _focus_area(self, cleaned: dict[str, Any]) -> Wish | None:
        key = cleaned.get("focus_area")
        area = next((area for area in self.choices.areas if str(area.key) == key), None)
        if area is None:
            return self._lacks("focus_area", _("Choose a focus area."))
        return Wish(BulkField.FOCUS_AREA, {"focus_area": area})

    def _period(self, cleaned: dict[str, Any]) -> Wish | None:
        how = cleaned.get("period")
        if how == SHIFT:
            if not cleaned.get("shift"):
                return self._lacks("shift", _("Choose how far the periods shall be moved."))
            return Wish(BulkField.PERIOD, quarters=int(cleaned["shift"]))
        if how == PeriodUnit.DATES:
            return self._dates(cleaned)
        first, last = cleaned.get("first_quarter"), cleaned.get("last_quarter")
        if not first or not last:
            name = "last_quarter" if first else "first_quarter"
            return self._lacks(name, _("Choose both the first and the last quarter."))
        if first > last:
            return self._lacks("last_quarter", _("The last quarter is before the first one."))
        bounds = quarter_bounds(self.choices.plan.year, int(first), int(last))
        return _between(PeriodUnit.QUARTERS, *bounds)

    def _dates(self, cleaned: dict[str, Any]) -> Wish | None:
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        year = self.choices.plan.year
        for name, day in (("starts_on", first), ("ends_on", last)):
            if name in self.errors:
                return None
            if day is None:
                return self._lacks(name, _("Give both the first and the last day."))
            if day.year != year:
                return self._lacks(name, _("Choose a day in the year of the plan."))
        assert first is not None
        assert last is not None
        if last < first:
            return self._lacks("ends_on", _("The last day is before the first one."))
        return _between(PeriodUnit.DATES, first, last)

    def _lacks(self, name: str, message: Any) -> Wish | None:
        """Say what a field lacks, unless it says that already; there is no wish then."""
        if name not in self.errors:
            self.add_error(name, message)
        return None

    def _set(self, name: str, choices: list[Any]) -> None:
        field_ = self.fields[name]
        assert isinstance(field_, forms.ChoiceField)
        field_.choices = choices

    def _layout(self, cancel_url: str) -> Helper:
        groups = {
            BulkField.STATUS: ["status"],
            BulkField.RESPONSIBLE: ["responsible"],
            BulkField.FOCUS_AREA: ["focus_area"],
            BulkField.PERIOD: [
                "period",
                Row("first_quarter", "last_quarter", css_class="lp-bulk-quarters"),
                Row("starts_on", "ends_on", css_class="lp-bulk-dates"),
                Div("shift", css_class="lp-bulk-shift"),
            ],
        }
        helper = Helper(
            "what",
            *(
                Div(*groups[code], css_class=f"lp-bulk-{code.lower().replace('_', '-')}")
                for code in self.choices.fields
            ),
            Actions(
                SubmitButton(_("See what changes"), name="steg", value="vis"),
                LinkButton(_("Cancel"), cancel_url),
            ),
            mark_optional=False,
        )
        helper.form_tag = False  # the page's own form holds the choice of measures too
        helper.disable_csrf = True
        return helper


def _between(unit: PeriodUnit, first: Any, last: Any) -> Wish:
    values = {"period_unit": unit.value, "starts_on": first, "ends_on": last}
    return Wish(BulkField.PERIOD, values)


def _responsible_choices(choices: BulkChoices) -> list[Any]:
    """Return whom a measure can be given to; the names are those of the document, which is read
    already."""
    document = choices.document
    return [
        ("", _("Choose who")),
        (ResponsibleKind.LUP, document.programme.short_name),
        (ResponsibleKind.COUNTY, document.county.full_name),
        (
            _("Procurement cooperations"),
            [(f"{ResponsibleKind.COOPERATION}:{c.key}", c.name) for c in document.cooperations],
        ),
        (
            _("Working groups"),
            [(f"{ResponsibleKind.WORKING_GROUP}:{g.key}", g.name) for g in choices.working_groups],
        ),
        (
            _("Municipalities"),
            [
                (f"{ResponsibleKind.MUNICIPALITY}:{m.number}", f"{m.number} {m.name}")
                for m in document.municipalities
            ],
        ),
        (_NOBODY, _("Not decided yet")),
    ]


def _responsible_values(code: str, choices: BulkChoices) -> dict[str, Any] | None:
    """Return the measure's fields for one of the choices; None if that party was not there in the
    plan's year. At most one query."""
    kind, _colon, key = code.partition(":")
    county = choices.plan.agreement.county_id
    municipality = cooperation = group = None
    if kind == ResponsibleKind.MUNICIPALITY:
        valid = Municipality.objects.valid_in_year(choices.plan.year)
        municipality = valid.filter(number=key).first()
    elif kind == ResponsibleKind.COOPERATION:
        cooperation = ProcurementCooperation.objects.filter(county=county, key=key).first()
    elif kind == ResponsibleKind.WORKING_GROUP:
        group = next((g for g in choices.working_groups if g.key == key), None)
    if key and not (municipality or cooperation or group):
        return None
    return {
        "responsible_kind": "" if kind == _NOBODY else kind,
        "responsible_municipality": municipality,
        "responsible_cooperation": cooperation,
        "responsible_working_group": group,
    }
