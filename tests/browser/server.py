"""The site under test: a database of its own with the demo in it, and a server in threads."""

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.test.testcases import QuietWSGIRequestHandler

HOST = "127.0.0.1"


def make_demo_database(path: Path) -> None:
    """Write a SQLite database with what `manage.py demo` loads to ``path``.

    In a thread of its own: Playwright's loop runs in this one, and signing starts another.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(_make_demo_database, path).result()


def _make_demo_database(path: Path) -> None:
    with database(path):
        for command in ("migrate", "demo"):
            call_command(command, verbosity=0)
        with connection.cursor() as cursor:
            # All into the one file, so that it can be copied.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def copied_database(template: Path, path: Path) -> Iterator[None]:
    """Let every thread use a copy of ``template`` at ``path``, and drop it afterwards."""
    shutil.copy(template, path)
    with database(path):
        yield
    path.unlink()


@contextmanager
def database(path: Path) -> Iterator[None]:
    """Let every thread that connects from now on use the SQLite database at ``path``."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def served() -> Iterator[str]:
    """Serve the site as its settings now are, and give its address without a final slash."""
    server = ThreadedWSGIServer((HOST, 0), QuietWSGIRequestHandler)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
