"""A county with three municipalities and a cooperation, its people, and log-in for the client."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from municipalities.models import County, Municipality, ProcurementCooperation
from tests.factories.accounts import user_with
from tests.factories.municipalities import (
    CooperationMembershipFactory,
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
)


@dataclass
class World:
    """What most tests of plans need."""

    county: County
    municipalities: list[Municipality]
    ended: Municipality
    cooperation: ProcurementCooperation
    editor: User
    signatory: User
    adviser: User
    outsider: User


@pytest.fixture
def world(db: None) -> World:
    """A county, three municipalities of it, one that ended with 2021, a cooperation of the first
    two, and its people; ``outsider`` is the editor of another county."""
    county = CountyFactory(name="Fjordane", slug="fjordane")
    municipalities = [MunicipalityFactory(county=county) for _ in range(3)]
    cooperation = ProcurementCooperationFactory(county=county, key="lag", short_name="LAG")
    for municipality in municipalities[:2]:
        CooperationMembershipFactory(cooperation=cooperation, municipality=municipality)
    return World(
        county=county,
        municipalities=municipalities,
        ended=MunicipalityFactory(county=county, valid_to=date(2022, 1, 1)),
        cooperation=cooperation,
        editor=user_with(Role.COUNTY_EDITOR, county=county),
        signatory=user_with(Role.COUNTY_SIGNATORY, county=county),
        adviser=user_with(Role.LUP_ADVISER),
        outsider=user_with(Role.COUNTY_EDITOR, county=CountyFactory()),
    )


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """Return a client in which somebody is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def colleague(world: World) -> User:
    """Another editor of the same county."""
    return user_with(Role.COUNTY_EDITOR, county=world.county)
