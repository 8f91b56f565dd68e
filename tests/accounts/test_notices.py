"""Who is told, and that nobody is told the same twice."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Notice, User
from accounts.notices import NoticeKind, register
from accounts.services.notices import Telling, tell, tell_each
from tests.factories.accounts import UserFactory, user_with
from tests.factories.municipalities import CountyFactory

pytestmark = pytest.mark.django_db

KIND = NoticeKind(code="test.said", topic="plan", sentence="%(who)s", why="%(who)s", asked=True)


def test_who_did_it_and_who_cannot_log_in_are_not_told() -> None:
    one, two = UserFactory.create(), UserFactory.create()
    gone = UserFactory.create(is_active=False)
    tell([one, two, gone, two], KIND, path="/arbeid/", params={"who": "X"}, by=one)
    assert list(Notice.objects.values_list("user", "kind", "params", "path")) == [
        (two.pk, "test.said", {"who": "X"}, "/arbeid/")
    ]


def test_the_same_thing_is_told_once() -> None:
    user = UserFactory.create()
    for _time in range(2):
        tell([user], KIND, path="/arbeid/", once_key="2022-03-01")
    tell([user], KIND, path="/arbeid/", once_key="2022-03-02")
    assert user.notices.count() == 2


@pytest.mark.django_db(transaction=True)
def test_each_is_told_their_own_once_and_mailed_it_in_one_mail() -> None:
    one, two = user_with(Role.LUP_ADVISER), user_with(Role.LUP_ADVISER)
    gone = UserFactory.create(is_active=False)
    asked = NoticeKind(code="test.asked", topic="plan", sentence="%(n)s", why="", asked=True)
    register(asked)

    def each(*keys: str) -> list[Telling]:
        return [
            Telling(user, f"/{user.pk}/", {"n": key}, key)
            for user in (one, two, gone)
            for key in keys
        ]

    with transaction.atomic():
        tell_each(asked, each("a", "b"))
    with transaction.atomic():
        tell_each(asked, each("b", "c"))
    rows = Notice.objects.order_by("user", "pk").values_list("user", "path", "once_key")
    assert list(rows) == [(user.pk, f"/{user.pk}/", key) for user in (one, two) for key in "abc"]
    assert [message.subject for message in mail.outbox] == ["2 varsel frå Lupplan"] * 2 + ["c"] * 2
    # Nothing new: nothing is written or mailed.
    with CaptureQueriesContext(connection) as queries:
        tell_each(asked, each("a", "c"))
    assert "INSERT" not in " ".join(query["sql"] for query in queries)
    assert len(mail.outbox) == 4


def test_the_holders_of_a_role() -> None:
    county = CountyFactory.create()
    editor = user_with(Role.COUNTY_EDITOR, county=county)
    user_with(Role.COUNTY_SIGNATORY, county=county)
    user_with(Role.COUNTY_EDITOR, county=CountyFactory.create())
    assert list(User.objects.holding(Role.COUNTY_EDITOR, county=county)) == [editor]


def test_a_kind_without_a_topic_is_refused() -> None:
    with pytest.raises(ValueError, match="no topic"):
        register(NoticeKind(code="x", topic="nothing", sentence="", why=""))
