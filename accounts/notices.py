"""The kinds of notices. An app declares its own and registers them in ``AppConfig.ready``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

# What one can stop mail about, each by itself.
TOPICS: dict[str, "StrPromise"] = {
    "plan": _("What happens with a plan: a new stage, a decision"),
    "contributions": _("Input: invitations, answers, deadlines"),
    "comments": _("Comments and proposed changes"),
    "reminders": _("Reminders of what is due"),
}


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: what it says, and why one gets it.

    ``sentence`` and ``why`` are filled in with the notice's ``params``, in the receiver's language:
    ``%(number)s``. What is ``asked`` of somebody personally is mailed at once; the rest waits for
    the day's digest.
    """

    code: str
    topic: str
    sentence: "StrPromise"
    why: "StrPromise"
    asked: bool = False


_registered: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Make kinds known. Raises ``ValueError`` for a topic that there isn't."""
    for kind in kinds:
        if kind.topic not in TOPICS:
            raise ValueError(f"{kind.code}: there is no topic {kind.topic!r}")
        _registered[kind.code] = kind


def kind_of(code: str) -> NoticeKind | None:
    """Return the kind with that code; None for one that an earlier release had."""
    return _registered.get(code)


def registered() -> tuple[NoticeKind, ...]:
    """Return every kind that some app has registered."""
    return tuple(_registered.values())
