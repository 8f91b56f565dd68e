"""Points in the life of a plan, as addresses name them, and the plan at two of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Event
from plans.enums import PlanState
from plans.history import deed, events_of_plan, who
from plans.models import PartnerPlan
from plans.past import PLAN, PastPlan, at_point
from plans.snapshot import snapshot

NOW = "no"
_EVENT = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Point:
    """A point in time: right after the event ``pk``, or the moment ``at``; neither is now."""

    value: str
    pk: int | None = None
    at: datetime | None = None

    def is_later(self, event: Event) -> bool:
        """Whether the event came after the point."""
        if self.pk is not None:
            return event.pk > self.pk
        return self.at is not None and event.at > self.at

    @property
    def needed(self) -> Q:
        """Which events have to be read to go back to the point, with the one that it is."""
        if self.pk is not None:
            return Q(pk__gte=self.pk)
        return Q(at__gt=self.at) if self.at is not None else Q(pk__in=())


@dataclass(frozen=True)
class TwoPoints:
    """A plan at two points, the earlier first; ``named`` are its landmarks and the two themselves,
    as (value, words)."""

    earlier: Point
    later: Point
    before: PastPlan
    after: PastPlan
    named: tuple[tuple[str, str], ...]


class UnknownPoint(Exception):
    """An address names a point that is none, or an event of something else."""


def parse_point(value: str) -> Point:
    """Return the point that is written as ``no`` (now), an event's key, a date (the end of that
    day) or a date with a time. Raises ``UnknownPoint``."""
    if value == NOW:
        return Point(value)
    if _EVENT.fullmatch(value):
        return Point(value, pk=int(value))
    try:
        day = parse_date(value)
        moment = _end_of(day) if day else parse_datetime(value)
        if moment is not None and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        # The database counts in UTC, where the first and last hours of all time don't exist.
        moment = moment.astimezone(UTC) if moment else None
        if moment:
            timezone.localtime(moment)  # nor do they always here, where it is shown
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise UnknownPoint(value)
    return Point(value, at=moment)


def two_points(plan: PartnerPlan, first: str, second: str) -> TwoPoints:
    """Return the plan at two points, given in either order.

    Takes six queries. Raises ``UnknownPoint``.
    """
    points = [parse_point(first), parse_point(second)]
    needed = points[0].needed | points[1].needed | Q(target_type=PLAN)
    events = list(
        events_of_plan(plan, roll_over=False).filter(needed).defer("previous_digest", "digest")
    )
    known = {event.pk: event for event in events}
    if any(point.pk is not None and point.pk not in known for point in points):
        raise UnknownPoint(first, second)
    later, earlier = sorted(points, key=lambda point: sum(map(point.is_later, events)))
    now = snapshot(plan)
    named = dict(_landmarks(events))
    for point in points:
        if point.value not in named:
            named[point.value] = _words(point, known)
    return TwoPoints(
        earlier=earlier,
        later=later,
        before=at_point(now, events, earlier.is_later),
        after=at_point(now, events, later.is_later),
        named=tuple(named.items()),
    )


def landmarks(plan: PartnerPlan) -> list[tuple[str, str]]:
    """Return the points that one would look for, as (value, words), the newest first: now, and
    when the plan changed its state or was made."""
    return list(_landmarks(Event.objects.about(plan)))


def _landmarks(events: Iterable[Event]) -> Iterator[tuple[str, str]]:
    yield NOW, _("Now")
    for event in events:
        if event.target_type != PLAN or "state" not in event.new:
            continue
        at = _moment(event.at)
        if event.verb == "plan.made":
            yield str(event.pk), _("The plan was made, %(at)s") % {"at": at}
        else:
            state = dict(PlanState.choices).get(event.new["state"], event.new["state"])
            yield str(event.pk), _("%(state)s from %(at)s") % {"state": state, "at": at}


def _words(point: Point, known: dict[int, Event]) -> str:
    if point.pk is None:
        assert point.at is not None  # now has a name already
        return _moment(point.at)
    event = known[point.pk]
    return f"{_moment(event.at)}: {who(event)} {deed(event)} «{event.target_label}»"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min)
