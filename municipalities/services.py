"""Stores the reference data: counties, municipalities, cooperations and working groups."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import translation

from municipalities.dated import Period
from municipalities.models import (
    CooperationMembership,
    County,
    FormerName,
    Municipality,
    ProcurementCooperation,
    WorkingGroup,
    WorkingGroupMembership,
)
from municipalities.reference import DATA_DIR, ReferenceDataError, Row, read

Key = tuple[object, ...]


@dataclass(frozen=True)
class Source:
    """A file, and how its lines become rows of ``model``.

    ``key`` are the attributes that tell one row from another; a column that isn't listed under
    ``foreign``, ``flags`` or ``apart`` is the field of the same name.
    """

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    foreign: Mapping[str, str] = field(default_factory=dict)  # column: the file that it points into
    flags: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()  # not a field of the row itself

    @property
    def plain(self) -> tuple[str, ...]:
        """The columns that are stored as they stand."""
        others = {*self.foreign, *self.flags, *self.apart}
        return tuple(column for column in self.columns if column not in others)


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# In the order that they are stored in: what is pointed to comes first.
SOURCES = (
    Source(
        file="counties.csv",
        model=County,
        key=("number",),
        columns=_columns(
            "number name slug name_parallel language_form organisation_number valid_from valid_to"
            " successors"
        ),
        apart=("successors",),
    ),
    Source(
        file="municipalities.csv",
        model=Municipality,
        key=("number",),
        columns=_columns(
            "number name name_official name_parallel county valid_from valid_to successors"
            " language_form language_note organisation_number latitude longitude centre_source"
            " population population_date"
        ),
        foreign={"county": "counties.csv"},
        apart=("successors", "centre_source"),
    ),
    Source(
        file="former_names.csv",
        model=FormerName,
        key=("municipality_id", "name"),
        columns=_columns("municipality name valid_from valid_to note"),
        foreign={"municipality": "municipalities.csv"},
    ),
    Source(
        file="cooperations.csv",
        model=ProcurementCooperation,
        key=("key",),
        columns=_columns("key name short_name county certainty source note"),
        foreign={"county": "counties.csv"},
    ),
    Source(
        file="cooperation_memberships.csv",
        model=CooperationMembership,
        key=("cooperation_id", "municipality_id", "valid_from"),
        columns=_columns(
            "cooperation municipality valid_from valid_to is_host certainty source note"
        ),
        foreign={"cooperation": "cooperations.csv", "municipality": "municipalities.csv"},
        flags=("is_host",),
    ),
    Source(
        file="working_groups.csv",
        model=WorkingGroup,
        key=("key",),
        columns=_columns("key name kind county certainty source note"),
        foreign={"county": "counties.csv"},
    ),
    Source(
        file="working_group_memberships.csv",
        model=WorkingGroupMembership,
        key=("group_id", "municipality_id", "valid_from"),
        columns=_columns("group municipality valid_from valid_to certainty source note"),
        foreign={"group": "working_groups.csv", "municipality": "municipalities.csv"},
    ),
)


@dataclass(frozen=True)
class Counts:
    """How many rows a load made, corrected, and left as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


@dataclass(frozen=True)
class Line:
    """A line of a file and the row that it asks for."""

    row: Row
    instance: models.Model


def load_reference_data(*, folder: Path = DATA_DIR) -> dict[str, Counts]:
    """Store the files in ``folder``; return what was done, by file.

    Idempotent, all or nothing. A row that the files have is set to what they say; a row that they
    don't have, such as a membership that an administrator has confirmed, stays. Raises
    ReferenceDataError where a file is wrong.
    """
    done: dict[str, Counts] = {}
    stored: dict[str, dict[str, models.Model]] = {}
    # Errors name an English file format: one language in the whole message.
    with translation.override("en"), transaction.atomic():
        for source in SOURCES:
            lines = _lines(source, folder, stored)
            try:
                done[source.file] = _store(source, lines)
                stored[source.file] = {
                    str(getattr(line.instance, source.key[0])): line.instance
                    for line in lines.values()
                }
                if "successors" in source.apart:
                    done[source.file] += _store_successors(source, lines, stored[source.file])
            except IntegrityError as error:
                raise ReferenceDataError(
                    f"{source.file}: the database refuses it: {error}. Correct the file."
                ) from error
    return done


