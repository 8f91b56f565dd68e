"""Plans driven through random actions by random people, as they would do them: over the pages.

What each action may do, and what always holds, stands in ``living.py``. A second test goes one
whole round by the same actions, and the first counts how far it came: a machine that never gets
anywhere would prove nothing.
"""

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit.services import verify
from plans.document import read_plan
from plans.enums import ContributionState, PartKind, PlanState
from plans.models import BulkChange, Contribution, Measure, PartnerPlan, Proposal, Rollover, Thread
from plans.services.bulk import stamp
from plans.services.proposed import item_of
from plans.services.readiness import lacks_for
from plans.transitions import by_slug, from_state
from tests.factories.plans import area_of
from tests.plans.living import LATE, NEGOTIATING, PEOPLE, UNSIGNED, WRITABLE, Living
from tests.plans.test_transitions import TABLE

S = PlanState
WORDS = st.text("abcæøå -", min_size=1, max_size=12).map(str.strip).filter(bool)
# Those who get something done come oftener than those who are turned away.
ANYBODY = st.sampled_from([*PEOPLE, *["editor"] * 5, "adviser"])
ANSWERER = st.sampled_from([*PEOPLE, *["editor"] * len(PEOPLE)])
SENDER = st.sampled_from([*PEOPLE, *["contributor", "contact"] * 3])
WAYS = (
    *("innspelsrunde", "forhandling", "signering", "tilbake", "avslutt"),
    *("endring", "endring-signering", "endring-tilbake", "endring-forkast"),
)
PAGES = (
    "plan",
    "bench",
    "life",
    "lup_days",
    "plan_history",
    "table",
    "bulk_list",
    "view_list",
    "comments",
    "proposals",
    "contribution_inbox",
    "contribution_new",
    "presence",
    "own",
    "rollover",
    "municipalities",
    "amendment",
)
EDITOR = {"editor"}
# What happens in a whole round, and what of it chance must find too.
GOALS = (
    *(S.CONSULTATION, S.NEGOTIATION, S.FOR_SIGNATURE),
    *("returned", "overridden", "sent", "changed", "withdrawn", "accepted", "declined"),
    *("proposed", "taken", "refused", "resolved", "bulk", "undone", "restored"),
    *("rolled over", "adviser wrote", S.ACTIVE, S.AMENDING, "reasoned", "dropped"),
)
BY_CHANCE = {
    *(S.FOR_SIGNATURE, "returned", "overridden", "sent", "declined", "taken"),
    *(S.ACTIVE, S.AMENDING),
}


