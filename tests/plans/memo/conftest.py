"""The plan whose memo is read and written."""

import pytest

from plans.enums import PlanState
from plans.models import PartnerPlan
from tests.factories.plans import make_plan
from tests.plans.conftest import World


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A plan in negotiation, with one measure in each part."""
    return make_plan(county=world.county, measures=1, state=PlanState.NEGOTIATION)
