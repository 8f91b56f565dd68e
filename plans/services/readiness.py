"""What must hold before a plan goes on: for each way of the table, what is still missing.

A check is a function in ``CHECKS``; another one is one more name there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plans.capacity import quarters
from plans.completeness import missing
from plans.document import ReadPlan, amended
from plans.document.words import shown_days
from plans.enums import MeasureStatus, PartKind, PlanState, TextKind
from plans.models import PartnerPlan
from plans.models.standing import Standing, standing_of
from plans.services import rounds, versions
from plans.services.amendments import signed_document
from plans.urls_for import (
    amendment_reason_url,
    amendment_url,
    bench_url,
    capacity_url,
    comments_url,
    inbox_url,
    measure_edit_url,
    proposals_url,
    round_url,
    text_edit_url,
    text_url,
)


@dataclass(frozen=True)
class Lack:
    """Something that must be there first.

    ``text`` says it in the language of the screen. ``url`` leads to where it is put right and
    ``seen_url`` to where those who may not write see it. What is ``overridable`` the editor may
    leave as it is, with a reason.
    """

    text: str
    url: str
    seen_url: str
    overridable: bool = False


Check = Callable[[PartnerPlan, ReadPlan], Iterable[Lack]]


def lacks_for(plan: PartnerPlan, read: ReadPlan, to: str) -> tuple[Lack, ...]:
    """Return what is missing before the plan can go from where it is to ``to``.

    ``plan`` comes with its parties, ``read`` is what its rows say now. Each check takes a fixed
    number of queries, two at most.
    """
    checks = CHECKS[PlanState(plan.state), PlanState(to)]
    return tuple(lack for check in checks for lack in check(plan, read))


def has_title(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a title."""
    if not plan.title.strip():
        yield _lack(plan, _("The plan has no title."))