class Actions:
    """What people do with a plan, each as one request or a few; each says what must come of it."""

    def __init__(self, living: Living) -> None:
        self.living = living

    def press(self, who: str, way: str, reason: str) -> None:
        """Press a button of the plan's course, also one that isn't there for them."""
        living, transition = self.living, by_slug(way)
        assert transition is not None
        source, plan = living.state, living.plan
        there = source == transition.source and transition.suits(is_signed=plan.is_signed)
        may = there and who in TABLE[transition.source, transition.target]
        lacks = lacks_for(plan, read_plan(plan), transition.target) if there else ()
        ready = all(lack.overridable for lack in lacks) and bool(reason or not lacks)
        goes = may and ready and bool(reason or not transition.back)
        data = {"reason": reason, "override_reason": reason}
        writers = EDITOR if way == "endring-forkast" else set()
        status = living.post(who, "move", data, writers=writers, to=way)
        assert (status == 302) == goes, (who, way, status, lacks)
        assert (living.state == transition.target) == goes or not there

    def write_measure(self, who: str, place: int, title: str, responsible: str, days: str) -> None:
        """Write all of a measure."""
        living = self.living
        if not living.measures:
            return
        measure = living.measures[place % len(living.measures)]
        may = {"editor"} if living.state in WRITABLE else set()
        if living.state in NEGOTIATING and measure.responsible_kind == "LUP":
            may.add("adviser")
        data = measure_data(measure, title, responsible, days)
        status = living.post(who, "measure_edit", data, writers=may, key=measure.key)
        # A form that comes too late is kept as a draft, and changes nothing.
        late = living.state in LATE
        assert (status == 302) == (who in may) or late, (who, status)
        living.reached["adviser wrote"] += status == 302 and who == "adviser" and not late

    def add_measure(self, who: str, kind: PartKind, title: str) -> None:
        """Add a measure at the end of a part."""
        data = measure_data(None, title, "COUNTY", "0")
        area = area_of(self.living.plan, kind)
        status = self.living.post(who, "measure_new", data, writers=EDITOR, key=area.key)
        late = self.living.state in LATE
        assert (status == 302) == (who == "editor" and self.living.state in WRITABLE) or late

    def delete_measure(self, who: str, place: int) -> None:
        """Delete a measure."""
        measures = self.living.measures
        if measures:
            measure = measures[place % len(measures)]
            self.living.post(who, "measure_delete", {}, writers=EDITOR, key=measure.key)

    def restore_measure(self, who: str) -> None:
        """Bring back a measure that was deleted."""
        found = self.living.deleted_measure()
        if found is not None:
            self.living.post(who, "measure_restore", {"place": "0"}, writers=EDITOR, key=found.key)
            found.refresh_from_db()
            self.living.reached["restored"] += not found.is_deleted

    def write_texts(self, who: str, body: str) -> None:
        """Write every text that the plan opens with."""
        late = self.living.state in LATE
        for text in self.living.texts():
            kind = text.kind.lower().replace("_", "-")
            data = {"version": text.version, "body": body, "language": "nn"}
            status = self.living.post(who, "text_edit", data, writers=EDITOR, kind=kind)
            assert (status == 302) == (who == "editor" and self.living.state in WRITABLE) or late

    def send_input(self, who: str, title: str, behalf_of: str, send: bool) -> None:
        """Write input, and send it or keep it as a draft."""
        data = input_data(title, send) | {"sender": self.living.codes[behalf_of]}
        had = set(self.living.input)
        self.living.post(who, "contribution_new", data, writers=set())
        for key in set(self.living.input) - had:
            words, (state, _answer), owners = self.living.input[key]
            assert words[0] == title
            assert who in owners
            late = self.living.state == S.NEGOTIATION and who != "editor"
            assert (state == ContributionState.RECEIVED) == (send and not late)
            self.living.reached["sent"] += state == ContributionState.RECEIVED

    def change_input(self, who: str, title: str, place: int) -> None:
        """Write something else in input, whosever it is."""
        found = self._input(place)
        if found is not None:
            data = input_data(title, send=not found.is_draft) | {"version": found.version}
            self.living.post(who, "contribution_edit", data, writers=set(), key=found.key)
            found.refresh_from_db()
            self.living.reached["changed"] += found.title == title and not found.is_draft

    def withdraw_input(self, who: str, place: int) -> None:
        """Take back input, whosever it is."""
        found = self._input(place)
        if found is not None:
            # What the plan rests on it for goes with it.
            may = {"editor", "contributor", "contact"}
            self.living.post(who, "contribution_withdraw", {}, writers=may, key=found.key)
            was_sent = not found.is_draft
            found.refresh_from_db()
            self.living.reached["withdrawn"] += was_sent and found.is_draft

    def answer_input(self, who: str, yes: bool) -> None:
        """Answer the input that has waited longest: it became a measure, or not."""
        found, measures = self.living.waiting_input(), self.living.measures
        if found is None or not measures:
            return
        data = {
            "version": found.version,
            "decision": "ACCEPTED" if yes else "DECLINED",
            "answer": "Difor",
            "measure": str(measures[0].key) if yes else "",
            "extent": "WHOLE",
        }
        status = self.living.post(who, "contribution_answer", data, writers=EDITOR, key=found.key)
        assert (status == 302) == (who == "editor" and self.living.state in UNSIGNED)
        self.living.reached["accepted" if yes else "declined"] += status == 302

    def reconsider(self, who: str, place: int) -> None:
        """Take input under consideration, also once more after it was answered."""
        found = self._input(place)
        if found is not None:
            self.living.post(who, "contribution_consider", {}, writers=EDITOR, key=found.key)

    def comment(self, who: str, body: str, audience: str) -> None:
        """Open a thread about a measure."""
        measures = self.living.measures
        if not measures:
            return
        had = Thread.objects.count()
        data = {"body": body, "language": "nn", "audience": audience}
        self.living.post(who, "measure_thread_new", data, writers=set(), key=measures[0].key)
        if Thread.objects.count() > had:
            assert self.living.state in WRITABLE
            talkers = {"COUNTY": {"editor", "signatory"}}
            both = {"editor", "signatory", "adviser", "lup_signatory"}
            # The working copy of an amendment is not the municipalities' to see.
            contact = set() if self.living.is_working_copy else {"contact"}
            talkers |= {"PARTIES": both, "CONCERNED": both | contact}
            assert who in talkers[audience], (who, audience)

    def read_and_resolve(self, who: str, place: int) -> None:
        """Read a thread, and say that it is done with."""
        threads = list(Thread.objects.order_by("pk"))
        if not threads:
            return
        thread = threads[place % len(threads)]
        readers = {"COUNTY": {"editor", "signatory"}}
        both = {"editor", "signatory", "adviser", "lup_signatory"}
        contact = set() if self.living.is_working_copy else {"contact"}
        readers |= {"PARTIES": both, "CONCERNED": both | contact}
        seen = self.living.get(who, "thread", pk=thread.pk).status_code
        assert seen in (403, 404) or who in readers[thread.audience], (who, thread.audience)
        self.living.post(who, "thread_resolve", {}, writers=set(), pk=thread.pk)
        was_open = not thread.is_resolved
        thread.refresh_from_db()
        if was_open and thread.is_resolved:
            assert who == "editor" or thread.opened_by == self.living.people[who]
            assert self.living.state in WRITABLE
            self.living.reached["resolved"] += 1

    def propose(self, who: str, title: str, place: int) -> None:
        """Propose another title for a measure."""
        living = self.living
        if not living.measures:
            return
        measure = living.measures[place % len(living.measures)]
        had = set(Proposal.objects.values_list("pk", flat=True))
        data = measure_data(measure, title, "COUNTY", "1") | {"reason": "Betre slik"}
        living.post(who, "proposal_new", data, writers=set(), key=measure.key)
        if set(Proposal.objects.values_list("pk", flat=True)) - had:
            assert who == "adviser"
            assert saved_state(living) in NEGOTIATING
            assert measure.responsible_kind != "LUP"
            living.reached["proposed"] += 1

    def answer_proposal(self, who: str, yes: bool) -> None:
        """Take all of a proposed change, or decline it."""
        found = self.living.waiting_proposal()
        if found is None:
            return
        data = {f"item-{item_of(name)}": "take" for name in found.values}
        data |= {"version": str(found.measure.version), "answer": "Difor"}
        data["accept" if yes else "decline"] = "1"
        self.living.post(who, "proposal_answer", data, writers=EDITOR, pk=found.pk)
        found.refresh_from_db()
        if not found.is_open:
            assert who == "editor"
            self.living.reached["taken" if yes else "refused"] += 1

    def set_capacity(self, who: str, days: str) -> None:
        """Say how many days LUP has in each quarter."""
        page = self.living.get(who, "lup_days_edit")
        version = page.context["form"]["version"].value() if page.status_code == 200 else ""
        data = {"version": version or "", **{f"days_q{q}": days for q in range(1, 5)}}
        status = self.living.post(who, "lup_days_edit", data, writers=set())
        assert (status == 302) == (who == "adviser" and self.living.knows(who))

    def change_many(self, who: str, status: str, undo: bool) -> None:
        """Set the status of all measures at once, or their responsible; and undo it."""
        living = self.living
        what = {"what": "STATUS", "status": status}
        if status == "STOPPED":
            what = {"what": "RESPONSIBLE", "responsible": "COUNTY"}
        marks = json.dumps({str(measure.key): stamp(measure) for measure in living.measures})
        had = BulkChange.objects.count()
        writers = EDITOR if what["what"] == "RESPONSIBLE" else set()
        living.post(who, "bulk", {**what, "steg": "gjer", "merke": marks}, writers=writers)
        if BulkChange.objects.count() > had:
            in_force = (S.ACTIVE, S.AMENDING)
            assert who == "editor" or (who == "adviser" and living.state in in_force)
            assert living.state in (*WRITABLE, S.ACTIVE)
            assert living.state in WRITABLE or what["what"] == "STATUS"
            living.reached["bulk"] += 1
        change = BulkChange.objects.filter(undone_at=None).first()
        if undo and change is not None:
            writers = EDITOR if change.what != "STATUS" else set()
            living.post(who, "bulk_undo", {}, writers=writers, key=change.key)
            change.refresh_from_db()
            living.reached["undone"] += change.undone_at is not None

    def roll_over(self, who: str, decision: str, confirm: bool) -> None:
        """Decide the same about every measure, and make the next year's plan of it."""
        living = self.living
        may = who == "editor" and living.state not in (S.DRAFT, S.CONSULTATION)
        status = living.post(who, "rollover", {}, writers=set())
        assert (status == 302) == may
        keys = [str(measure.key) for measure in living.measures]
        data = {"decision": decision, "reason": "Difor", "measures": keys}
        living.post(who, "rollover_several", data, writers=set())
        page = living.get(who, "rollover_summary")
        found = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
        if confirm:
            data = {"seen": found[1] if found else ""}
            had = PartnerPlan.objects.count()
            living.post(who, "rollover_summary", data, writers=set())
            if PartnerPlan.objects.count() > had:
                assert may
                self._new_plan_is_the_countys()

    def look(self, who: str, page: str) -> None:
        """Open a page; what one may not know of isn't there."""
        self.living.get(who, page)

    def put_in_order(self, who: str, answers: bool = True) -> None:
        """Write all that is missing, as one does before signing, and give all ``answers``."""
        living = self.living
        self.write_texts(who, "Ferdig")
        for kind in PartKind:
            if not any(measure.part.kind == kind for measure in living.measures):
                self.add_measure(who, kind, "Nytt")
        for place in range(len(living.measures)):
            self.write_measure(who, place, "Ferdig", "LUP" if place % 2 else "COUNTY", "2")
        if not answers:
            return
        for _each in range(Contribution.objects.count()):
            self.answer_input(who, yes=False)
        for _each in range(Proposal.objects.count()):
            self.answer_proposal(who, yes=False)

    def go_on(self, who: str) -> None:
        """Press the first button that the page has, with a reason."""
        is_signed = self.living.in_force is not None
        ways = [w for w in from_state(self.living.state) if w.suits(is_signed=is_signed)]
        if ways:
            self.press(who, ways[0].slug, "Difor")

    def give_reasons(self, who: str) -> None:
        """Say why each change of the amendment is made, as far as one may."""
        page = self.living.get(who, "amendment")
        changes = page.context["changes"] if page.status_code == 200 else ()
        for change in changes:
            data = {"version": change.reason.version if change.reason else "1", "language": "nn"}
            where = {"kind": change.item.kind.lower(), "key": change.item.key or "plan"}
            where["key"] = where["key"].lower().replace("_", "-")
            data |= {"text": f"Difor {who}"}
            status = self.living.post(who, "amendment_reason", data, writers=set(), **where)
            may = who == "editor" and self.living.state == S.AMENDING
            assert (status == 302) == may or self.living.state in LATE
            self.living.reached["reasoned"] += may

    def sign(self) -> None:
        """Let both parties sign."""
        self.living.sign()

    def _input(self, place: int) -> Contribution | None:
        found = list(Contribution.objects.order_by("pk"))
        return found[place % len(found)] if found else None

    def _new_plan_is_the_countys(self) -> None:
        """A plan that was carried on is a draft of the county's own, whoever knew of the old."""
        plan = PartnerPlan.objects.with_parties().get(year=self.living.plan.year + 1)
        assert plan.state == S.DRAFT
        assert Rollover.objects.filter(result=plan).count() == 1
        for name, browser in self.living.browsers.items():
            for page in ("", "gang/", "tabell/"):
                status = browser.get(f"/arbeid/fjordane/{plan.year}/{page}").status_code
                assert (status == 200) == (name in {"editor", "signatory"}), (name, page)
        self.living.reached["rolled over"] += 1


