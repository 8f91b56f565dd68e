"""The limits hold over several processes: they are counted in what the processes share."""

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

ATTEMPT = """
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {name!r}
settings.CACHES["default"] = {{
    "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "lupplan_cache"
}}
django.setup()
from django.test import RequestFactory
from allauth.core import ratelimit
request = RequestFactory().post("/konto/login/")
allowed = [bool(ratelimit.consume(request, action="login_failed", key="ho")) for _ in range(3)]
print(allowed.count(True))
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_one_count(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "lupplan_cache",
        }
    }
    call_command("createcachetable", verbosity=0)
    try:
        script = ATTEMPT.format(name=str(connection.settings_dict["NAME"]))
        counts = [
            subprocess.run(
                [sys.executable, "-c", script], capture_output=True, text=True, check=True
            ).stdout.strip()
            for _process in range(2)
        ]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE lupplan_cache")
    # Five in five minutes for one e-mail address.
    assert counts == ["3", "2"]