def has_focus_areas(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a focus area in each part."""
    for part in read.document.parts:
        if not part.focus_areas:
            number = PartKind(part.kind).number
            text = _("Part %(number)s has no focus area.") % {"number": number}
            yield _lack(plan, text, f"#del-{number}")


def has_measures(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a measure in each part."""
    for part in read.document.parts:
        if not part.measures:
            number = PartKind(part.kind).number
            text = _("Part %(number)s has no measure.") % {"number": number}
            yield _lack(plan, text, f"#del-{number}")


def is_complete(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for every text and for all that a measure commits to; one line for each measure."""
    to_rewrite = {key for key, row in read.rows.items() if row.rewrite_note}
    found = missing(read.document, to_rewrite=to_rewrite)
    for lack in found:
        if lack.text_kind:
            text = _("The text “%(text)s” isn't written.") % {
                "text": TextKind(lack.text_kind).label
            }
            yield Lack(
                text, text_edit_url(plan, lack.text_kind), seen_url=text_url(plan, lack.text_kind)
            )
    of_measures = ((lack.measure, lack.what) for lack in found if lack.measure is not None)
    for measure, lacks in groupby(of_measures, key=lambda lack: lack[0]):
        text = _("Measure %(number)s “%(title)s” lacks: %(what)s.") % {
            "number": measure.number,
            "title": measure.title,
            "what": ", ".join(str(what) for _measure, what in lacks),
        }
        yield Lack(
            text,
            measure_edit_url(plan, measure.key),
            seen_url=f"{bench_url(plan)}#measure-{measure.key}",
        )


def has_round(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a day until which input can be sent, and for somebody who is asked. Two queries."""
    url = round_url(plan)
    for what in rounds.round_lacks(plan):
        yield Lack(str(what), url, seen_url=inbox_url(plan))


def round_is_over(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask that the last day for input has passed; the editor may end it before. One query."""
    round_ = rounds.round_of(plan)
    if round_ is not None and round_.is_open_on(rounds.today()):
        assert round_.closes_on is not None  # it would be open on no day
        text = _("Input can still be sent until %(day)s.") % {"day": date_format(round_.closes_on)}
        yield Lack(text, round_url(plan), seen_url=inbox_url(plan), overridable=True)


def nothing_stands_open(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask that all input and every proposed change has got its answer, that LUP has the days that
    the measures book, and that nobody waits in a thread of comments. One query."""
    yield from _open(plan, read, standing_of(plan))


def amendment_is_ready(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a changed commitment and for the reason of each, and that nothing stands open. Input
    isn't: it was answered before the plan was signed. Two queries, one where ``plan`` came with its
    version in force."""
    standing = standing_of(plan)
    url = amendment_url(plan)
    found = amended(signed_document(plan), read.document).items
    if not found:
        yield Lack(_("No commitment is changed: there is nothing to sign."), url, seen_url=url)
    for item in found:
        if (item.kind, item.key) not in standing.reasoned:
            text = _("The change of “%(what)s” has no reason.") % {
                "what": f"{item.number} {item.title}".strip()
            }
            yield Lack(text, amendment_reason_url(plan, item.kind, item.key), seen_url=url)
    yield from _open(plan, read, replace(standing, unanswered=0))


def _open(plan: PartnerPlan, read: ReadPlan, standing: Standing) -> Iterator[Lack]:
    if standing.unanswered:
        text = ngettext(
            "%(number)s input has no answer.",
            "%(number)s inputs have no answer.",
            standing.unanswered,
        )
        url = f"{inbox_url(plan)}?tilstand=UNANSWERED"
        yield Lack(text % {"number": standing.unanswered}, url, seen_url=url)
    if standing.proposals:
        text = ngettext(
            "%(number)s proposed change has no answer.",
            "%(number)s proposed changes have no answer.",
            standing.proposals,
        )
        url = proposals_url(plan)
        yield Lack(text % {"number": standing.proposals}, url, seen_url=url)
    yield from _fits_capacity(plan, read, standing)
    if standing.threads:
        text = ngettext(
            "%(number)s thread of comments isn't resolved.",
            "%(number)s threads of comments aren't resolved.",
            standing.threads,
        )
        url = comments_url(plan)
        yield Lack(text % {"number": standing.threads}, url, seen_url=url, overridable=True)


def _fits_capacity(plan: PartnerPlan, read: ReadPlan, standing: Standing) -> Iterator[Lack]:
    url, capacity = capacity_url(plan), standing.capacity
    if capacity is None:
        text = _("LUP has not said how many days it has.")
        yield Lack(text, url, seen_url=url, overridable=True)
    for quarter in quarters(read.document, capacity):
        if quarter.over:
            text = _(
                "Quarter %(quarter)s is over-booked: the measures take %(booked)s of LUP's "
                "%(available)s days."
            ) % {
                "quarter": quarter.number,
                "booked": shown_days(quarter.booked),
                "available": shown_days(quarter.available or Decimal(0)),
            }
            yield Lack(text, url, seen_url=url, overridable=True)


def is_signed_by_both(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for both signatures. Two queries."""
    version = versions.waiting(plan)
    if version is None or versions.missing_signatures(version):
        yield _lack(plan, _("The county and LUP have to sign the plan first."))


def has_signed_version(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask for a signed version to amend."""
    if plan.in_force_id is None:
        yield _lack(plan, _("An amendment starts from a signed version; this plan has none."))


def is_year_over(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask that the plan's year is over."""
    if timezone.localdate() < date(plan.year + 1, 1, 1):
        yield _lack(plan, _("The plan's year, %(year)s, isn't over.") % {"year": plan.year})


def has_ended_measures(plan: PartnerPlan, read: ReadPlan) -> Iterator[Lack]:
    """Ask that every measure is done or stopped."""
    for measure in read.document.measures:
        status = MeasureStatus(read.progress.status[measure.key])
        if status not in (MeasureStatus.DONE, MeasureStatus.STOPPED):
            text = _("Measure %(number)s “%(title)s” is neither done nor stopped: %(status)s.") % {
                "number": measure.number,
                "title": measure.title,
                "status": status.label,
            }
            yield _lack(plan, text, f"#measure-{measure.key}")


_TO_SIGNATURE: tuple[Check, ...] = (is_complete, has_measures)

CHECKS: dict[tuple[PlanState, PlanState], tuple[Check, ...]] = {
    (PlanState.DRAFT, PlanState.CONSULTATION): (has_title, has_focus_areas, has_round),
    (PlanState.CONSULTATION, PlanState.NEGOTIATION): (round_is_over,),
    (PlanState.NEGOTIATION, PlanState.FOR_SIGNATURE): (*_TO_SIGNATURE, nothing_stands_open),
    (PlanState.FOR_SIGNATURE, PlanState.NEGOTIATION): (),
    (PlanState.FOR_SIGNATURE, PlanState.ACTIVE): (is_signed_by_both,),
    (PlanState.ACTIVE, PlanState.AMENDING): (has_signed_version,),
    (PlanState.AMENDING, PlanState.FOR_SIGNATURE): (*_TO_SIGNATURE, amendment_is_ready),
    (PlanState.FOR_SIGNATURE, PlanState.AMENDING): (),
    (PlanState.AMENDING, PlanState.ACTIVE): (),
    (PlanState.ACTIVE, PlanState.CLOSED): (is_year_over, has_ended_measures),
}


def _lack(plan: PartnerPlan, text: str, anchor: str = "") -> Lack:
    """Return a lack that is seen and put right on the workbench."""
    url = f"{bench_url(plan)}{anchor}"
    return Lack(text, url, seen_url=url)