def _lines(
    source: Source, folder: Path, stored: Mapping[str, Mapping[str, models.Model]]
) -> dict[Key, Line]:
    """Return the file's lines by key, with their foreign keys looked up in ``stored``."""
    lines: dict[Key, Line] = {}
    for row in read(folder, source.file, source.columns):
        given: dict[str, object] = {
            column: row.one_of(column, stored[file], file)
            for column, file in source.foreign.items()
        }
        given |= {column: row.flag(column) for column in source.flags}
        line = Line(row, row.build(source.model, source.plain, **given))
        key = _key(source, line.instance)
        if key in lines:
            raise row.error(f"the same as line {lines[key].row.line}: take one of them out.")
        lines[key] = line
    return lines


def _key(source: Source, instance: models.Model) -> Key:
    return tuple(getattr(instance, name) for name in source.key)


def _store(source: Source, lines: Mapping[Key, Line]) -> Counts:
    """Add and correct rows in bulk; give every line's instance its primary key."""
    fields = [
        column.attname for column in source.model._meta.concrete_fields if not column.primary_key
    ]
    manager = source.model._base_manager
    existing = {_key(source, instance): instance for instance in manager.all()}
    if issubclass(source.model, Period) and len(source.key) > 1:
        _refuse_overlaps(source, lines, existing)
    created: list[models.Model] = []
    changed: list[models.Model] = []
    for key, line in lines.items():
        old = existing.get(key)
        if old is None:
            created.append(line.instance)
            continue
        line.instance.pk = old.pk
        if any(getattr(old, name) != getattr(line.instance, name) for name in fields):
            changed.append(line.instance)
    manager.bulk_create(created)
    if changed:
        manager.bulk_update(changed, fields)
    return Counts(len(created), len(changed), len(lines) - len(created) - len(changed))


def _refuse_overlaps(
    source: Source, lines: Mapping[Key, Line], existing: Mapping[Key, models.Model]
) -> None:
    """Raise where a line shares days with another row of the same owner, in file or database.

    All parts of the key but the last say who the owner is.
    """
    wanted = {key: line.instance for key, line in lines.items()}
    owners: defaultdict[Key, list[tuple[Key, Any]]] = defaultdict(list)
    for key, instance in {**existing, **wanted}.items():
        owners[key[:-1]].append((key, instance))
    for key, line in lines.items():
        own: Any = line.instance
        for other_key, other in owners[key[:-1]]:
            if other_key != key and other.overlaps(own.valid_from, own.valid_to):
                where = "database" if other_key not in lines else "file"
                raise line.row.error(
                    f"the period overlaps {other} in the {where}: correct one of them."
                )


def _store_successors(
    source: Source, lines: Mapping[Key, Line], numbers: Mapping[str, models.Model]
) -> Counts:
    """Make the successors of the file's rows exactly those that the file says."""
    relation: Any = source.model._meta.get_field("successors")
    start, end = f"{relation.m2m_field_name()}_id", f"{relation.m2m_reverse_field_name()}_id"
    through = relation.remote_field.through._base_manager
    wanted = {
        (line.instance.pk, successor.pk)
        for line in lines.values()
        for successor in line.row.all_of("successors", numbers)
    }
    mine = {line.instance.pk for line in lines.values()}
    existing = {
        (row[start], row[end]): row["id"]
        for row in through.values("id", start, end)
        if row[start] in mine
    }
    surplus = [pk for pair, pk in existing.items() if pair not in wanted]
    missing = sorted(wanted - existing.keys())
    if surplus:
        through.filter(pk__in=surplus).delete()
    through.bulk_create([through.model(**{start: a, end: b}) for a, b in missing])
    return Counts(len(missing), len(surplus), len(wanted) - len(missing))


def total(done: Mapping[str, Counts]) -> Counts:
    """Return the sum over all files."""
    return sum(done.values(), Counts())
