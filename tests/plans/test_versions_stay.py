"""Versions, their files and signatures stay as they are, whoever writes: the database refuses."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from plans.enums import PlanState
from plans.models import PartnerPlan, PlanVersion, Signature, VersionFile, VersionVoid
from tests.factories.plans import make_plan
from tests.factories.versions import bare_version

pytestmark = pytest.mark.django_db

TABLES: dict[type[models.Model], dict[str, object]] = {
    PlanVersion: {
        "content": "{}",
        "fingerprint": "0" * 64,
        "number": 9,
        "frozen_at": timezone.now(),
    },
    VersionFile: {"content": b"%PDF-1.7 endra", "sha256": "0" * 64, "size": 1, "sequence": 9},
    Signature: {"name": "Ein annan", "level": "B-LTA", "party": "LUP", "signed_at": timezone.now()},
    VersionVoid: {"reason": "Ein annan grunn", "at": timezone.now()},
}
FIELDS = [(model, name) for model, values in TABLES.items() for name in values]


@pytest.fixture(autouse=True)
def rows() -> None:
    """A plan with a version that both signed, and one that is void."""
    plan = make_plan(measures=1, state=PlanState.ACTIVE)
    VersionVoid.objects.create(version=bare_version(plan), by=None, reason="Ein feil")
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.AMENDING)


def row_of(model: type[models.Model]) -> models.Model:
    """Return the first row: of signatures the county's."""
    found = model._default_manager.order_by("pk").first()
    assert found is not None
    return found


def values_of(model: type[models.Model]) -> list[tuple[object, ...]]:
    return [
        tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
        for row in model._default_manager.order_by("pk").values_list()
    ]


def refused(act: Callable[[], object], model: type[models.Model]) -> None:
    before = values_of(model)
    assert before
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    assert values_of(model) == before


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_no_field_changes(model: type[models.Model], name: str) -> None:
    row, value = row_of(model), TABLES[model][name]
    rows = model._default_manager.filter(pk=row.pk)
    refused(lambda: rows.update(**{name: value}), model)

    def save() -> None:
        setattr(row, name, value)
        row.save()

    refused(save, model)
    refused(lambda: model._default_manager.bulk_update([row], [name]), model)


@pytest.mark.parametrize("model", TABLES)
def test_nothing_is_deleted(model: type[models.Model]) -> None:
    row = row_of(model)
    refused(row.delete, model)
    rows = model._default_manager.all()
    refused(lambda: rows._raw_delete(rows.db), model)


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("verb", ["DELETE FROM {0}", "UPDATE {0} SET id = id"])
def test_not_even_by_hand(model: type[models.Model], verb: str) -> None:
    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute(verb.format(model._meta.db_table))

    refused(by_hand, model)
