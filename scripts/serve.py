"""Migrate, load the demo with its reference data, and serve, in one process: a quick start."""

import os
import socket
import sys
from threading import Thread

import django
from django.core.management import call_command

HOST = "127.0.0.1"
ADDRESSES = {
    "/": "everybody's front page",
    "/planar/more-og-romsdal/2020/": "a plan",
    "/arbeid/": "work with plans, after log-in",
    "/admin/": "administration",
}


def main(port: str) -> None:
    """Serve Lupplan with its demo on ``port`` of this machine until interrupted."""
    _refuse_taken_port(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupplan.settings")
    os.environ.setdefault("DJANGO_RUNSERVER_HIDE_WARNING", "true")
    os.environ.setdefault("TASKS_BACKEND", "database")
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("demo")
    print("Lupplan is served at (Ctrl-C stops it):")
    for address, what in ADDRESSES.items():
        print(f"  http://{HOST}:{port}{address:32} {what}", flush=True)
    # Mails and other tasks of the background; the thread ends with the process.
    Thread(target=_work, name="worker", daemon=True).start()
    # Django's own server takes requests in threads and shows errors in the browser; whitenoise
    # serves the static files through the finders. docs/drift.md tells how to serve for real.
    call_command("runserver", f"{HOST}:{port}", use_reloader=False, skip_checks=True)


def _work() -> None:
    from accounts.worker import Worker  # its models are there only after django.setup()

    Worker(interval=2).run()


def _refuse_taken_port(port: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except (OSError, OverflowError, ValueError) as error:
            sys.exit(
                f"Port {port} can't be used ({error}). Stop what uses it, or choose another: "
                "make run PORT=8001"
            )


if __name__ == "__main__":
    main(sys.argv[1])
