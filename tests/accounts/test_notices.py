"""Who is told, and that nobody is told the same twice."""

import pytest

from accounts.enums import Role
from accounts.models import Notice, User
from accounts.notices import NoticeKind, register
from accounts.services.notices import tell
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


def test_the_holders_of_a_role() -> None:
    county = CountyFactory.create()
    editor = user_with(Role.COUNTY_EDITOR, county=county)
    user_with(Role.COUNTY_SIGNATORY, county=county)
    user_with(Role.COUNTY_EDITOR, county=CountyFactory.create())
    assert list(User.objects.holding(Role.COUNTY_EDITOR, county=county)) == [editor]


def test_a_kind_without_a_topic_is_refused() -> None:
    with pytest.raises(ValueError, match="no topic"):
        register(NoticeKind(code="x", topic="nothing", sentence="", why=""))
