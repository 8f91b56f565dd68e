"""The forms in which the editor answers a contribution."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Group, Helper, LinkButton, SubmitButton
from plans.enums import ContributionState, MeasureKind, UseExtent
from plans.forms.base import Difference, VersionedForm, shown
from plans.models import Contribution, FocusArea, Measure
from plans.services.saving import Conflict


class AnswerForm(VersionedForm):
    """What came of a contribution. ``measures`` and ``areas`` are those that stand in the plan."""

    decision = forms.ChoiceField(
        label=_("What comes of it"),
        choices=[
            (ContributionState.ACCEPTED, _("It is taken into the plan")),
            (ContributionState.DECLINED, _("It is declined, for the reason below")),
        ],
        widget=forms.RadioSelect,
    )
    measure = forms.ChoiceField(label=_("Measure that it became, or is part of"), required=False)
    extent = forms.ChoiceField(
        label=_("How much the measure takes up"),
        required=False,
        choices=UseExtent.choices,
        widget=forms.RadioSelect,
        initial=UseExtent.WHOLE,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        help_text=_("Which part of the input it is, where the measure doesn't take up all of it."),
    )
    focus_area = forms.ChoiceField(label=_("Focus area that rests on it"), required=False)

    class Meta:
        model = Contribution
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 5})}

    def __init__(
        self,
        *args: Any,
        measures: list[Measure],
        areas: list[FocusArea],
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.measures = {str(measure.key): measure for measure in measures}
        self.areas = {str(area.key): area for area in areas}
        choices = [(key, f"{m.number} {m.title}") for key, m in self.measures.items()]
        self.fields["measure"].choices = [("", _("No further measure")), *choices]  # type: ignore[attr-defined]
        self.fields["focus_area"].choices = [  # type: ignore[attr-defined]
            ("", _("No further focus area")),
            *((key, f"{a.part.number}: {a.title}") for key, a in self.areas.items()),
        ]
        if self.instance.is_answered:
            self.fields["decision"].initial = self.instance.state
        self.helper = Helper(
            "version",
            "decision",
            Group(
                _("Where it went"),
                "measure",
                "extent",
                "note",
                "focus_area",
                description=_("One at a time: answer again to add another."),
            ),
            "answer",
            Actions(SubmitButton(_("Send the answer")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )

    def values(self) -> dict[str, Any]:
        """Return what ``services.answers.answer_contribution`` takes."""
        data = self.cleaned_data
        return {
            "accepted": data["decision"] == ContributionState.ACCEPTED,
            "answer": data["answer"],
            "measure": self.measures.get(data["measure"]),
            "extent": UseExtent(data["extent"] or UseExtent.WHOLE),
            "note": data["note"],
            "focus_area": self.areas.get(data["focus_area"]),
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the contribution is declined."""
        cleaned: dict[str, Any] = super().clean() or {}
        declined = cleaned.get("decision") == ContributionState.DECLINED
        if declined and "answer" in cleaned and not cleaned["answer"].strip():
            self.add_error("answer", _("Give the reason: the sender reads it."))
        return cleaned

    def validate_constraints(self) -> None:
        """Leave the row's constraints to the database: they are about what isn't in the form."""

    def meet(self, conflict: Conflict) -> bool:
        """Show how the contribution stands now, and let the next answer replace the other one where
        nothing else is chosen."""
        current = conflict.current
        assert isinstance(current, Contribution)
        data = self.typed()
        data[self.add_prefix("version")] = str(current.version)
        self.data = data
        decision = ContributionState(self.cleaned_data["decision"])
        mine = {"state": str(decision.label), "answer": shown(current, "answer", data["answer"])}
        theirs = {
            "state": current.get_state_display(),
            "answer": shown(current, "answer", current.answer),
        }
        labels = {"state": gettext("State"), "answer": gettext("Answer")}
        self.differences = [
            Difference(
                name=name,
                label=labels[name],
                mine=mine[name],
                theirs=theirs[name],
                is_text=name == "answer",
                can_choose=name == "answer",
            )
            for name in conflict.differing
        ]
        return False


class MeasureFromForm(forms.Form):
    """Where a measure that is made of a contribution shall stand, and of which kind it is."""

    focus_area = forms.ChoiceField(label=_("Focus area"))
    kind = forms.ChoiceField(
        label=_("Kind of measure"), choices=[("", _("Choose a kind")), *MeasureKind.choices]
    )

    def __init__(self, *args: Any, areas: list[FocusArea], cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {str(area.key): area for area in areas}
        self.fields["focus_area"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a focus area")),
            *((key, f"{a.part.number}: {a.title}") for key, a in self.areas.items()),
        ]
        self.helper = Helper(
            "focus_area",
            "kind",
            Actions(SubmitButton(_("Make the measure")), LinkButton(_("Cancel"), cancel_url)),
        )

    @property
    def area(self) -> FocusArea:
        """The focus area that was chosen in a valid form."""
        return self.areas[self.cleaned_data["focus_area"]]
