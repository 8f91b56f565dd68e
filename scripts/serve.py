"""Migrate, load reference data and demo, and serve, in one process: a start takes seconds."""

import os
import socket
import sys

import django
from django.core.management import call_command

HOST = "127.0.0.1"


def main(port: str) -> None:
    """Serve Lupplan with its demo on ``port`` of this machine until interrupted."""
    _refuse_taken_port(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupplan.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_reference_data")
    call_command("demo")
    print(f"\nLupplan: http://{HOST}:{port}/   (Ctrl-C stops it)", flush=True)
    # Django's own server takes requests in threads and shows errors in the browser; whitenoise
    # serves the static files through the finders. docs/drift.md tells how to serve for real.
    call_command("runserver", f"{HOST}:{port}", use_reloader=False, skip_checks=True)


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
