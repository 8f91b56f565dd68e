"""The site in Chromium, with the demo loaded anew for each test, and a watch-dog on every page.

``page`` is what a test asks for, or ``no_js``, a context without JavaScript; addresses are relative
to the site. ``new_context()`` gives a second person a browser of their own.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import BrowserContext, Page
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from tests.browser import axe as axe_core
from tests.browser import server
from tests.browser.watchdog import Watchdog

HERE = Path(__file__).parent
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--no-sandbox",  # root, as in a container, can't have one; only our own pages are opened
]
TIMEOUT = 10_000  # milliseconds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here as ``browser``."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let a test that has passed fail on what the watch-dog saw."""
    yield
    watchdog = getattr(item, "funcargs", {}).get("watchdog")
    if watchdog:
        watchdog.verify()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium; Playwright's own is never downloaded."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.fail("No Chromium on this machine: apt-get install chromium.", pytrace=False)
    return {**browser_type_launch_args, "executable_path": program, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Open pages as somebody in Norway does."""
    return {**browser_context_args, "locale": "nn-NO", "timezone_id": "Europe/Oslo"}


@pytest.fixture(scope="session")
def demo_database(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Path:
    """The database that each test gets a copy of."""
    if connection.vendor != "sqlite":
        pytest.fail("The browser tests run on SQLite: leave TEST_DATABASE_URL out.", pytrace=False)
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    with django_db_blocker.unblock():
        server.make_demo_database(path)
    return path


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """Serve the site for the whole session, with production's static files; give its address."""
    patch = pytest.MonkeyPatch()
    # Playwright keeps an event loop in the tests' thread, which Django takes for asynchronous code.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    compressed = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": compressed}):
        call_command("collectstatic", interactive=False, verbosity=0)
        with server.served() as url:
            yield url
    patch.undo()


@pytest.fixture
def site(
    base_url: str, demo_database: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The site's address, with the database as the demo leaves it; the test may use models."""
    cache.clear()
    copy = server.copied_database(demo_database, tmp_path / "site.sqlite3")
    with django_db_blocker.unblock(), copy:
        yield base_url


@pytest.fixture
def watchdog(site: str) -> Watchdog:
    """What sees the faults of this test; ``allow`` tells it which ones belong to the test."""
    return Watchdog(site)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], watchdog: Watchdog
) -> Callable[..., BrowserContext]:
    """Make a watched context; takes what Playwright's ``new_context`` takes."""

    def make(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(TIMEOUT)
        watchdog.watch(context)
        return context

    return make


@pytest.fixture
def no_js(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A watched context with JavaScript switched off."""
    return new_context(java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fail if a page violates WCAG 2.2 AA: ``axe(page)``."""
    return axe_core.check


@pytest.fixture
def log_in(site: str) -> Callable[[BrowserContext, str], None]:
    """Log a context in without the form: ``log_in(context, "molde@demo.example")``."""

    def enter(context: BrowserContext, email: str) -> None:
        client = Client()
        client.force_login(User.objects.get(email=email))
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])

    return enter