class Life(RuleBasedStateMachine):
    """The actions in any order, by anybody."""

    reached: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.living = Living(self.reached)
        self.act = Actions(self.living)

    def teardown(self) -> None:
        """Leave the database as it was."""
        verify()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(far=st.integers(0, 5), yes=st.booleans())
    def begin(self, far: int, yes: bool) -> None:
        """Begin where something is to be done: most of a plan's life isn't its beginning."""
        if far:
            self.act.go_on("editor")
            for sender in ("contributor", "contact"):
                self.act.send_input(sender, "Innspel", sender, send=True)
        if far > 1:
            self.act.go_on("editor")
            self.act.propose("adviser", "Slik", 0)
            self.act.answer_proposal("editor", yes)
            self.act.propose("adviser", "Nei, slik", 1)
        if far > 2:
            self.act.put_in_order("editor")
            self.act.go_on("editor")
        if far > 3 and self.living.state == S.FOR_SIGNATURE:
            self.act.sign()
            self.act.go_on("editor")

    @rule(who=ANYBODY, way=st.sampled_from(WAYS), reason=st.sampled_from(["", " ", "Difor"]))
    def press(self, who: str, way: str, reason: str) -> None:
        self.act.press(who, way, reason.strip())

    @rule(who=ANYBODY)
    def go_on(self, who: str) -> None:
        self.act.go_on(who)

    @precondition(lambda self: self.living.state == S.NEGOTIATION)
    @rule(who=ANSWERER, answers=st.booleans())
    def put_in_order_and_go_on(self, who: str, answers: bool) -> None:
        self.act.put_in_order(who, answers)
        self.act.go_on(who)

    @precondition(lambda self: self.living.state == S.FOR_SIGNATURE)
    @rule()
    def sign(self) -> None:
        self.act.sign()

    @precondition(lambda self: self.living.state == S.AMENDING)
    @rule(who=ANSWERER, send=st.booleans())
    def give_reasons_and_go_on(self, who: str, send: bool) -> None:
        self.act.give_reasons(who)
        if send:
            self.act.put_in_order(who)
            self.act.give_reasons(who)
            self.act.go_on(who)

    @rule(
        who=ANYBODY,
        place=st.integers(0, 9),
        title=WORDS,
        responsible=st.sampled_from(["LUP", "COUNTY", ""]),
        days=st.sampled_from(["0", "2.5", "30"]),
    )
    def write_measure(self, **given: Any) -> None:
        self.act.write_measure(**given)

    @rule(who=ANYBODY, kind=st.sampled_from(PartKind), title=WORDS)
    def add_measure(self, **given: Any) -> None:
        self.act.add_measure(**given)

    @rule(who=ANYBODY, place=st.integers(0, 9))
    def delete_measure(self, **given: Any) -> None:
        self.act.delete_measure(**given)

    @precondition(lambda self: self.living.deleted_measure() is not None)
    @rule(who=ANYBODY)
    def restore_measure(self, who: str) -> None:
        self.act.restore_measure(who)

    @rule(who=ANYBODY, body=WORDS)
    def write_texts(self, who: str, body: str) -> None:
        self.act.write_texts(who, body)

    @rule(
        who=SENDER, title=WORDS, of=st.sampled_from(["contributor", "contact"]), send=st.booleans()
    )
    def send_input(self, who: str, title: str, of: str, send: bool) -> None:
        self.act.send_input(who, title, who if who in self.living.codes else of, send)

    @rule(who=SENDER, title=WORDS, place=st.integers(0, 9))
    def change_input(self, **given: Any) -> None:
        self.act.change_input(**given)

    @rule(who=SENDER, place=st.integers(0, 9))
    def withdraw_input(self, **given: Any) -> None:
        self.act.withdraw_input(**given)

    @precondition(lambda self: self.living.waiting_input() is not None)
    @rule(who=ANSWERER, yes=st.booleans())
    def answer_input(self, **given: Any) -> None:
        self.act.answer_input(**given)

    @rule(who=ANSWERER, place=st.integers(0, 9))
    def reconsider(self, **given: Any) -> None:
        self.act.reconsider(**given)

    @rule(who=ANYBODY, body=WORDS, audience=st.sampled_from(["COUNTY", "PARTIES", "CONCERNED"]))
    def comment(self, **given: Any) -> None:
        self.act.comment(**given)

    @rule(who=ANSWERER, place=st.integers(0, 9))
    def read_and_resolve(self, **given: Any) -> None:
        self.act.read_and_resolve(**given)

    @rule(
        who=st.sampled_from([*PEOPLE, *["adviser"] * len(PEOPLE)]),
        title=WORDS,
        place=st.integers(0, 9),
    )
    def propose(self, **given: Any) -> None:
        self.act.propose(**given)

    @precondition(lambda self: self.living.waiting_proposal() is not None)
    @rule(who=ANSWERER, yes=st.booleans())
    def answer_proposal(self, **given: Any) -> None:
        self.act.answer_proposal(**given)

    @rule(who=ANYBODY, days=st.sampled_from(["0", "1", "20"]))
    def set_capacity(self, **given: Any) -> None:
        self.act.set_capacity(**given)

    @rule(who=ANYBODY, status=st.sampled_from(["DONE", "PLANNED", "STOPPED"]), undo=st.booleans())
    def change_many(self, **given: Any) -> None:
        self.act.change_many(**given)

    @rule(
        who=ANYBODY,
        decision=st.sampled_from(["CONTINUE", "CHANGE", "POSTPONE", "END"]),
        confirm=st.booleans(),
    )
    def roll_over(self, **given: Any) -> None:
        self.act.roll_over(**given)

    @rule(who=st.sampled_from(PEOPLE), page=st.sampled_from(PAGES))
    def look(self, who: str, page: str) -> None:
        self.act.look(who, page)

    @invariant()
    def what_always_holds(self) -> None:
        self.living.check_always()

    @precondition(lambda self: self.living.state == S.FOR_SIGNATURE)
    @invariant()
    def the_log_is_whole(self) -> None:
        verify()


