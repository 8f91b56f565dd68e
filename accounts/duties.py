"""What the worker looks after beside its tasks: apps register what is to be done in every round."""

from collections.abc import Callable

Duty = Callable[[], object]

_duties: list[Duty] = []


def register(*duties: Duty) -> None:
    """Have the worker call these in each of its rounds, in this order."""
    _duties.extend(duty for duty in duties if duty not in _duties)


def registered() -> tuple[Duty, ...]:
    """Return all that is registered."""
    return tuple(_duties)
