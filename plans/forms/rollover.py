"""The forms of a roll-over: about one measure, about several, and about what else is carried on."""

from typing import Any

from crispy_forms.layout import Div, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Group, Helper, LinkButton, SubmitButton
from plans.carrying import Candidate, Takeover
from plans.enums import CARRIED, Decision, TextKind
from plans.forms.base import VersionedForm
from plans.forms.period import PeriodForm
from plans.models import FocusArea, Rollover, RolloverDecision
from plans.models.rollover import MAX_REASON, NOBODY

POSTPONED_AT_MOST = 5  # years
# The codes of ``Rollover.texts`` with what people call them.
TEXTS = [
    *TextKind.choices,
    ("PART_COUNTY", _("Introduction to part 1")),
    ("PART_MUNICIPALITIES", _("Introduction to part 2")),
]


class DecisionForm(PeriodForm):
    """What becomes of one measure. Where a municipality was split it asks who takes its place."""

    class Meta:
        model = RolloverDecision
        fields = [
            "decision",
            "reason",
            "period_unit",
            "starts_on",
            "ends_on",
            "carry_lup_days",
            "postponed_to",
        ]
        widgets = {
            "decision": forms.RadioSelect,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "period_unit": forms.RadioSelect,
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, candidate: Candidate, cancel_url: str, **kwargs: Any) -> None:
        self.candidate = candidate
        self.year = candidate.rollover.target_year
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["version"].initial = None
        self.fields["decision"].choices = Decision.choices  # type: ignore[attr-defined]
        self.fields["postponed_to"] = self._years()
        self._open_on_quarters()
        self.asked = [takeover for takeover in candidate.takeovers if takeover.asks]
        for takeover in self.asked:
            self.fields[_name(takeover)] = self._question(takeover)
        lead = candidate.responsible
        self.asks_responsible = lead is not None and lead.asks
        if lead is not None and lead.asks:
            self.fields["responsible_successor"] = self._responsible(lead)
        self.helper = self._layout(cancel_url)

    def clean(self) -> dict[str, Any]:
        """Bring the answers to the row's own fields, and ask for a reason where one is needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        decision = cleaned.get("decision")
        _ask_why(self, cleaned)
        if decision == Decision.POSTPONE:
            cleaned["postponed_to"] = cleaned.get("postponed_to") or self.year + 1
        else:
            cleaned["postponed_to"] = None
            self.errors.pop("postponed_to", None)
        if decision in CARRIED:
            self._clean_period(cleaned)
        else:
            self._keep_period(cleaned)
        cleaned["successors"] = [
            f"{takeover.ended.number}:{number}"
            for takeover in self.asked
            for number in self._chosen(takeover, cleaned)
        ]
        cleaned.setdefault("responsible_successor", self.instance.responsible_successor)
        return cleaned

    def validate_constraints(self) -> None:
        """Leave the row's constraints to the database: ``clean`` has refused all that they
        would."""

    def values(self) -> dict[str, Any]:
        """Return the row's own fields, as the services take them."""
        values = super().values()
        for takeover in self.asked:
            values.pop(_name(takeover), None)
        return values

    def _chosen(self, takeover: Takeover, cleaned: dict[str, Any]) -> list[str]:
        chosen: list[str] = cleaned.get(_name(takeover)) or []
        if NOBODY in chosen and len(chosen) > 1:
            self.add_error(_name(takeover), _("Choose municipalities or “none of them”, not both."))
        return chosen

    def _keep_period(self, cleaned: dict[str, Any]) -> None:
        """Take no notice of a period that isn't used, and that isn't seen either."""
        for name in ("period_unit", "first_quarter", "last_quarter", "starts_on", "ends_on"):
            self.errors.pop(name, None)
        period = self.proposed
        for name in ("period_unit", "starts_on", "ends_on"):
            cleaned[name] = period[name]

    @property
    def proposed(self) -> dict[str, Any]:
        """The period that the form was opened on."""
        return self._proposed

    def _open_on_quarters(self) -> None:
        row = self.instance
        # Kept, for cleaning writes what was typed into the row.
        self._proposed: dict[str, Any] = {
            "period_unit": row.period_unit,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
        }
        super()._open_on_quarters()

    def _years(self) -> forms.TypedChoiceField:
        first = self.year + 1
        years = [(year, str(year)) for year in range(first, first + POSTPONED_AT_MOST)]
        until = self.instance.postponed_to
        if until and until >= first + POSTPONED_AT_MOST:
            years.append((until, str(until)))
        return forms.TypedChoiceField(
            label=_("Offer it again for the year"),
            choices=years,
            coerce=int,
            empty_value=None,
            required=False,
            initial=until or first,
        )

    def _question(self, takeover: Takeover) -> forms.MultipleChoiceField:
        answer = self.candidate.answer(takeover)
        initial = None if answer is None else [m.number for m in answer] or [NOBODY]
        return forms.MultipleChoiceField(
            label=_("Instead of %(municipality)s") % {"municipality": takeover.ended},
            choices=[*_options(takeover), (NOBODY, _("None of them"))],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=initial,
            help_text=_("Choose one or several. Until you have, the roll-over can't be confirmed."),
        )

    def _responsible(self, takeover: Takeover) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=_("Responsible instead of %(municipality)s") % {"municipality": takeover.ended},
            choices=[*_options(takeover), (NOBODY, _("Nobody yet"))],
            widget=forms.RadioSelect,
            required=False,
            initial=self.instance.responsible_successor,
        )

    def _layout(self, cancel_url: str) -> Helper:
        questions = [_name(takeover) for takeover in self.asked]
        if self.asks_responsible:
            questions.append("responsible_successor")
        asked = [Group(_("Municipalities that are gone"), *questions)] if questions else []
        return Helper(
            "version",
            Group(_("What becomes of the measure"), "decision", "reason"),
            Div(
                Group(
                    _("When, in %(year)s") % {"year": self.year},
                    "period_unit",
                    Row("first_quarter", "last_quarter", css_class="lp-when-quarters"),
                    Row("starts_on", "ends_on", css_class="lp-when-dates"),
                ),
                "carry_lup_days",
                *asked,
                css_class="lp-when-carried lp-stack",
            ),
            Div("postponed_to", css_class="lp-when-postponed"),
            Actions(SubmitButton(_("Save the decision")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )


class SeveralForm(forms.Form):
    """The same decision about several measures that nobody has decided about."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Decision.choices,
        initial=Decision.CONTINUE,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for all but “continue”. It is noted on each of the measures."),
    )
    measures = forms.MultipleChoiceField(
        label=_("Measures"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one measure."),
            "invalid_choice": _(
                "One of the measures has been decided about meanwhile, or is gone. The list is new:"
                " look through it and send it again."
            ),
        },
    )

    def __init__(
        self, *args: Any, offered: list[Candidate], cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["measures"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (
                str(c.measure.key),
                f"{c.measure.number} {c.measure.title} – {c.measure.get_status_display()}",
            )
            for c in offered
        ]
        field.initial = [str(c.measure.key) for c in offered]
        self.helper = Helper(
            "measures",
            "decision",
            "reason",
            Actions(SubmitButton(_("Decide about these")), LinkButton(_("Cancel"), cancel_url)),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where one is needed."""
        cleaned: dict[str, Any] = super().clean() or {}
        _ask_why(self, cleaned)
        return cleaned


class RestForm(VersionedForm):
    """The new plan's title, and which texts and focus areas it begins with."""

    texts = forms.MultipleChoiceField(
        label=_("Texts to begin with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are copied as they stand, to be written on."),
        choices=TEXTS,
    )
    focus_areas = forms.MultipleChoiceField(
        label=_("Focus areas to begin with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The focus areas of measures that are carried on come along in any case."),
    )

    class Meta:
        model = Rollover
        fields = ["title", "texts", "focus_areas"]

    def __init__(self, *args: Any, areas: list[FocusArea], cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["focus_areas"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(area.key), f"{area.part.number} – {area.title}") for area in areas]
        self.helper = Helper(
            "version",
            "title",
            "texts",
            "focus_areas",
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )

    def clean_focus_areas(self) -> list[str]:
        """Return the keys in the order that the service keeps them in."""
        return sorted(self.cleaned_data["focus_areas"])

    def clean_texts(self) -> list[str]:
        """Return the codes in their own order, not the browser's."""
        return [code for code, _label in TEXTS if code in self.cleaned_data["texts"]]


def _ask_why(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    decision = cleaned.get("decision")
    without = not cleaned.get("reason") and "reason" not in form.errors
    if decision and decision != Decision.CONTINUE and without:
        form.add_error("reason", _("Say why: all but “continue” needs a reason."))


def _name(takeover: Takeover) -> str:
    return f"successors_{takeover.ended.number}"


def _options(takeover: Takeover) -> list[tuple[str, str]]:
    return [(m.number, str(m)) for m in takeover.options]
