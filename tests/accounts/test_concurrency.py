"""Two at once: a link that works once works once, and a limit holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.enums import Role
from accounts.models import Invitation, Membership, Notice, User
from accounts.services import invitations, own
from audit.services import record, verify
from municipalities.models import Municipality
from tests.factories.accounts import UserFactory, user_with
from tests.factories.municipalities import CountyFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def at_once(act: Callable[[int], object]) -> list[type[Exception] | None]:
    """Do the same thing several times at the same moment; return what each raised."""
    start = Barrier(AT_ONCE)

    def run(n: int) -> type[Exception] | None:
        try:
            start.wait(timeout=20)
            act(n)
        except Exception as error:  # the test looks at it
            return type(error)
        else:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


@pytest.fixture
def municipality() -> Municipality:
    return MunicipalityFactory.create(county=CountyFactory.create())


@pytest.fixture
def editor(municipality: Municipality) -> User:
    return user_with(Role.COUNTY_EDITOR, county=municipality.county)


def send(editor: User, municipality: Municipality, n: int = 0) -> str:
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"https://lupplan.test.example/{token}"

    invitations.invite(
        email=f"ny{n}@test.example",
        role=Role.MUNICIPAL_CONTACT,
        organisation={"municipality": municipality},
        language="nn",
        link=link,
        by=editor,
    )
    return tokens[0]


def test_one_of_several_who_accept_at_once_gets_in(
    editor: User, municipality: Municipality
) -> None:
    token = send(editor, municipality)
    raised = at_once(
        lambda n: invitations.accept_as_new(
            token=token, name=f"Nr. {n}", password=f"ei lang setning {n}", language="nn"
        )
    )
    assert sorted(map(str, raised)) == sorted(
        map(str, [None, *[invitations.DeadInvitation] * (AT_ONCE - 1)])
    )
    assert Membership.objects.filter(role=Role.MUNICIPAL_CONTACT).count() == 1
    verify()


def test_the_limit_holds_for_several_at_once(
    editor: User, municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_PER_HOUR", 2)
    raised = at_once(lambda n: send(editor, municipality, n))
    assert raised.count(None) == Invitation.objects.count() == 2
    assert raised.count(invitations.TooManyInvitations) == AT_ONCE - 2


def test_who_changes_their_name_and_who_tells_them_do_not_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A deed holds the log and then tells people; they hold their own row and then the log."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one write at a time")
    user, other = UserFactory.create(), UserFactory.create()
    deed_is_logged, name_is_held = Event(), Event()

    def log_name(**what: Any) -> object:
        name_is_held.set()
        return record(**what)

    monkeypatch.setattr(own, "record", log_name)

    def act(number: int) -> None:
        if number == 0:
            with transaction.atomic():
                record(by=other, verb="plan.moved", target=other)
                deed_is_logged.set()
                assert name_is_held.wait(10)
                Notice.objects.create(user=user, kind="x", path="/")
        elif number == 1:
            assert deed_is_logged.wait(10)
            own.change_own(user=user, name="Ny", language="nn")

    assert set(at_once(act)) == {None}
    user.refresh_from_db()
    assert (user.name, Notice.objects.count()) == ("Ny", 1)
