"""Showing once more who one is, for one act: signing.

allauth's pages for it are used (password, code, passkey, log-in service), but neither its five
minutes nor what somebody confirmed for another purpose counts: a confirmation is a few minutes old
at most, and holds for one act.
"""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

SECONDS = 120
_USED = "acted_by_authentication_at"

Record = dict[str, Any]


def confirmed(request: HttpRequest) -> Record:
    """Return allauth's record of how the user has just confirmed who they are.

    Raises ``ReauthenticationRequired`` where they haven't: allauth's middleware then asks them, and
    comes back with the same request.
    """
    user = request.user if request.user.is_authenticated else None
    after = max(time.time() - SECONDS, request.session.get(_USED, 0))
    for record in reversed(get_authentication_records(request, user)):
        if record.get("reauthenticated") and record["at"] > after:
            return dict(record)
    raise ReauthenticationRequired


def use(request: HttpRequest, record: Record) -> None:
    """Note that a confirmation has served its act, and serves no other."""
    request.session[_USED] = record["at"]


def way_of(record: Record) -> str:
    """Return how it was confirmed, for the audit log: ``password``, ``totp``, ``webauthn`` …"""
    return str(record.get("type") or record["method"])
