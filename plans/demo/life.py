"""What has been said about an example plan so far, said through the services by its demo users."""

import tomllib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounts.models import User
from municipalities.models import Municipality, ProcurementCooperation, WorkingGroup
from plans.demo.content import given_values
from plans.demo.users import DOMAIN
from plans.enums import Audience, PlanState, UseExtent
from plans.models import Contribution, FocusArea, Measure, PartnerPlan
from plans.models.round import Party
from plans.services.answers import answer_contribution, connect_area, connect_measure, consider
from plans.services.capacity import set_capacity
from plans.services.comments import answer_thread, open_thread, resolve_thread
from plans.services.contributions import add_contribution, send_contribution
from plans.services.proposals import decline_proposal, make_proposal
from plans.services.rounds import save_round, today
from plans.services.transitions import move_plan

FILE = Path(__file__).with_name("life_2022.toml")

Users = dict[str, User]


def live_through(plan: PartnerPlan, users: Users) -> PartnerPlan:
    """Take the plan from draft to negotiation, with input, answers, comments, proposed changes and
    LUP's days; return it as it is then.

    ``users`` are the demo users by address. The round closes today: the services take no input
    after its last day, whatever year the plan is for.
    """
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    editor = users[f"fylkesredaktor@{DOMAIN}"]
    _set_round(plan, content["round"], editor)
    plan = move_plan(plan=plan, to=PlanState.CONSULTATION, by=editor)
    for draft in content["drafts"]:
        _write(plan, draft, users)
    contributions = [(_send(plan, given, users), given) for given in content["contributions"]]
    plan = move_plan(
        plan=plan,
        to=PlanState.NEGOTIATION,
        by=editor,
        override_reason="Alle som vart inviterte, har svart.",
    )
    for contribution, given in contributions:
        _answer(plan, contribution, given, editor)
    _set_capacity(plan, content["capacity"]["days"], users)
    for thread in content["threads"]:
        _talk(plan, thread, users)
    for proposal in content["proposals"]:
        _propose(plan, proposal, users)
    return plan


def party(code: str) -> Party:
    """Return the party that a code such as ``COOPERATION:nii`` or ``MUNICIPALITY:1506`` names."""
    kind, _colon, key = code.partition(":")
    if kind == "MUNICIPALITY":
        return Municipality.objects.get(number=key)
    if kind == "COOPERATION":
        return ProcurementCooperation.objects.get(key=key)
    return WorkingGroup.objects.get(key=key)


def measure_numbered(plan: PartnerPlan, number: str) -> Measure:
    """Return the plan's measure with that number."""
    found = Measure.objects.in_plan(plan.pk).select_related("part__plan", "focus_area")
    return next(measure for measure in found if measure.number == number)


def _set_round(plan: PartnerPlan, content: dict[str, Any], editor: User) -> None:
    codes = [
        *(f"COOPERATION:{key}" for key in content["cooperations"]),
        *(f"WORKING_GROUP:{key}" for key in content["working_groups"]),
        *(f"MUNICIPALITY:{number}" for number in content["municipalities"]),
    ]
    values = {"closes_on": today() + timedelta(days=1), "message": content["message"]}
    invited = [party(code) for code in codes]
    save_round(plan=plan, values=values, invited=invited, expected_version=1, by=editor)


def _write(plan: PartnerPlan, content: dict[str, Any], users: Users) -> Contribution:
    """Write an input as a draft: by its sender's own demo user, or by the editor for them."""
    sender = party(content["sender"])
    editor = users[f"fylkesredaktor@{DOMAIN}"]
    by = next((user for user in users.values() if _speaks_for(user, sender)), editor)
    names = ("title", "area", "need", "benefit", "participants")
    return add_contribution(
        plan=plan,
        sender=sender,
        values={name: content.get(name, "") for name in names},
        by=by,
        on_behalf=by == editor,
    )


def _speaks_for(user: User, sender: Party) -> bool:
    return any(role.organisation == sender for role in user.roles if role.county is None)


def _send(plan: PartnerPlan, content: dict[str, Any], users: Users) -> Contribution:
    contribution = _write(plan, content, users)
    assert contribution.written_by is not None
    return send_contribution(contribution=contribution, by=contribution.written_by)


def _answer(
    plan: PartnerPlan, contribution: Contribution, content: dict[str, Any], editor: User
) -> None:
    if content.get("under_consideration"):
        consider(contribution=contribution, by=editor)
    for use in content.get("uses", ()):
        connect_measure(
            contribution=contribution,
            measure=measure_numbered(plan, use["measure"]),
            extent=UseExtent.WHOLE if use["whole"] else UseExtent.PART,
            by=editor,
        )
    for title in content.get("focus_areas", ()):
        area = FocusArea.objects.get(part__plan=plan, title=title)
        connect_area(contribution=contribution, focus_area=area, by=editor)
    declined = content.get("declined", "")
    answer = declined or content.get("answer", "")
    if answer:
        contribution.refresh_from_db()
        answer_contribution(
            contribution=contribution,
            accepted=not declined,
            answer=answer,
            expected_version=contribution.version,
            by=editor,
        )


def _set_capacity(plan: PartnerPlan, days: list[float], users: Users) -> None:
    values = {f"days_q{quarter}": Decimal(str(number)) for quarter, number in enumerate(days, 1)}
    set_capacity(plan=plan, values=values, expected_version=0, by=users[f"lup-radgjevar@{DOMAIN}"])


def _talk(plan: PartnerPlan, content: dict[str, Any], users: Users) -> None:
    first, *answers = content["comments"]
    part = (
        plan.parts.get(kind=("COUNTY", "MUNICIPALITIES")[content["part"] - 1])
        if ("part" in content)
        else None
    )
    thread = open_thread(
        plan=plan,
        part=part,
        measure=measure_numbered(plan, content["measure"]) if "measure" in content else None,
        audience=Audience.CONCERNED if content.get("municipalities") else Audience.PARTIES,
        body=first["body"],
        by=users[f"{first['by']}@{DOMAIN}"],
    )
    for answer in answers:
        answer_thread(thread=thread, body=answer["body"], by=users[f"{answer['by']}@{DOMAIN}"])
    if "resolved_by" in content:
        resolve_thread(thread=thread, by=users[f"{content['resolved_by']}@{DOMAIN}"])


def _propose(plan: PartnerPlan, content: dict[str, Any], users: Users) -> None:
    measure = measure_numbered(plan, content["measure"])
    proposal = make_proposal(
        measure=measure,
        values=given_values(content["values"], plan.year),
        reason=content["reason"],
        expected_version=measure.version,
        by=users[f"lup-radgjevar@{DOMAIN}"],
    )
    if "declined" in content:
        decline_proposal(
            proposal=proposal,
            answer=content["declined"],
            by=users[f"fylkesredaktor@{DOMAIN}"],
        )
