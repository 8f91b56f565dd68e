"""The forms for proposed changes: LUP's proposal, and the editor's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Group
from plans.forms.measure import MeasureForm
from plans.models import Measure
from plans.models.proposal import MAX_REASON
from plans.services.proposed import Item, as_json, saved

_FIELDS = {field.name for field in (*Measure._meta.fields, *Measure._meta.many_to_many)}
TAKE, KEEP = "take", "keep"


class ProposalForm(MeasureForm):
    """A measure as LUP's adviser would have it, and why."""

    reason = forms.CharField(
        label=_("Why you propose it"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The county's editor reads it beside the difference."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = self.helper.layout
        layout.insert(len(layout) - 1, Group(_("Reason"), "reason"))
        layout[-1][0].label = _("Propose the change")

    def clean(self) -> dict[str, Any]:
        """Refuse a proposal that changes nothing."""
        cleaned = super().clean()
        if not self.errors:
            names = [name for name in cleaned if name in _FIELDS]
            wanted = as_json({name: cleaned[name] for name in names})
            if wanted == saved(self.instance, names):
                self.add_error(
                    None, _("Nothing differs from what the measure says. Change something first.")
                )
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return the measure's own fields, as the services take them."""
        values = super().values()
        values.pop("reason", None)
        return values


class AnswerForm(forms.Form):
    """The editor's answer: which items of a proposal are taken.

    Items that somebody changed meanwhile have to be chosen one way or the other.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    answer = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The adviser reads it. It has to be there when you decline."),
    )

    def __init__(self, *args: Any, items: list[Item], version: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.every = items
        self.items = [item for item in items if not item.settled]
        self.fields["version"].initial = version
        for item in self.items:
            field = forms.ChoiceField(
                label=_("%(item)s: what shall the measure say?") % {"item": item.label},
                choices=[(TAKE, _("Take what is proposed")), (KEEP, _("Keep what it says now"))],
                widget=forms.RadioSelect,
                # Whoever declines it all chooses nothing.
                required=not self.declines,
                initial=None if item.changed else TAKE,
                error_messages={"required": _("Choose one of the two.")},
            )
            self.fields[f"item-{item.key}"] = field

    @property
    def declines(self) -> bool:
        """Whether the button that was pressed says no."""
        return "decline" in self.data

    @property
    def chosen(self) -> list[str]:
        """The items that are taken."""
        return [i.key for i in self.items if self.cleaned_data.get(f"item-{i.key}") == TAKE]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason to decline, and for something that is taken to accept."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.declines:
            if not cleaned.get("answer") and "answer" not in self.errors:
                self.add_error("answer", _("Say why you decline."))
            return cleaned
        if not self.errors and not self.chosen:
            self.add_error(
                None, _("Nothing is taken. Choose at least one change, or decline with a reason.")
            )
        return cleaned

    def refresh(self, items: list[Item], version: int) -> "AnswerForm":
        """Return the form on the measure as it says now, with what was typed and chosen; what
        somebody changed has to be chosen again."""
        data = {name: self.data.get(name, "") for name in self.data}
        data["version"] = str(version)
        for item in items:
            if item.changed:
                data.pop(f"item-{item.key}", None)
        return AnswerForm(data, items=items, version=version)
