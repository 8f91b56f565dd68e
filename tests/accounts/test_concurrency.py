"""Two at once: a link that works once works once, and a limit holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.enums import Role
from accounts.models import Invitation, Membership, User
from accounts.services import invitations
from audit.services import verify
from municipalities.models import Municipality
from tests.factories.accounts import user_with
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
