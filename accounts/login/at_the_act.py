"""Showing once more who one is, for one act: signing.

allauth's pages for it are used (password, code, passkey, log-in service), but neither its five
minutes nor what somebody confirmed for another purpose counts: a confirmation is a few minutes old
at most, comes after they were asked for it at this very address, and holds for one act.
"""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

SECONDS = 120
_ASKED = "asked_at_the_act"  # where, and when

Record = dict[str, Any]


def confirmed(request: HttpRequest) -> Record:
    """Return allauth's record of how the user has just confirmed who they are.

    Raises ``ReauthenticationRequired`` where they haven't: allauth's middleware then asks them, and
    comes back with the same request.
    """
    user = request.user if request.user.is_authenticated else None
    asked = request.session.get(_ASKED, {})
    if asked.get("path") == request.path:
        after = max(time.time() - SECONDS, asked["at"])
        for record in reversed(get_authentication_records(request, user)):
            if record.get("reauthenticated") and record["at"] > after:
                return dict(record)
    request.session[_ASKED] = {"path": request.path, "at": time.time()}
    raise ReauthenticationRequired


def use(request: HttpRequest) -> None:
    """Note that a confirmation has served its act, and serves no other: the next one is asked
    for."""
    request.session.pop(_ASKED, None)


def way_of(record: Record) -> str:
    """Return how it was confirmed, for the audit log: ``password``, ``totp``, ``webauthn`` …"""
    return str(record.get("type") or record["method"])
