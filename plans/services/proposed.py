"""The fields of a proposed change: as JSON, as the services take them, and in words.

Fields that mean something only together, such as the two ends of a period, are one item: proposed,
shown and accepted as a whole.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.enums import MunicipalityScope, TargetGroup
from plans.models import Measure, Proposal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

RESPONSIBLE, PERIOD, RECEIVERS = "responsible", "period", "receivers"
TOGETHER: dict[str, tuple[str, ...]] = {
    RESPONSIBLE: (
        "responsible_kind",
        "responsible_municipality",
        "responsible_cooperation",
        "responsible_working_group",
    ),
    PERIOD: ("period_unit", "starts_on", "ends_on"),
    RECEIVERS: ("municipality_scope", "municipalities"),
}
TEXTS = ("title", "description", "purpose", "expected_result", "responsible_role")
_LABELS: dict[str, "StrPromise"] = {
    RESPONSIBLE: gettext_lazy("responsible"),
    PERIOD: gettext_lazy("period"),
    RECEIVERS: gettext_lazy("municipalities"),
}
_ITEM_OF = {name: key for key, names in TOGETHER.items() for name in names}

Names = dict[type[models.Model], dict[int, str]]


class PartyIsGone(Exception):
    """A municipality, cooperation or working group that was proposed is there no more."""


@dataclass(frozen=True)
class Item:
    """One thing that a proposal changes: what it said when it was proposed (``base``), what it
    says ``now``, and what it shall say (``after``), in words.

    ``changed`` is whether somebody changed it since; ``settled`` whether it says it already.
    """

    key: str
    label: str
    base: str
    now: str
    after: str
    changed: bool
    settled: bool

    @property
    def is_text(self) -> bool:
        """Whether it is written in words, to be compared word by word."""
        return self.key in TEXTS


def item_of(name: str) -> str:
    """Return the key of the item that a field belongs to: its own name if it stands alone."""
    return _ITEM_OF.get(name, name)


def fields_of_item(key: str) -> tuple[str, ...]:
    """Return the fields of an item."""
    return TOGETHER.get(key, (key,))


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of a measure, as forms and services hold them, as JSON that can be compared:
    rows by their keys, sets in order, half days with one decimal."""
    plain: dict[str, Any] = json.loads(
        json.dumps({name: _plain(value) for name, value in values.items()}, cls=DjangoJSONEncoder)
    )
    return plain


def saved(measure: Measure, names: Iterable[str]) -> dict[str, Any]:
    """Return fields of a measure as they are saved, as ``as_json``. One query for each set."""
    values: dict[str, Any] = {}
    for name in names:
        field = Measure._meta.get_field(name)
        assert isinstance(field, models.Field)
        value = getattr(measure, field.attname)
        values[name] = value.all() if field.many_to_many else value
    return as_json(values)


def loaded(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of ``as_json`` as the services take them. Raises ``PartyIsGone``."""
    return {name: _loaded(name, value) for name, value in values.items()}


def items(proposal: Proposal, measure: Measure) -> list[Item]:
    """Return what a proposal changes, in the order of the form, beside what ``measure`` says now.

    Takes at most five queries, however much it changes.
    """
    now = saved(measure, proposal.values)
    names = _names(proposal.base, now, proposal.values)
    keys = dict.fromkeys(item_of(field.name) for field in _fields() if field.name in now)
    found = []
    for key in keys:
        base, current, after = (
            {name: values[name] for name in fields_of_item(key) if name in values}
            for values in (proposal.base, now, proposal.values)
        )
        found.append(
            Item(
                key=key,
                label=label(key),
                base=_words(key, base, names),
                now=_words(key, current, names),
                after=_words(key, after, names),
                changed=current not in (base, after),
                settled=current == after,
            )
        )
    return found


def label(key: str) -> str:
    """Return what people call an item."""
    if key in _LABELS:
        return capfirst(str(_LABELS[key]))
    return capfirst(str(Measure._meta.get_field(key).verbose_name))  # type: ignore[union-attr]


def _fields() -> list["models.Field[Any, Any]"]:
    every = [*Measure._meta.fields, *Measure._meta.many_to_many]
    order = ["title", "kind", *TEXTS[1:]]
    return sorted(every, key=lambda f: order.index(f.name) if f.name in order else len(order))


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return str(value.quantize(Decimal("0.1")))
    if isinstance(value, models.QuerySet) or (
        isinstance(value, list) and value and isinstance(value[0], models.Model)
    ):
        return sorted(row.pk for row in value)
    return value


def _loaded(name: str, value: Any) -> Any:
    field = Measure._meta.get_field(name)
    assert isinstance(field, models.Field)
    related = field.related_model
    if not isinstance(related, type):
        return field.to_python(value)
    keys = value if field.many_to_many else [value] if value is not None else []
    rows = list(related._default_manager.filter(pk__in=keys))
    if len(rows) != len(keys):
        raise PartyIsGone
    if field.many_to_many:
        return rows
    return rows[0] if rows else None


def _names(*every: dict[str, Any]) -> Names:
    """Return the names of the rows that values point at; a query for each kind of row."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for values in every:
        for name, value in values.items():
            related = Measure._meta.get_field(name).related_model
            if isinstance(related, type):
                wanted[related].update(value if isinstance(value, list) else [value])
    return {
        model: {
            row.pk: str(getattr(row, "name", row))
            for row in model._default_manager.filter(pk__in=keys - {None})
        }
        for model, keys in wanted.items()
        if keys - {None}
    }


def _words(key: str, values: dict[str, Any], names: Names) -> str:
    """Return in words what an item says; empty where it says nothing."""
    if key == PERIOD:
        days = [values["starts_on"], values["ends_on"]]
        words = " – ".join(_word("starts_on", day, names) for day in days if day)
        return f"{words} ({_word('period_unit', values['period_unit'], names)})" if words else ""
    if key == RECEIVERS and values["municipality_scope"] == MunicipalityScope.ALL:
        return str(MunicipalityScope.ALL.label)
    if key == RECEIVERS:
        return _word("municipalities", values["municipalities"], names)
    if key == RESPONSIBLE:
        bodies = (_word(name, values[name], names) for name in TOGETHER[RESPONSIBLE][1:])
        body = next(filter(None, bodies), "")
        return body or _word("responsible_kind", values["responsible_kind"], names)
    return _word(key, values[key], names)


def _word(name: str, value: Any, names: Names) -> str:
    field = Measure._meta.get_field(name)
    assert isinstance(field, models.Field)
    related = field.related_model
    if isinstance(related, type):
        known = names.get(related, {})
        keys = value if isinstance(value, list) else [value] if value is not None else []
        return ", ".join(known.get(pk, f"#{pk}") for pk in keys)
    if name == "target_groups":
        return ", ".join(str(TargetGroup(code).label) for code in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateField):
        day: date | None = parse_date(value) if value else None
        return date_format(day) if day else ""
    if value is None or value == "":
        return ""
    if isinstance(field, models.DecimalField):
        days = Decimal(value)
        return str(number_format(days if days % 1 else days.to_integral_value()))
    return str(dict(field.flatchoices).get(value, value))
