"""The forms for the memo to the county's politicians."""

from copy import copy
from typing import Any

from crispy_forms.layout import Field, Row
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from plans.forms.base import Difference, Unit, VersionedForm
from plans.forms.merging import marks_of
from plans.memo import Section
from plans.models import Memo, MemoSection


class MemoForm(VersionedForm):
    """The case that the memo belongs to, its title and what else is attached."""

    class Meta:
        model = Memo
        fields = ["title", "case_number", "committee", "meets_on", "attachments"]
        widgets = {
            "meets_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "attachments": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _not_there_yet(self)
        self.helper = Helper(
            "version",
            Row(Field("case_number", css_class="lp-w-m"), Field("meets_on", css_class="lp-w-m")),
            "committee",
            "title",
            "attachments",
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )


class MemoSectionForm(VersionedForm):
    """A section of the memo. It shows what follows from the plan where nothing else is written, and
    what is sent as it was shown goes on following the plan."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    class Meta:
        model = MemoSection
        fields = ["heading", "body", "language", "left_out"]
        widgets = {"body": forms.Textarea(attrs={"rows": 16})}

    def __init__(self, *args: Any, generated: Section, cancel_url: str, **kwargs: Any) -> None:
        self.generated = generated
        super().__init__(*args, **kwargs)
        _not_there_yet(self)
        self.fields["seen"].initial = self._mark
        for name, value in self._filled(self.instance).items():
            self.initial[name] = value
        self.helper = Helper(
            "version",
            "heading",
            "body",
            "language",
            "left_out",
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )

    @property
    def based_on(self) -> str | None:
        """The text that follows from the plan, if it is the one that the form was opened with."""
        return self.generated.body if self.cleaned_data.get("seen") == self._mark else None

    def values(self) -> dict[str, Any]:
        """Return the cleaned values; a heading or text that is the plan's own is empty."""
        values = super().values()
        del values["seen"]
        if values["heading"] == self.generated.heading:
            values["heading"] = ""
        if values["body"] == self.generated.body:
            values["body"] = ""
        return values

    def row_inputs(self, row: models.Model) -> dict[str, list[str]]:
        """Return what the browser would send: what follows from the plan where nothing is saved."""
        assert isinstance(row, MemoSection)
        return super().row_inputs(row) | {
            name: [value] for name, value in self._filled(row).items()
        }

    @property
    def _mark(self) -> str:
        return marks_of({"body": self.generated.body})["body"]

    def _filled(self, row: MemoSection) -> dict[str, str]:
        return {
            "heading": row.heading or self.generated.heading,
            "body": row.body or self.generated.body,
            "language": row.language if row.body else self.generated.language,
        }

    def _difference(self, unit: Unit, row: models.Model, values: dict[str, Any]) -> Difference:
        assert isinstance(row, MemoSection)
        filled, typed = copy(row), MemoSection(**values)
        for name, value in self._filled(row).items():
            setattr(filled, name, value)
        return super()._difference(unit, filled, {**values, **self._filled(typed)})


def _not_there_yet(form: VersionedForm) -> None:
    """Where nobody has written anything, a row that somebody makes meanwhile is a conflict."""
    if form.instance.pk is None:
        form.fields["version"].initial = None
