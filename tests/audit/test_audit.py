"""The audit log: only added to, chained, and what breaks the chain is found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit.models import ChainHead, Event
from audit.services import BrokenChain, record, verify
from audit.triggers import Trigger, registered
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def some_events(count: int = 3) -> list[Event]:
    user = UserFactory()
    return [
        record(by=user, verb="thing.changed", target=user, old={"n": n}, new={"n": n + 1})
        for n in range(count)
    ]


def append_only() -> Trigger:
    return next(trigger for trigger in registered() if trigger.name == "audit_event_append_only")


def test_events_form_a_chain_that_holds() -> None:
    first, second, third = some_events()
    assert first.previous_digest == "0" * 64
    assert (second.previous_digest, third.previous_digest) == (first.digest, second.digest)
    assert verify() == 3
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "The audit log is whole: 3 events.\n"


def test_an_event_stands_or_falls_with_its_write() -> None:
    some_events(1)
    with pytest.raises(RuntimeError), transaction.atomic():
        some_events(1)
        raise RuntimeError
    assert verify() == 1


@pytest.mark.parametrize("sql", ["UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"])
def test_the_database_lets_nobody_change_an_event(sql: str) -> None:
    some_events()
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert verify() == 3


@pytest.mark.parametrize("field", ["verb", "target_label", "old", "actor"])
def test_a_change_behind_the_applications_back_is_found(field: str) -> None:
    _first, second, _third = some_events()
    append_only().drop(connection)
    values = {"verb": "x", "target_label": "x", "old": {"n": 9}, "actor": None}
    Event.objects.filter(pk=second.pk).update(**{field: values[field]})
    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.event_id == second.pk
    with pytest.raises(CommandError, match=f"broken at event {second.pk}"):
        call_command("verify_audit")
    append_only().install(connection)


def test_an_event_that_was_taken_out_is_found() -> None:
    _first, second, third = some_events()
    append_only().drop(connection)
    second.delete()
    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.event_id == third.pk
    append_only().install(connection)


def test_newest_events_that_were_cut_off_are_found() -> None:
    _first, second, third = some_events()
    append_only().drop(connection)
    third.delete()
    with pytest.raises(BrokenChain) as broken:
        verify()
    assert broken.value.event_id == second.pk + 1
    append_only().install(connection)


def test_there_is_one_end_of_the_chain() -> None:
    some_events(1)
    with pytest.raises(IntegrityError):
        ChainHead.objects.create(pk=2, digest="0" * 64)


def test_every_registered_trigger_stands_in_the_database() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        standing = {row[0] for row in cursor.fetchall()}
    expected = {
        f"{trigger.name}_{event.lower()}" if connection.vendor == "sqlite" else trigger.name
        for trigger in registered()
        for event in trigger.events
    }
    assert standing == expected