def measure_data(
    measure: Measure | None, title: str, responsible: str, days: str
) -> dict[str, Any]:
    """Return the form of a measure of which nothing is missing, but who answers for it."""
    return {
        "version": measure.version if measure else "",
        "title": title,
        "kind": "COURSE",
        "description": title,
        "purpose": title,
        "expected_result": title,
        "language": "nn",
        "responsible": responsible,
        "target_groups": ["COUNTY"],
        "municipality_scope": "ALL",
        "period_unit": "QUARTERS",
        "first_quarter": "1",
        "last_quarter": "2",
        **{f"lup_days_q{quarter}": days for quarter in range(1, 5)},
    }


def input_data(title: str, send: bool) -> dict[str, Any]:
    """Return the form of input, sent or kept as a draft."""
    words = dict.fromkeys(("title", "area", "need", "benefit", "participants"), title)
    return {**words, "language": "nn", **({"send": "1"} if send else {})}


def saved_state(living: Living) -> str:
    """Return the plan's state as it is saved."""
    return living.plan.state


@pytest.mark.django_db
def test_a_whole_round_by_these_actions() -> None:
    """The way that the machine has to find by chance, so that every action is known to work."""
    reached: Counter[str] = Counter()
    living = Living(reached)
    act = Actions(living)
    act.go_on("editor")
    for place, sender in enumerate(("contributor", "contact", "contributor")):
        act.send_input(sender, f"Innspel {place}", sender, send=True)
    act.change_input("contributor", "Endra", 0)
    act.withdraw_input("contributor", 2)
    act.answer_input("editor", yes=True)
    act.answer_input("editor", yes=False)
    act.go_on("editor")
    act.write_measure("editor", 0, "Felles", "LUP", "2.5")
    act.write_measure("adviser", 0, "Skrive av LUP", "LUP", "2.5")
    for yes in (True, False):
        act.propose("adviser", f"Slik {yes}", 1)
        act.answer_proposal("editor", yes=yes)
    act.comment("adviser", "Når?", "PARTIES")
    act.read_and_resolve("editor", 0)
    act.set_capacity("adviser", "1")
    act.change_many("editor", "DONE", undo=True)
    act.delete_measure("editor", 0)
    act.restore_measure("editor")
    act.put_in_order("editor")
    act.press("editor", "signering", "")  # over-booked, and no reason why that is all right
    assert saved_state(living) == S.NEGOTIATION
    act.send_input("editor", "På vegner av", "contact", send=True)
    act.go_on("editor")  # that has no answer, and no reason is good enough
    assert saved_state(living) == S.NEGOTIATION
    act.answer_input("editor", yes=False)
    act.propose("adviser", "Ein gong til", 0)
    act.go_on("editor")
    assert saved_state(living) == S.NEGOTIATION
    act.answer_proposal("editor", yes=False)
    act.go_on("editor")
    assert saved_state(living) == S.FOR_SIGNATURE
    act.roll_over("editor", "CONTINUE", confirm=True)
    act.press("lup_signatory", "tilbake", "")
    act.press("signatory", "tilbake", "Feil tal")
    act.go_on("editor")
    act.press("editor", "tilbake", "Feil namn")
    assert saved_state(living) == S.NEGOTIATION
    living.check_always()
    act.go_on("editor")
    act.sign()
    act.write_measure("editor", 0, "For seint", "LUP", "2")
    amend_twice(act)
    verify()
    assert {goal for goal in GOALS if not reached[goal]} == set()


