"""Production's settings on a SQLite database of the benchmark's own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

RUN_DIR = Path(tempfile.mkdtemp(prefix="lupplan-bench-"))
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)

os.environ.update(
    {
        "DEBUG": "off",
        "SECRET_KEY": "only-for-benchmarks-" + "b" * 40,
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL")
        or f"sqlite:///{RUN_DIR}/bench.sqlite3",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "memorymail://",
        "SECURE_SSL_REDIRECT": "off",
    }
)

from lupplan.settings import *

STATIC_ROOT = RUN_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": RUN_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "templates", BASE_DIR / "bench/templates"]}]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
