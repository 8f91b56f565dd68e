"""What the forms of the workbench share: two people may save the same thing, and nothing that one
of them typed is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Helper, Text
from plans.forms.merging import Mark, marks_of, read_marks, write_marks
from plans.services.drafts import Typed
from plans.services.saving import Conflict, logged_values, saved_values

PICK = "pick-"
"""Begins the names of the choices on the conflict page: ``pick-title`` is ``theirs`` or ``mine``"""
THEIRS, MINE = "theirs", "mine"
# What every such form sends beside the row's own fields.
_OWN = ("version", "base", "sitting", "loaded")
_NOT_KEPT = ("csrfmiddlewaretoken", "draft", "choose", "sitting", "loaded")


@dataclass(frozen=True)
class Unit:
    """Fields of a row that are chosen together, the form's inputs for them, and what they are
    called."""

    name: str
    fields: tuple[str, ...]
    inputs: tuple[str, ...]
    label: Text


@dataclass(frozen=True)
class Difference:
    """A field that two people gave different values: ``mine`` is what was typed, ``theirs`` what
    is saved. ``is_text`` if it is worth a comparison word by word."""

    name: str
    label: str
    mine: str
    theirs: str
    is_text: bool = False
    can_choose: bool = True


class VersionedForm(forms.ModelForm):
    """A form that knows which version of its row it was opened on, and what stood there.

    A save of an older version raises ``Conflict`` in the service; ``meet`` then brings the two
    together: what only the other one changed becomes theirs, what only this one changed stays, and
    what both changed is asked about.
    """

    helper: Helper
    has_draft_button = True  # one that keeps what is typed, apart from the row
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    sitting = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    loaded = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    # Fields of the row that mean something together only, by the first of them.
    together: ClassVar[dict[str, Unit]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["base"].initial = self._base
        self.differences: list[Difference] = []
        self.taken: list[Difference] = []

    @property
    def expected_version(self) -> int:
        """The version that the form was opened on; 0 if the browser sent none."""
        return self.cleaned_data.get("version") or 0

    def values(self) -> dict[str, Any]:
        """Return the cleaned values of the row's own fields, as the services take them: texts with
        plain line ends, whatever the browser's are."""
        return {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name not in _OWN
        }

    def typed(self) -> QueryDict:
        """Return a copy of what the browser sent, to be changed."""
        assert isinstance(self.data, QueryDict)
        return self.data.copy()

    # --- Two people --------------------------------------------------------------------------

    def row_inputs(self, row: models.Model) -> dict[str, list[str]]:
        """Return what the browser would send for a row as it is saved, input by input."""
        names = [name for name in self._meta.fields or () if name in self.fields]
        saved = forms.models.model_to_dict(row, fields=names)
        return {name: self._as_sent(name, saved[name]) for name in names if name in saved}

    def row_fields(self) -> list[str]:
        """Return the names of the row's fields that the form writes."""
        names = dict.fromkeys(self._meta.fields or ())
        names |= dict.fromkeys(name for unit in self.together.values() for name in unit.fields)
        return list(names)

    def row_values(self) -> dict[str, Any]:
        """Return what the row said when the form was opened, as ``saved_values`` gives it."""
        many = {name for name in self.row_fields() if self._is_many(name)}
        values = saved_values(self.instance, [n for n in self.row_fields() if n not in many])
        for name in many:  # they are read already
            keys = self.get_initial_for_field(self.fields[name], name) or ()
            values[name] = sorted(getattr(key, "pk", key) for key in keys)
        return values

    def follow_choices(self, data: QueryDict) -> None:
        """Follow the choices made on the conflict page: where it says ``theirs``, what is saved now
        takes the place of what was typed."""
        picked = [
            name
            for name in data
            if name.startswith(PICK) and data[name] == THEIRS and self.instance.pk
        ]
        if picked:
            units = self._units(self.row_fields()).values()
            names = {name.removeprefix(PICK) for name in picked}
            self._take([unit for unit in units if unit.name in names], self.instance)

    def meet(self, conflict: Conflict) -> bool:
        """Bring what was typed together with what somebody else saved meanwhile.

        Return True if nothing has to be asked: the form then holds both, and is to be checked and
        saved again. Else ``differences`` are the fields to choose for. ``taken`` are those that the
        other one alone had changed.
        """
        row, values = conflict.current, self.values()
        mine = marks_of(logged_values(row, values))
        theirs = marks_of(saved_values(row, values))
        base = read_marks(self.cleaned_data.get("base") or "")
        asked, taken = [], []
        for unit in self._units(conflict.differing).values():
            names = [name for name in unit.fields if name in mine]
            if _at(mine, names) == _at(theirs, names):
                continue
            was = _at(base, names)
            if None in was or (was not in (_at(mine, names), _at(theirs, names))):
                asked.append(unit)
            elif was == _at(mine, names) and unit.inputs:
                taken.append(unit)
        known = {difference.name for difference in self.taken}
        self.taken += [self._difference(u, row, values) for u in taken if u.name not in known]
        self.differences = [self._difference(unit, row, values) for unit in asked]
        self._take(taken, row)
        data = self.typed()
        data[self.add_prefix("version")] = str(row.version)
        data[self.add_prefix("base")] = write_marks(
            marks_of(saved_values(row, dict.fromkeys([*self.row_fields(), *values])))
        )
        self.data = data
        if not asked:
            self._errors = None  # the brought together form is checked anew
        return not asked

    # --- Drafts ------------------------------------------------------------------------------

    def typed_draft(self) -> Typed:
        """Return what was typed, to be kept as a draft."""
        data = self.typed()
        texts = [
            (str(self.fields[name].label), value)
            for name in self.fields
            if name not in _OWN
            and type(self.fields[name]) is forms.CharField
            and (value := data.get(self.add_prefix(name), "").strip())
        ]
        version = data.get(self.add_prefix("version"), "")
        return Typed(
            data={
                name: [str(value) for value in values]
                for name, values in data.lists()
                if name not in _NOT_KEPT and not name.startswith(PICK)
            },
            texts=texts,
            version=int(version) if version.isdecimal() and len(version) < 9 else None,
            sitting=data.get(self.add_prefix("sitting"), ""),
            loaded=data.get(self.add_prefix("loaded"), ""),
        )

    def load(self, data: dict[str, list[str]], sitting: str) -> None:
        """Hold a draft instead of what is saved. It is not checked before it is sent."""
        sent = QueryDict(mutable=True)
        for name, values in data.items():
            sent.setlist(name, values)
        sent[self.add_prefix("loaded")] = sitting
        self.data = sent
        self.is_bound = True
        self._errors = ErrorDict()  # type: ignore[assignment]

    def unload(self) -> None:
        """Hold what is saved again, but know the draft that says the same."""
        loaded = self.data.get(self.add_prefix("loaded"), "")
        self.is_bound, self.data = False, {}
        self._errors = None
        self.fields["loaded"].initial = loaded

    def unsaved(self) -> list[str]:
        """Return what of the row, as it is saved, a loaded draft says otherwise."""
        if self.instance.pk is None:
            return []
        saved = self.row_inputs(self.instance)
        units = self._units(self.row_fields()).values()
        return [
            str(unit.label)
            for unit in units
            if any(
                _lines(self.data.getlist(self.add_prefix(name)))  # type: ignore[attr-defined]
                != _lines(saved[name])
                for name in unit.inputs
                if name in saved
            )
        ]

    # --- Inside ------------------------------------------------------------------------------

    def _base(self) -> str:
        return write_marks(marks_of(self.row_values())) if self.instance.pk else ""

    def _units(self, names: Iterable[str]) -> dict[str, Unit]:
        """Return the units that the fields belong to, in order."""
        units: dict[str, Unit] = {}
        for name in names:
            unit = next((u for u in self.together.values() if name in u.fields), None)
            if unit is None:
                inputs = (name,) if name in self.fields else ()
                unit = Unit(name, (name,), inputs, self._label(name))
            units.setdefault(unit.name, unit)
        return units

    def _label(self, name: str) -> str:
        return str(getattr(self.instance._meta.get_field(name), "verbose_name", name))

    def _is_many(self, name: str) -> bool:
        return bool(self.instance._meta.get_field(name).many_to_many)

    def _take(self, units: list[Unit], row: models.Model) -> None:
        """Let the form hold what is saved in ``row``, for some units."""
        data, saved = self.typed(), self.row_inputs(row)
        for unit in units:
            for name in unit.inputs:
                if name in saved:
                    data.setlist(self.add_prefix(name), saved[name])
        self.data = data

    def _as_sent(self, name: str, value: Any) -> list[str]:
        field = self.fields[name]
        value = field.prepare_value(value)
        if isinstance(value, bool):
            return ["on"] if value else []
        if not isinstance(value, (list, tuple)):
            value = field.widget.format_value(value)
        if isinstance(value, (list, tuple)):
            return [str(each) for each in value]
        return ["" if value is None else str(value)]

    def _named(self, name: str, value: Any) -> Any:
        """Return the labels of codes that the form's field knows and the row's does not."""
        field = self.fields.get(name)
        if isinstance(field, forms.MultipleChoiceField) and isinstance(value, list):
            labels = dict(field.choices)  # type: ignore[arg-type]
            return [labels.get(each, each) for each in value]
        return value

    def _difference(self, unit: Unit, row: models.Model, values: dict[str, Any]) -> Difference:
        def words(get: Any) -> str:
            parts = [
                shown(row, name, self._named(name, get(name)))
                for name in unit.fields
                if name in values
            ]
            nothing = str(_("(nothing)"))
            return " · ".join(part for part in parts if part != nothing) or nothing

        return Difference(
            name=unit.name,
            label=str(unit.label),
            mine=words(values.get),
            theirs=words(lambda name: _saved(row, name)),
            is_text=isinstance(row._meta.get_field(unit.fields[0]), models.TextField),
            can_choose=bool(unit.inputs),
        )


def shown(row: models.Model, name: str, value: Any) -> str:
    """Return a field's value as people read it: the names of choices and rows, not their codes."""
    if value is None or value == "" or value == []:
        return str(_("(nothing)"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str):
        choices = dict(getattr(row._meta.get_field(name), "flatchoices", None) or ())
        return str(choices.get(value, value))
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, Iterable):
        return ", ".join(str(item) for item in value) or str(_("(nothing)"))
    return str(value)


def _saved(row: models.Model, name: str) -> Any:
    value = getattr(row, name)
    return list(value.all()) if row._meta.get_field(name).many_to_many else value


def _at(marks: dict[str, Mark], names: list[str]) -> list[Mark | None]:
    return [marks.get(name) for name in names]


def _lines(values: list[str]) -> list[str]:
    """Return values so that the same text is the same, however its lines end; ticks in order."""
    return sorted("\n".join(value.split("\r\n")).strip() for value in values if value)