def amend_twice(act: Actions) -> None:
    """Amend a signed plan, returned once on the way, and drop another amendment of it."""
    living = act.living
    act.go_on("editor")
    assert saved_state(living) == S.AMENDING
    act.go_on("editor")  # nothing is changed
    act.write_measure("adviser", 1, "Skrive av LUP", "LUP", "2")
    act.write_measure("editor", 0, "Endra", "COUNTY", "2")
    act.add_measure("editor", PartKind.COUNTY, "Nytt")
    act.put_in_order("editor")
    act.go_on("editor")  # no reason is given
    assert saved_state(living) == S.AMENDING
    for who in ("adviser", "editor"):
        act.give_reasons(who)
    act.go_on("editor")
    act.press("signatory", "tilbake", "Feil tal")
    act.press("signatory", "endring-tilbake", "Feil tal")
    assert saved_state(living) == S.AMENDING
    act.go_on("editor")
    act.sign()
    living.check_always()
    act.go_on("editor")
    act.write_measure("editor", 0, "Angra", "COUNTY", "2")
    act.delete_measure("editor", 1)
    act.press("editor", "endring-forkast", "")
    act.press("editor", "endring-forkast", "Vart ikkje samde")
    assert saved_state(living) == S.ACTIVE
    living.check_always()


@pytest.mark.django_db
def test_plans_live_as_the_rules_say() -> None:
    """On PostgreSQL, where each request takes longer, fewer lives are lived."""
    many = connection.vendor == "sqlite"
    Life.reached.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=10 if many else 5,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            # Phase.shrink finds the shortest way to a fault, but takes minutes to do it.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    verify()
    if many:
        assert {goal for goal in BY_CHANCE if not Life.reached[goal]} == set(), Life.reached
