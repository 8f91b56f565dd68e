"""Who may read what: each role in each state, one plan at a time and many at once."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User
from municipalities.models import Municipality
from plans import rules
from plans.enums import PlanState
from plans.models import PartnerPlan
from tests.factories.accounts import MembershipFactory, UserFactory, user_with
from tests.factories.municipalities import (
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
    WorkingGroupFactory,
)
from tests.factories.plans import make_plan
from tests.factories.versions import set_state
from tests.plans.conftest import World

UNSIGNED_FROM_CONSULTATION = {
    PlanState.CONSULTATION,
    PlanState.NEGOTIATION,
    PlanState.FOR_SIGNATURE,
}


def everybody(world: World) -> dict[str, User | AnonymousUser]:
    """Return one of each role of the county, of another one, and some who have none any more."""
    other = CountyFactory.create()
    people: dict[str, User | AnonymousUser] = {
        "nobody": AnonymousUser(),
        "no_role": UserFactory.create(),
        "administrator": user_with(Role.ADMINISTRATOR),
        "adviser": world.adviser,
        "lup_signatory": user_with(Role.LUP_SIGNATORY),
    }
    for name, county in (("own", world.county), ("other", other)):
        municipality = MunicipalityFactory.create(county=county)
        people |= {
            f"{name}_editor": user_with(Role.COUNTY_EDITOR, county=county),
            f"{name}_signatory": user_with(Role.COUNTY_SIGNATORY, county=county),
            f"{name}_contact": user_with(Role.MUNICIPAL_CONTACT, municipality=municipality),
            f"{name}_cooperation": user_with(
                Role.CONTRIBUTOR, cooperation=ProcurementCooperationFactory.create(county=county)
            ),
            f"{name}_group": user_with(
                Role.CONTRIBUTOR, working_group=WorkingGroupFactory.create(county=county)
            ),
        }
    for name, days in (
        ("former", {"valid_to": date(2022, 1, 1)}),
        ("coming", {"valid_from": date(2100, 1, 1)}),
    ):
        people[f"{name}_editor"] = user_with(Role.COUNTY_EDITOR, county=world.county, **days)
        people[f"{name}_contact"] = user_with(
            Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0], **days
        )
    return people


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county)


def in_every_state(plan: PartnerPlan) -> Iterator[PartnerPlan]:
    """Take the plan through its states, those included that no transition leads to from here."""
    for state in PlanState:
        set_state(plan, state)
        yield PartnerPlan.objects.with_parties().get(pk=plan.pk)


def states_in_which(
    plan: PartnerPlan,
    people: dict[str, User | AnonymousUser],
    rule: Callable[[rules.Visitor, PartnerPlan], bool],
) -> dict[str, set[PlanState]]:
    """Return the states of an unsigned plan in which ``rule`` lets each of the people, if any."""
    found: dict[str, set[PlanState]] = {}
    for then in in_every_state(plan):
        for name, user in people.items():
            if not then.is_signed and rule(user, then):
                found.setdefault(name, set()).add(PlanState(then.state))
    return found


def test_the_lists_agree_with_the_rules_for_every_role_and_state(
    world: World, plan: PartnerPlan
) -> None:
    people = everybody(world)
    for then in in_every_state(plan):
        for name, user in people.items():
            whole = then in PartnerPlan.objects.visible_to(user)
            partly = then in PartnerPlan.objects.partly_visible_to(user)
            assert rules.can_read(user, then) == whole, (name, then.state)
            assert rules.can_read_in_part(user, then) == (whole or partly), (name, then.state)
            assert not (whole and partly), (name, then.state)


def test_who_reads_which_unsigned_plans(world: World, plan: PartnerPlan) -> None:
    people = everybody(world)
    from_draft = {PlanState.DRAFT, *UNSIGNED_FROM_CONSULTATION}
    whole = {
        "own_editor": from_draft,
        "own_signatory": from_draft,
        "adviser": UNSIGNED_FROM_CONSULTATION,
        "lup_signatory": UNSIGNED_FROM_CONSULTATION,
    }
    partly = dict.fromkeys(
        ("own_contact", "own_cooperation", "own_group"), UNSIGNED_FROM_CONSULTATION
    )
    assert states_in_which(plan, people, rules.can_read) == whole
    assert states_in_which(plan, people, rules.can_read_in_part) == whole | partly


@pytest.fixture
def merged(world: World) -> dict[str, Municipality]:
    """1504 went into 1507 in 2020, which was split into 1508 and 1580 in 2024."""
    made = {
        number: MunicipalityFactory.create(
            number=number, county=world.county, valid_from=date(start, 1, 1), valid_to=end
        )
        for number, start, end in (
            ("1504", 2000, date(2020, 1, 1)),
            ("1507", 2020, date(2024, 1, 1)),
            ("1508", 2024, None),
            ("1580", 2024, None),
        )
    }
    made["1504"].successors.set([made["1507"]])
    made["1507"].successors.set([made["1508"], made["1580"]])
    return made


@pytest.mark.parametrize("held", ["1504", "1507"])
def test_a_contacts_right_follows_mergers_by_the_plans_year(
    world: World, merged: dict[str, Municipality], held: str
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=merged[held])
    plan = make_plan(county=world.county, year=2023, state=PlanState.CONSULTATION)
    after = make_plan(agreement=plan.agreement, year=2024, state=PlanState.CONSULTATION)
    assert rules.interests(contact, plan).municipalities == {"1507"}
    assert rules.interests(contact, after).municipalities == {"1508", "1580"}
    assert set(PartnerPlan.objects.partly_visible_to(contact)) == {plan, after}


def test_a_successors_contact_has_no_right_in_the_years_before(
    world: World, merged: dict[str, Municipality]
) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=merged["1580"])
    plan = make_plan(county=world.county, year=2023, state=PlanState.CONSULTATION)
    assert not rules.can_read_in_part(contact, plan)
    assert plan not in PartnerPlan.objects.partly_visible_to(contact)


def test_several_roles_add_up(world: World) -> None:
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    MembershipFactory.create(user=contact, role=Role.CONTRIBUTOR, cooperation=world.cooperation)
    MembershipFactory.create(
        user=contact, role=Role.MUNICIPAL_CONTACT, municipality=world.municipalities[2]
    )
    plan = make_plan(county=world.county, state=PlanState.NEGOTIATION)
    numbers = {world.municipalities[0].number, world.municipalities[2].number}
    assert rules.interests(contact, plan) == rules.Interests(
        municipalities=frozenset(numbers), cooperations=frozenset({"lag"})
    )


def test_who_says_how_the_measures_go(world: World, plan: PartnerPlan) -> None:
    people = everybody(world)
    both = {"own_editor", "adviser"}
    expected: dict[PlanState, set[str]] = {
        PlanState.DRAFT: {"own_editor"},
        PlanState.CONSULTATION: {"own_editor"},
        PlanState.NEGOTIATION: {"own_editor"},
        PlanState.FOR_SIGNATURE: set(),
        PlanState.ACTIVE: both,
        PlanState.AMENDING: both,
        PlanState.CLOSED: set(),
    }
    got = {}
    for state in PlanState:
        plan = set_state(plan, state)
        got[state] = {name for name, user in people.items() if rules.can_set_status(user, plan)}
        many = {name for name, user in people.items() if rules.can_change_many(user, plan)}
        assert many == got[state]
    assert got == expected
