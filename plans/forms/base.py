"""What the forms of the workbench share: two people may save the same thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Helper
from plans.services.saving import Conflict


@dataclass(frozen=True)
class Difference:
    """A field that two people gave different values: ``mine`` is what was typed, ``theirs`` what
    is saved."""

    name: str
    label: str
    mine: str
    theirs: str


class VersionedForm(forms.ModelForm):
    """A form that knows which version of its row it was opened on.

    A save of an older version raises ``Conflict`` in the service; ``meet`` then turns the form into
    one that shows both versions, keeps what was typed, and can be sent again.
    """

    helper: Helper
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.differences: list[Difference] = []

    @property
    def expected_version(self) -> int:
        """The version that the form was opened on; 0 if the browser sent none."""
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        """Return the cleaned values of the row's own fields, as the services take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def typed(self) -> QueryDict:
        """Return a copy of what the browser sent, to be changed."""
        assert isinstance(self.data, QueryDict)
        return self.data.copy()

    def meet(self, conflict: Conflict) -> None:
        """Show what somebody else saved meanwhile, and let the next save replace it."""
        mine = self.values()
        data = self.typed()
        data[self.add_prefix("version")] = str(conflict.current.version)
        self.data = data
        self.differences = [
            Difference(
                name=name,
                label=str(conflict.current._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
                mine=shown(conflict.current, name, mine[name]),
                theirs=shown(conflict.current, name, _saved(conflict.current, name)),
            )
            for name in conflict.differing
        ]


def shown(row: models.Model, name: str, value: Any) -> str:
    """Return a field's value as people read it: the names of choices and rows, not their codes."""
    if value is None or value == "" or value == []:
        return str(_("(nothing)"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str):
        choices = dict(getattr(row._meta.get_field(name), "flatchoices", None) or ())
        return str(choices.get(value, value))
    if isinstance(value, Iterable):
        return ", ".join(str(item) for item in value) or str(_("(nothing)"))
    return str(value)


def _saved(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    return list(value.all()) if row._meta.get_field(name).many_to_many else value
