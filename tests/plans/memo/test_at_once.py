"""Two who write the same memo at the same moment."""

from collections.abc import Callable

import pytest

from audit.services import verify
from plans.enums import MemoKind
from plans.models import Memo, MemoSection, PartnerPlan
from plans.services.memos import reset_section, save_memo, save_section
from tests.plans.conftest import World
from tests.plans.test_concurrency import at_once, sorts

pytestmark = pytest.mark.django_db(transaction=True)


def saving(plan: PartnerPlan, world: World, body: str, version: int) -> Callable[[], object]:
    return lambda: save_section(
        plan=plan,
        kind=MemoKind.PLAN,
        key="more",
        values={"body": body},
        based_on="",
        expected_version=version,
        by=world.editor,
    )


def test_of_two_who_write_a_section_first_one_is_told(world: World, plan: PartnerPlan) -> None:
    outcomes = at_once(saving(plan, world, "Ein.", 0), saving(plan, world, "To.", 0))
    assert sorts(outcomes) == ["Conflict", "MemoSection"]
    assert MemoSection.objects.get().version == 1
    verify()


def test_of_one_who_writes_and_one_who_takes_the_plans_text_one_is_told(
    world: World, plan: PartnerPlan
) -> None:
    saving(plan, world, "Ein.", 0)()
    outcomes = at_once(
        saving(plan, world, "To.", 1),
        lambda: reset_section(
            plan=plan, kind=MemoKind.PLAN, key="more", expected_version=1, by=world.editor
        ),
    )
    assert sorts(outcomes).count("Conflict") == 1
    assert MemoSection.objects.get().version == 2
    verify()


def test_of_two_who_name_the_case_one_is_told(world: World, plan: PartnerPlan) -> None:
    def name(number: str) -> Callable[[], Memo]:
        return lambda: save_memo(
            plan=plan,
            kind=MemoKind.PLAN,
            values={"case_number": number},
            expected_version=0,
            by=world.editor,
        )

    assert sorts(at_once(name("1"), name("2"))) == ["Conflict", "Memo"]
    assert Memo.objects.count() == 1
