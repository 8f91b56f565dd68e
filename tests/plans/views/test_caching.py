"""What a visitor gets who asks for a plan again."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client

from accounts.models import User
from plans.enums import MeasureStatus, TextKind
from plans.models import Measure, PartnerPlan
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import make_version
from tests.plans.conftest import World
from tests.plans.views.pages import address, html, measure_of

LogIn = Callable[[User], Client]


def test_a_visitor_who_asks_again_gets_no_page_until_something_changes(
    plan: PartnerPlan, reader: Client
) -> None:
    def ask(tag: str):
        return reader.get(address(plan), headers={"If-None-Match": tag})

    tag = reader.get(address(plan)).headers["ETag"]
    same = ask(tag)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)

    Measure.objects.filter(pk=measure_of(plan, "1.1").pk).update(status=MeasureStatus.DONE)
    progressed = ask(tag)
    assert progressed.status_code == 200
    assert "Done" in html(progressed)

    tag = progressed.headers["ETag"]
    plan.texts.filter(kind=TextKind.PURPOSE).update(body="Noko nytt")
    assert ask(tag).status_code == 304  # what isn't signed is nothing to readers
    make_version(plan)
    assert "Noko nytt" in html(ask(tag))

    tag = reader.get(address(plan)).headers["ETag"]
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"
    assert ask(tag).status_code == 200


def test_those_who_are_logged_in_always_get_a_fresh_page(
    plan: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    answer = browser_of(world.editor).get(address(plan))
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_somebody_whom_a_message_waits_for_gets_a_fresh_page(
    plan: PartnerPlan, world: World, browser_of: LogIn
) -> None:
    """Logging out leaves one; an unchanged page would hide it."""
    browser = browser_of(world.editor)
    browser.get(address(plan))
    draft = make_plan(agreement=plan.agreement, year=2023)
    area = area_of(draft)
    browser.post(address(draft, "area_delete", key=area.key))
    del browser.cookies[settings.SESSION_COOKIE_NAME]
    assert "ETag" not in browser.get(address(plan)).headers
    assert "ETag" in browser.get(address(plan)).headers
