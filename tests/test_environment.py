"""The environment: which database driver is used, what a missing value says, what locks hold."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql import psycopg_any
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(settings.BASE_DIR)
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"]


def test_psycopg_3_is_absent() -> None:
    # Django silently prefers it to psycopg2 where both are installed.
    assert importlib.util.find_spec("psycopg") is None


@pytest.mark.django_db
def test_postgresql_is_reached_by_psycopg2() -> None:
    assert psycopg_any.is_psycopg3 is False
    connection.ensure_connection()
    driver = type(connection.connection).__module__.split(".")[0]
    assert driver == {"postgresql": "psycopg2", "sqlite": "sqlite3"}[connection.vendor]


@pytest.mark.parametrize("command", [["manage.py", "check"], ["-c", "import lupplan.wsgi"]])
@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_missing_value_stops_the_start_with_one_line(command: list[str], name: str) -> None:
    complete = {"SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "lupplan.example.no", "DEBUG": "off"}
    environment = {
        **os.environ,
        **complete,
        "DJANGO_SETTINGS_MODULE": "lupplan.settings",
        # Empty, not absent: a developer's .env would fill in what is absent.
        name: "",
    }
    run = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert run.stdout == ""
    [line] = run.stderr.splitlines()
    assert line.startswith(f"{name} must be set when DEBUG is off, for example: {name}=")


def test_a_log_in_service_without_its_issuer_stops_the_start_with_one_line() -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lupplan.settings",
            "OIDC_PROVIDERS": "entra",
            "OIDC_ENTRA_ISSUER": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 3
    assert run.stderr == (
        "OIDC_ENTRA_ISSUER must be set, for example: OIDC_ENTRA_ISSUER=https://login.example.no\n"
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_python_locks_pin_by_hash_and_name_no_registry(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    code = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    foreign = [
        line
        for line in code
        if "://" in line or line.startswith(("--index", "--extra-index", "--find", "--trusted"))
    ]
    assert foreign == []
    pins = [line for line in code if not line.startswith("--hash=sha256:")]
    assert [pin for pin in pins if "==" not in pin or not pin.endswith("\\")] == []


@pytest.mark.parametrize(
    ("lock", "extra"), [(LOCKS[0], None), (LOCKS[1], "dev"), (LOCKS[2], "node")]
)
def test_locks_pin_all_that_the_project_asks_for(lock: str, extra: str | None) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else ())]
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
    pinned = {canonicalize_name(name): version for name, version in pins}
    for requirement in map(Requirement, asked):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {lock}: make lock"
        assert version in requirement.specifier


def test_the_front_end_lock_pins_by_hash_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ALLOWED_HOSTS": "*"}, "SITE_URL must be set, for example: "),
        ({"SITE_URL": "lupplan.example.no"}, "SITE_URL must be set, for example: "),
        ({"TASKS_BACKEND": "redis"}, "TASKS_BACKEND must be one of immediate and database: "),
        ({"SIGNING_TIMESTAMP_URL": "tsa.example"}, "SIGNING_TIMESTAMP_URL must be an address, "),
        ({"SIGNING_SERVICE_API": "v3"}, "SIGNING_SERVICE_API must be one of v1 and v2: "),
        ({"SIGNING_TIMEOUT": "0"}, "SIGNING_TIMEOUT must be more than 0 seconds: "),
    ],
)
def test_a_value_that_is_wrong_stops_the_start_with_one_line(
    given: dict[str, str], said: str
) -> None:
    complete = {"SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "lupplan.example.no", "DEBUG": "off"}
    run = subprocess.run(
        [sys.executable, "-c", "import lupplan.settings"],
        cwd=ROOT,
        env={**os.environ, **complete, "SITE_URL": "", "TASKS_BACKEND": "", **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 3
    [line] = run.stderr.splitlines()
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"ALLOWED_HOSTS": ".lupplan.example.no,x.example.no"}, "https://lupplan.example.no"),
        ({"SITE_URL": "https://x.example.no/"}, "https://x.example.no"),
        ({"DEBUG": "on", "ALLOWED_HOSTS": ""}, "http://127.0.0.1:8000"),
    ],
)
def test_the_address_in_mails(given: dict[str, str], address: str) -> None:
    complete = {"SECRET_KEY": "s" * 50, "ALLOWED_HOSTS": "lupplan.example.no", "DEBUG": "off"}
    run = subprocess.run(
        [sys.executable, "-c", "from lupplan import settings; print(settings.SITE_URL)"],
        cwd=ROOT,
        env={**os.environ, **complete, "SITE_URL": "", "TASKS_BACKEND": "", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == address
