"""The kinds of notices. An app declares its own and registers them in ``AppConfig.ready``."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from accounts.models import User

logger = logging.getLogger(__name__)

# Characters of one value in a sentence: a title may be long, a whole text doesn't belong there.
LONGEST_VALUE = 200

# What one can stop mail about, each by itself.
TOPICS: dict[str, "StrPromise"] = {
    "plan": _("What happens with a plan: a new stage, a decision"),
    "contributions": _("Input: invitations, answers, deadlines"),
    "comments": _("Comments and proposed changes"),
    "reminders": _("Reminders of what is due"),
}


class Said(NamedTuple):
    """What a notice says, in the language that is active, as plain text on one line each."""

    sentence: str
    why: str


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: what it says, and why one gets it.

    ``sentence`` and ``why`` are filled in with the notice's ``params``, in the receiver's language:
    ``%(number)s``. What is ``asked`` of somebody personally is mailed at once; the rest waits for
    the day's digest. ``words`` makes what the sentence shows out of ``params``, in the language
    that is active: there a code becomes its word. ``still_for`` says, when the mail is made,
    whether the receiver may still know of it: they may have lost a role since they were told.
    """

    code: str
    topic: str
    sentence: "StrPromise"
    why: "StrPromise"
    asked: bool = False
    words: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    still_for: "Callable[[User, dict[str, Any]], bool] | None" = None

    def say(self, params: dict[str, Any]) -> Said:
        """Return what a notice with ``params`` says; its topic alone if they don't fit."""
        try:
            values = self.words(params) if self.words else params
            plain = {name: _on_one_line(value) for name, value in values.items()}
            return Said(str(self.sentence) % plain, str(self.why) % plain)
        except Exception:
            # A notice that was made by an earlier release, or translated badly.
            logger.exception("The notice %s can't be said", self.code)
            return Said(str(TOPICS[self.topic]), "")

    def concerns(self, user: "User", params: dict[str, Any]) -> bool:
        """Say whether ``user`` may get mail about a notice with ``params``; no if that can't be
        found out, as for a thing that is gone."""
        if self.still_for is None:
            return True
        try:
            return self.still_for(user, params)
        except Exception:
            logger.exception("Whom the notice %s is for can't be said", self.code)
            return False


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


def _on_one_line(value: Any) -> Any:
    """Return a value so that nobody, by what they call a thing, adds lines to somebody's mail."""
    if not isinstance(value, str):
        return value
    printable = "".join(letter if letter.isprintable() else " " for letter in value)
    return Truncator(" ".join(printable.split())).chars(LONGEST_VALUE)
