"""The rules for reminders. An app registers its own in ``AppConfig.ready``.

A rule is called with a day and tells whom it concerns of what is due then. It does so by
``accounts.services.notices.tell`` with a ``once_key`` that names the thing and the day: the rule is
called again for the same day, and may then tell nothing new.
"""

from collections.abc import Callable
from datetime import date

Rule = Callable[[date], None]

_registered: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Make rules known; one of the same module and name takes the place of an earlier one."""
    for rule in rules:
        _registered[f"{rule.__module__}.{rule.__qualname__}"] = rule


def registered() -> tuple[Rule, ...]:
    """Return every rule, in the order in which they were registered."""
    return tuple(_registered.values())
