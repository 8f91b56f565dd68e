"""The settings that tests and the type checker use: those of production, without TLS or a secret.

The environment is fixed here, before ``lupplan.settings`` reads it, so that a developer's own
``.env`` never reaches a test. TEST_DATABASE_URL alone comes from outside: `make test` names a
throw-away PostgreSQL with it. Without it the tests run on SQLite, in a file, since threads can't
share a database in memory as they would share a real one.
"""

import os
import tempfile
from pathlib import Path

# Everything that a run writes lies in one folder, which tests/conftest.py makes and takes away;
# each pytest-xdist worker has its own.
RUN_DIR = Path(tempfile.gettempdir()) / f"lupplan-test-{os.getpid()}"

os.environ.update(
    {
        "DEBUG": "off",
        "DEMO": "on",
        "SECRET_KEY": "only-for-tests-" + "t" * 40,
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
        "CSRF_TRUSTED_ORIGINS": "",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL")
        or f"sqlite:///{RUN_DIR}/unused.sqlite3",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "memorymail://",
        "DEFAULT_FROM_EMAIL": "Lupplan <lupplan@test.example>",
        "SECURE_SSL_REDIRECT": "off",
        "SITE_URL": "https://testserver",
        "TASKS_BACKEND": "immediate",
        **dict.fromkeys(
            (
                "SIGNING_KEYS",
                "SIGNING_TRUST_ROOTS",
                "SIGNING_TIMESTAMP_URL",
                "SIGNING_SERVICE_URL",
                "SIGNING_SERVICE_CREDENTIALS",
            ),
            "",
        ),
    }
)

from lupplan.settings import *

VAR_DIR = RUN_DIR
SIGNING_KEYS = str(RUN_DIR / "signering")
if "TEST_DATABASE_URL" not in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": RUN_DIR / "test.sqlite3"}
# A connection that a server thread left open would keep PostgreSQL from dropping the database.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Hashing a password slowly, on purpose, is half of a test's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = RUN_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": RUN_DIR / "files"},
    },
    # No test but those in a browser needs `collectstatic`; they switch to production's storage.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
