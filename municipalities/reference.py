"""Reads the reference files in ``data/``; what stands in them is told in ``data/README.md``.

Knows files and fields, never the database: services.py stores what comes from here.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from municipalities.dated import Period

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")

DATA_DIR = Path(__file__).resolve().parent / "data"

_FLAGS = {"yes": True, "no": False}


class ReferenceDataError(Exception):
    """A reference file can't be used; the message names the file, the line and what to do."""


@dataclass(frozen=True)
class Row:
    """One line of a file: its cells by column, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, problem: str) -> ReferenceDataError:
        """Return the error to raise when this line is wrong."""
        return ReferenceDataError(f"{self.file}, line {self.line}: {problem}")

    def flag(self, column: str) -> bool:
        """Return the cell's "yes" or "no"."""
        try:
            return _FLAGS[self[column]]
        except KeyError:
            raise self.error(f'{column} is "{self[column]}": write yes or no.') from None

    def one_of(self, column: str, known: Mapping[str, T], where: str) -> T:
        """Return the row in ``known`` that the cell names; ``where`` is the file that has them."""
        return self._look_up(column, self[column], known, where)

    def all_of(self, column: str, known: Mapping[str, T]) -> list[T]:
        """Return the rows in ``known`` that the cell names, parted by semicolons."""
        keys = self[column].split(";") if self[column] else []
        return [self._look_up(column, key, known, self.file) for key in keys]

    def _look_up(self, column: str, key: str, known: Mapping[str, T], where: str) -> T:
        try:
            return known[key]
        except KeyError:
            raise self.error(
                f'{column} names "{key}", which isn\'t in {where}: correct it, or add it there.'
            ) from None

    def build(self, model: type[M], columns: Sequence[str], **given: object) -> M:
        """Return an unsaved ``model`` of the ``columns`` and what is ``given``, checked.

        Foreign keys and flags come with ``given``. Raises ReferenceDataError where a cell
        doesn't fit.
        """
        instance = model(**given)
        for column in columns:
            field = model._meta.get_field(column)
            setattr(instance, column, None if field.null and not self[column] else self[column])
        related = {field.name for field in model._meta.concrete_fields if field.is_relation}
        try:
            instance.clean_fields(exclude={"id", *related})
            if isinstance(instance, Period):
                instance.check_period()
        except ValidationError as error:
            raise self.error(_first_problem(error, self)) from None
        return instance


def _first_problem(error: ValidationError, row: Row) -> str:
    """Return the first fault that was found, with the cell that has it."""
    if not hasattr(error, "error_dict"):
        return str(error.messages[0])
    column, messages = next(iter(error.message_dict.items()))
    return f'{column} is "{row[column]}": {messages[0]}'


def read(folder: Path, file: str, columns: Sequence[str]) -> list[Row]:
    """Return the lines of ``folder/file``, which must have exactly these ``columns``, in order.

    Raises ReferenceDataError if the file is missing, isn't UTF-8, or has other columns.
    """
    try:
        with (folder / file).open(encoding="utf-8-sig", newline="") as handle:
            return list(_rows(handle, file, list(columns)))
    except FileNotFoundError:
        raise ReferenceDataError(f"{file} is missing: put it in {folder}.") from None
    except UnicodeDecodeError:
        raise ReferenceDataError(f"{file} isn't UTF-8: save it as UTF-8.") from None
    except csv.Error as error:
        raise ReferenceDataError(f"{file} isn't a CSV file: {error}.") from None


def _rows(handle: Iterator[str], file: str, columns: list[str]) -> Iterator[Row]:
    reader = csv.reader(handle, strict=True)
    header = next(reader, [])
    if header != columns:
        raise ReferenceDataError(
            f'{file}, line 1: the columns are "{",".join(header)}": write "{",".join(columns)}".'
        )
    for cells in reader:
        if len(cells) != len(columns):
            raise ReferenceDataError(
                f"{file}, line {reader.line_num}: {len(cells)} cells: write {len(columns)}, "
                "with quotes around a text that has a comma."
            )
        stripped = (cell.strip() for cell in cells)
        yield Row(file, reader.line_num, dict(zip(columns, stripped, strict=True)))
