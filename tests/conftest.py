"""What every test gets: a folder to write to, no network, a clean emptying of the database."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from audit.triggers import registered
from plans.signing import keyring
from plans.signing.demo_pki import make_demo_keys


def pytest_configure() -> None:
    """Make the run's own folder."""
    shutil.rmtree(settings.RUN_DIR, ignore_errors=True)  # left by a run that was killed
    settings.STATIC_ROOT.mkdir(parents=True)


def pytest_unconfigure() -> None:
    """Take it away."""
    shutil.rmtree(settings.RUN_DIR, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what touches the database; the rest has been run with SQLite."""
    if "TEST_DATABASE_URL" not in os.environ:
        return
    chosen = [item for item in items if _needs_database(item)]
    left = [item for item in items if not _needs_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = chosen


def _needs_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(
        item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
    )


class NetworkBlocked(RuntimeError):
    """A test tried to reach something that isn't this machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = address[0]
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Let sockets connect to loopback addresses alone."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        allowed = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, allowed: Any = allowed) -> Any:
            if not _is_local(address):
                raise NetworkBlocked(f"A test tried to connect to {address!r}.")
            return allowed(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def emptied_audit_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the flush after a transactional test delete what the database's triggers protect.

    The flush ends with ``post_migrate``, which puts the triggers back.
    """
    marker = request.node.get_closest_marker("django_db")
    transactional = bool(marker and marker.kwargs.get("transaction"))
    if not transactional and "transactional_db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    for trigger in registered():
        trigger.drop(connection)


@pytest.fixture(scope="session", autouse=True)
def signing_keys() -> None:
    """Make keys that seal and sign, for LUP and the counties of the tests; nobody else has them."""
    make_demo_keys(
        Path(settings.SIGNING_KEYS),
        {
            keyring.SEAL: "Lupplan",
            keyring.LUP: "Leverandørutviklingsprogrammet",
            **{
                f"fylke-{number}": f"Fylke {number}" for number in ("15", *map(str, range(60, 100)))
            },
        },
    )


@pytest.fixture(scope="session")
def sealed_pdf(signing_keys: None) -> bytes:
    """A small plan as a sealed PDF, with its places for signatures; made once for all."""
    from plans.exports.pdf import plan_pdf
    from plans.signing import fields, sign
    from tests.factories.documents import make_document

    pdf = fields.with_signature_fields(plan_pdf(make_document(measures=2, version=1)))
    seal = partial(sign.seal, pdf, key=keyring.seal_key(), reason="Sealed by Lupplan")
    # In a thread of its own: in browser tests Playwright's loop runs in this one.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(seal).result()


@pytest.fixture(scope="session")
def openid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An OpenID provider, running; tests/accounts/openid.py says what it can be told."""
    from tests.accounts.openid import started

    with started(tmp_path_factory.mktemp("openid")) as service:
        yield service


@pytest.fixture
def english(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let screen and services speak English, for tests that read what they say: its source strings
    change less than their translations."""
    settings.LANGUAGE_CODE = "en"
    for job in ("version_jobs", "archive_jobs"):
        monkeypatch.setattr(f"plans.services.{job}.LANGUAGE", "en")
    with translation.override("en"):
        yield
