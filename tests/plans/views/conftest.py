"""A visitor, a signed plan, and a folder for files."""

from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django.fixtures import Settings

from plans.enums import PlanState
from plans.models import PartnerPlan
from tests.factories.plans import make_plan
from tests.plans.conftest import World


@pytest.fixture
def reader(db: None) -> Client:
    """A visitor who reads in English, the language of the source."""
    client = Client()
    client.cookies[site.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """A signed plan of 2022 with two measures in each part."""
    return make_plan(county=world.county, year=2022, state=PlanState.ACTIVE, measures=2)


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """The folder that files are kept in."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return tmp_path
