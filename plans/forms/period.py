"""The fields that say when something takes place: whole quarters, or days of the plan's year."""

from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import PeriodUnit
from plans.forms.base import Unit, VersionedForm
from plans.periods import quarter_bounds, quarter_of

QUARTERS = [
    ("", _("Not decided yet")),
    ("1", _("1st quarter")),
    ("2", _("2nd quarter")),
    ("3", _("3rd quarter")),
    ("4", _("4th quarter")),
]

_ROWS = ("period_unit", "starts_on", "ends_on")
_QUARTERS = ("first_quarter", "last_quarter")
# The period is chosen as a whole where two people gave different ones.
PERIOD_UNIT = {"period_unit": Unit("period", _ROWS, (*_ROWS, *_QUARTERS), _("When"))}


class PeriodForm(VersionedForm):
    """A form of a row with ``period_unit``, ``starts_on`` and ``ends_on``, in ``year``."""

    year: int
    together: ClassVar[dict[str, Unit]] = PERIOD_UNIT
    first_quarter = forms.ChoiceField(label=_("From"), required=False, choices=QUARTERS)
    last_quarter = forms.ChoiceField(label=_("To and including"), required=False, choices=QUARTERS)

    def values(self) -> dict[str, Any]:
        """Return the row's own fields, as the services take them."""
        values = super().values()
        values.pop("first_quarter", None)
        values.pop("last_quarter", None)
        return values

    def row_inputs(self, row: models.Model) -> dict[str, list[str]]:
        """Return what the browser would send for the row as it is saved."""
        inputs = super().row_inputs(row)
        quarters = _quarters(row)
        for name, quarter in zip(_QUARTERS, quarters, strict=True):
            inputs[name] = [quarter]
        if any(quarters):
            inputs["starts_on"] = inputs["ends_on"] = [""]
        return inputs

    def _clean_period(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("period_unit") == PeriodUnit.QUARTERS:
            first, last = cleaned.get("first_quarter"), cleaned.get("last_quarter")
            cleaned["starts_on"] = cleaned["ends_on"] = None
            for name in ("starts_on", "ends_on"):
                self.errors.pop(name, None)  # a date that isn't in use can't be wrong
            if bool(first) != bool(last):
                self.add_error(
                    "last_quarter" if first else "first_quarter",
                    _("Choose both the first and the last quarter."),
                )
            elif first and last:
                if first > last:
                    self.add_error("last_quarter", _("The last quarter is before the first one."))
                else:
                    cleaned["starts_on"], cleaned["ends_on"] = quarter_bounds(
                        self.year, int(first), int(last)
                    )
        else:
            self._clean_dates(cleaned)

    def _clean_dates(self, cleaned: dict[str, Any]) -> None:
        year = self.year
        for name in ("starts_on", "ends_on"):
            day = cleaned.get(name)
            if day is not None and day.year != year:
                self.add_error(
                    name,
                    forms.ValidationError(
                        _("The plan is for %(year)s. Choose a day in that year."),
                        params={"year": year},
                    ),
                )
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first is not None and last is None and "ends_on" not in self.errors:
            cleaned["ends_on"] = first
        elif last is not None and first is None and "starts_on" not in self.errors:
            self.add_error("starts_on", _("Give the first day too."))
        elif first is not None and last is not None and last < first:
            self.add_error("ends_on", _("The last day is before the first one."))

    def _open_on_quarters(self) -> None:
        first, last = _quarters(self.instance)
        if first and last:
            self.fields["first_quarter"].initial = first
            self.fields["last_quarter"].initial = last
            self.initial["starts_on"] = self.initial["ends_on"] = None


def _quarters(row: Any) -> tuple[str, str]:
    """Return the first and the last quarter of a period given in quarters, else nothing twice."""
    if row.period_unit == PeriodUnit.QUARTERS and row.starts_on and row.ends_on:
        return str(quarter_of(row.starts_on)), str(quarter_of(row.ends_on))
    return "", ""
