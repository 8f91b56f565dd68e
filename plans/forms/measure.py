"""The form for a measure: a half-finished one may be saved, a wrong one may not."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.layout import Div, Row
from django import forms
from django.db import models
from django.db.models import ManyToManyField
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
from municipalities.enums import Certainty
from municipalities.models import Municipality, ProcurementCooperation
from plans.enums import MeasureKind, PartKind, TargetGroup
from plans.forms.base import Unit
from plans.forms.parties import Parties
from plans.forms.period import PERIOD_UNIT, QUARTERS, PeriodForm
from plans.forms.responsible import RESPONSIBLE_ROWS, code_of, fields_of, responsible_field
from plans.models import Measure, PlanPart

if TYPE_CHECKING:
    from django.db.models import QuerySet

RESPONSIBLE = ("responsible_kind", *RESPONSIBLE_ROWS)
MANY = ("municipalities", "cooperations")


def _many(name: str, none: "QuerySet[Any]") -> forms.ModelMultipleChoiceField:
    """Return the field for rows that a measure names, as the model describes it."""
    field = Measure._meta.get_field(name)
    assert isinstance(field, ManyToManyField)
    return forms.ModelMultipleChoiceField(
        queryset=none,
        required=False,
        label=capfirst(field.verbose_name),
        help_text=field.help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class MeasureForm(PeriodForm):
    """Everything that a measure commits to. ``choose`` in the data ticks municipalities, see
    ``ticked``."""

    responsible = forms.ChoiceField()
    target_groups = forms.MultipleChoiceField(
        label=_("Target groups"),
        required=False,
        choices=TargetGroup.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    # Not in Meta: it would ask the database for what ``Parties`` knows already.
    municipalities = _many("municipalities", Municipality.objects.none())
    cooperations = _many("cooperations", ProcurementCooperation.objects.none())

    together: ClassVar[dict[str, Unit]] = {
        "responsible_kind": Unit("responsible", RESPONSIBLE, ("responsible",), _("Responsible")),
        **PERIOD_UNIT,
    }

    class Meta:
        model = Measure
        fields = [
            "title",
            "kind",
            "description",
            "purpose",
            "expected_result",
            "language",
            "target_groups",
            "responsible_role",
            "municipality_scope",
            "county_takes_part",
            "period_unit",
            "starts_on",
            "ends_on",
            "lup_days_q1",
            "lup_days_q2",
            "lup_days_q3",
            "lup_days_q4",
            "cost_nok",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "purpose": forms.Textarea(attrs={"rows": 3}),
            "expected_result": forms.Textarea(attrs={"rows": 3}),
            "municipality_scope": forms.RadioSelect,
            "period_unit": forms.RadioSelect,
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "lup_days_q1": forms.NumberInput(attrs={"min": 0, "step": "0.5"}),
            "lup_days_q2": forms.NumberInput(attrs={"min": 0, "step": "0.5"}),
            "lup_days_q3": forms.NumberInput(attrs={"min": 0, "step": "0.5"}),
            "lup_days_q4": forms.NumberInput(attrs={"min": 0, "step": "0.5"}),
        }

    def __init__(
        self, *args: Any, part: PlanPart, parties: Parties, cancel_url: str, **kwargs: Any
    ) -> None:
        """``part`` is the measure's, with its plan; ``parties`` are who can be named in it."""
        self.part, self.parties = part, parties
        self.year = part.plan.year
        super().__init__(*args, **kwargs)
        self.fields["responsible"] = responsible_field(parties)
        self.fields["responsible"].initial = code_of(self.instance)
        self.fields["kind"].choices = [("", _("Choose a kind")), *MeasureKind.choices]  # type: ignore[attr-defined]
        self.chosen = self._chosen()
        for name in MANY:
            self.fields[name].initial = self.chosen[name]
        self._limit("municipalities", parties.municipalities)
        self._limit("cooperations", parties.cooperations)
        self.fields["cooperations"].choices = [  # type: ignore[attr-defined]
            (cooperation.pk, self._with_certainty(cooperation))
            for cooperation in parties.cooperations
        ]
        self._open_on_quarters()
        for quarter, label in QUARTERS[1:]:
            field = self.fields[f"lup_days_q{quarter}"]
            field.required, field.label = False, label
        if part.kind == PartKind.COUNTY:
            del self.fields["county_takes_part"]
        self.helper = self._layout(cancel_url)

    def ticked(self, choose: str) -> None:
        """Tick the municipalities that a button stands for, and keep all else that was typed.

        ``choose`` is ``all``, ``none`` or the key of a cooperation, whose members are added.
        """
        data = self.typed()
        name = self.add_prefix("municipalities")
        if choose == "all":
            chosen = {str(m.pk) for m in self.parties.municipalities}
        elif choose == "none":
            chosen = set()
        else:
            chosen = {*data.getlist(name), *self.parties.members.get(choose, [])}
        data.setlist(name, sorted(chosen))
        self.data = data

    def clean(self) -> dict[str, Any]:
        """Bring the period, the responsible party and the days to the row's own fields."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["target_groups"] = [
            code for code in TargetGroup.values if code in cleaned.get("target_groups", ())
        ]
        if "responsible" in cleaned:
            cleaned.update(fields_of(cleaned.pop("responsible"), self.parties))
        for quarter in range(1, 5):
            name = f"lup_days_q{quarter}"
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = 0
            elif cleaned.get(name) is not None and cleaned[name] * 2 % 1:
                self.add_error(name, _("Give whole or half days, such as 2 or 2.5."))
        self._clean_period(cleaned)
        return cleaned

    def validate_constraints(self) -> None:
        """Leave the row's constraints to the database: ``clean`` has refused all that they would,
        and Django asks the database once for each."""

    def row_fields(self) -> list[str]:
        """Return the names of the row's fields, with those that have no input of their own."""
        return [*super().row_fields(), *MANY]

    def row_inputs(self, row: models.Model) -> dict[str, list[str]]:
        """Return what the browser would send for a measure as it is saved."""
        assert isinstance(row, Measure)
        inputs = super().row_inputs(row)
        inputs["responsible"] = [code_of(row)]
        for name in MANY:
            if row is self.instance:
                keys = self.chosen[name]
            else:
                keys = list(getattr(row, name).values_list("pk", flat=True))
            inputs[name] = [str(key) for key in keys]
        return inputs

    def _chosen(self) -> dict[str, list[int]]:
        if self.parties.chosen is not None:
            return self.parties.chosen
        if self.instance.pk is None:
            return {name: [] for name in MANY}
        return {
            name: list(getattr(self.instance, name).values_list("pk", flat=True)) for name in MANY
        }

    def _limit(self, name: str, rows: list[Any]) -> None:
        """Offer ``rows`` alone, which are read already."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        assert field.queryset is not None
        offered = field.queryset.model._default_manager
        field.queryset = offered.filter(pk__in=[row.pk for row in rows])
        field.choices = [(row.pk, str(row)) for row in rows]

    def _with_certainty(self, cooperation: ProcurementCooperation) -> str:
        """Return its name, and how sure its members are where no source states them."""
        certainty = cooperation.certainty_on(date(self.part.plan.year, 1, 1))
        if certainty == Certainty.STATED:
            return cooperation.name
        if certainty == Certainty.DERIVED:
            return gettext("%(name)s (its members are derived, not confirmed)") % {
                "name": cooperation.name
            }
        return gettext("%(name)s (its members are not confirmed)") % {"name": cooperation.name}

    def _layout(self, cancel_url: str) -> Helper:
        groups = [
            ChooserGroup(c.key, c.short_name or c.name, self.parties.members[c.key])
            for c in self.parties.cooperations
            if self.parties.members[c.key]
        ]
        for_whom: list[object] = [
            "municipality_scope",
            Div(Chooser("municipalities", groups=groups), css_class="lp-when-chosen"),
            "cooperations",
            "county_takes_part" if "county_takes_part" in self.fields else None,
            "target_groups",
        ]
        return Helper(
            "version",
            Group(
                _("What is to be done"),
                "title",
                "kind",
                "description",
                "purpose",
                "expected_result",
                "language",
            ),
            Group(_("Who is responsible"), "responsible", "responsible_role"),
            Group(
                _("When"),
                "period_unit",
                Row("first_quarter", "last_quarter", css_class="lp-when-quarters"),
                Row("starts_on", "ends_on", css_class="lp-when-dates"),
            ),
            Group(_("For whom"), *filter(None, for_whom)),
            Group(
                _("Days from LUP"),
                Row("lup_days_q1", "lup_days_q2"),
                Row("lup_days_q3", "lup_days_q4"),
                description=_("How many working days LUP gives to the measure in each quarter."),
            ),
            Group(_("Cost"), Affix("cost_nok", before="kr", css_class="lp-w-m")),
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )
