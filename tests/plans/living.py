"""One plan and its people, for tests that drive it over the pages: what each request may do.

Whatever somebody sends, ``Living.post`` and ``Living.get`` hold the plan against the tables of
docs/modell.md once more, written by hand: who may move it, who writes its commitments and when,
whose words input is, and that the log tells of every change.
"""

from collections import Counter
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from municipalities.models import ProcurementCooperation
from plans.document import PlanDocument, from_json, read_plan
from plans.enums import ContributionState, PlanState
from plans.models import Contribution, Measure, PartnerPlan, PlanText, PlanVersion, Proposal
from plans.services.rounds import save_round, today
from plans.services.transitions import move_plan
from plans.services.versions import waiting
from tests.factories.accounts import user_with
from tests.factories.municipalities import CountyFactory, MunicipalityFactory
from tests.factories.municipalities import ProcurementCooperationFactory as CooperationFactory
from tests.factories.plans import make_plan
from tests.factories.versions import sign_both
from tests.plans.test_transitions import TABLE

S = PlanState
UNSIGNED = (S.DRAFT, S.CONSULTATION, S.NEGOTIATION)
WRITABLE = (*UNSIGNED, S.AMENDING)
NEGOTIATING = (S.NEGOTIATION, S.AMENDING)
# A form that is sent then is kept for its writer, and saves nothing.
LATE = (S.FOR_SIGNATURE, S.ACTIVE)
BACK = {(S.FOR_SIGNATURE, S.NEGOTIATION), (S.FOR_SIGNATURE, S.AMENDING), (S.AMENDING, S.ACTIVE)}
ANSWERED = (ContributionState.ACCEPTED, ContributionState.DECLINED)
PEOPLE = (
    "editor",
    "signatory",
    "adviser",
    "lup_signatory",
    "contributor",
    "contact",
    "foreign_contributor",
    "outsider",
)
# To these an unsigned plan never exists; to those of the county it always does.
STRANGERS = {"foreign_contributor", "outsider"}
COUNTY = {"editor", "signatory"}
ANSWERS = (200, 302, 403, 404, 409, 422)
# Which events tell of a change of which commitment.
TOLD_BY = {
    "title": {"plan"},
    "text": {"text"},
    "part": {"part"},
    "area": {"focus_area"},
    "measure": {"measure"},
    "order": {"measure"},
    "rests": {"contribution", "measure"},  # a measure that is deleted rests on nothing
}
Snapshot = dict[tuple[str, ...], Any]


class Living:
    """A plan in the draft state with a measure in each part, and a browser for each person.

    ``reached`` counts what has happened to it, by a name of the tests' own.
    """

    def __init__(self, reached: Counter[str]) -> None:
        self.reached = reached
        county = CountyFactory.create(name="Fjordane", slug="fjordane")
        town = MunicipalityFactory.create(county=county)
        self.cooperation: ProcurementCooperation = CooperationFactory.create(county=county)
        other = CooperationFactory.create(county=CountyFactory.create())
        self.people: dict[str, User] = {
            "editor": user_with(Role.COUNTY_EDITOR, county=county),
            "signatory": user_with(Role.COUNTY_SIGNATORY, county=county),
            "adviser": user_with(Role.LUP_ADVISER),
            "lup_signatory": user_with(Role.LUP_SIGNATORY),
            "contributor": user_with(Role.CONTRIBUTOR, cooperation=self.cooperation),
            "contact": user_with(Role.MUNICIPAL_CONTACT, municipality=town),
            "foreign_contributor": user_with(Role.CONTRIBUTOR, cooperation=other),
            "outsider": user_with(Role.COUNTY_EDITOR, county=CountyFactory.create()),
        }
        self.browsers: dict[str, Client] = {}
        for name, user in self.people.items():
            self.browsers[name] = Client()
            self.browsers[name].force_login(user)
        self.codes = {
            "contributor": f"COOPERATION:{self.cooperation.key}",
            "contact": f"MUNICIPALITY:{town.number}",
        }
        made = make_plan(county=county, measures=1)
        save_round(
            plan=made,
            values={"closes_on": today().replace(year=today().year + 1, day=1), "message": ""},
            invited=[self.cooperation, town],
            expected_version=1,
            by=self.people["editor"],
        )
        self.plan_id = made.pk
        self.state = S.DRAFT
        self.commitments = commitments(made)
        self.input = said()
        self.last_event = newest_event()
        self.moves = 0
        # What everybody reads, once it is signed.
        self.in_force: Snapshot | None = None

    @property
    def plan(self) -> PartnerPlan:
        """The plan as it is now."""
        return PartnerPlan.objects.with_parties().get(pk=self.plan_id)

    @property
    def measures(self) -> list[Measure]:
        """The measures that stand in the plan, by their numbers."""
        return list(
            Measure.objects.in_plan(self.plan_id)
            .select_related("part")
            .order_by("part__kind", "position")
        )

    def waiting_input(self) -> Contribution | None:
        """The oldest input that waits for an answer."""
        return Contribution.objects.unanswered(self.plan).first()

    def deleted_measure(self) -> Measure | None:
        """A measure that was deleted and can be brought back."""
        return Measure.objects.filter(part__plan=self.plan_id, position=None).first()

    def texts(self) -> list[PlanText]:
        """The texts that the plan opens with."""
        return list(PlanText.objects.filter(plan=self.plan_id))

    def waiting_proposal(self) -> Proposal | None:
        """The oldest proposed change that waits for an answer."""
        return Proposal.objects.in_plan(self.plan).open().select_related("measure").first()

    @property
    def is_working_copy(self) -> bool:
        """Whether the rows are the working copy of an amendment."""
        return self.in_force is not None and self.state in (S.AMENDING, S.FOR_SIGNATURE)

    def sign(self) -> None:
        """Let both parties sign what waits for them: the plan goes on by itself."""
        version = waiting(self.plan)
        assert version is not None
        sign_both(version)
        move_plan(plan=self.plan, to=S.ACTIVE, by=None)
        self.state, self.in_force = S.ACTIVE, commitments_of(version)
        assert self.in_force == self.commitments
        self.moves += 1
        self.reached[S.ACTIVE] += 1
        self.last_event = newest_event()

    def knows(self, who: str) -> bool:
        """Whether the plan exists for somebody."""
        if self.in_force is not None:
            return True
        return who in COUNTY or (who not in STRANGERS and self.state != S.DRAFT)

    def address(self, name: str, **more: Any) -> str:
        """Return the address of one of the plan's pages."""
        return reverse(
            f"plans:{name}", kwargs={"county": "fjordane", "year": self.plan.year, **more}
        )

    def get(self, who: str, name: str, query: str = "", **more: Any) -> Any:
        """Read a page as somebody; nothing changes by it."""
        response = self.browsers[who].get(self.address(name, **more) + query)
        assert response.status_code in (200, 302, 403, 404), (who, name, response.status_code)
        if not self.knows(who):
            assert response.status_code == 404, (who, name)
        self.check(who, writers=set())
        return response

    def post(
        self, who: str, name: str, data: dict[str, Any], *, writers: set[str], **more: Any
    ) -> int:
        """Send a form as somebody and return the status; ``writers`` are those whose commitments
        it may change. A fault of ours is no answer, and to strangers there is nothing there."""
        knew = self.knows(who)
        query = more.pop("query", "")
        # Each request stands or falls by itself, as in production.
        with transaction.atomic():
            response = self.browsers[who].post(self.address(name, **more) + query, data)
        status: int = response.status_code
        assert status in ANSWERS, (who, name, status)
        assert knew or status == 404, (who, name, status)
        self.check(who, writers=writers)
        return status

    def check(self, who: str, *, writers: set[str]) -> None:
        """Hold what a request of ``who`` changed against what it may."""
        events = list(Event.objects.filter(pk__gt=self.last_event))
        assert {event.actor_id for event in events} <= {self.people[who].pk}
        was = self.state
        self._check_state(who, events)
        self._check_commitments(who, writers, was, events)
        self._check_input(who, was)
        self.last_event = newest_event()

    def _check_state(self, who: str, events: list[Event]) -> None:
        now = PlanState(self.plan.state)
        moved = [event for event in events if event.verb == "plan.moved"]
        if now == self.state:
            assert not moved
            return
        way = (self.state, now)
        assert who in TABLE.get(way, set()), (who, way)
        (event,) = moved
        assert (event.old["state"], event.new["state"]) == way
        assert event.new.get("reason") or way not in BACK
        if "override_reason" in event.new:
            self.reached["overridden"] += 1
        self.moves += 1
        self.state = now
        self.reached[now] += 1
        if way in BACK:
            self.reached["dropped" if now == S.ACTIVE else "returned"] += 1

    def _check_commitments(
        self, who: str, writers: set[str], was: PlanState, events: list[Event]
    ) -> None:
        now = commitments(self.plan)
        changed = {
            key for key in {*now, *self.commitments} if now.get(key) != self.commitments.get(key)
        }
        if changed:
            assert who in writers, (who, changed)
            assert was in WRITABLE, was
        told = {event.verb.partition(".")[0] for event in events}
        named = {event.target_id for event in events if event.target_type == "plans.measure"}
        for key in changed:
            assert TOLD_BY[key[0]] & told, (key, told)
            if key[0] == "measure":
                assert str(Measure.objects.get(key=key[1]).pk) in named, key
        self.commitments = now

    def _check_input(self, who: str, was: PlanState) -> None:
        now = said()
        assert not set(self.input) - set(now), "input is never gone"
        for key, (words, answer, owners) in now.items():
            before = self.input.get(key)
            if before is None or before[0] != words:
                assert who in owners, (who, key)
                assert was in (S.CONSULTATION, S.NEGOTIATION)
                assert before is None or before[1][0] not in ANSWERED
            if before is not None and before[1] != answer:
                states = {before[1][0], answer[0]}
                if states & {*ANSWERED, ContributionState.UNDER_CONSIDERATION}:
                    answerers = owners if states.isdisjoint(ANSWERED) else set()
                    assert who in {"editor", *answerers}, (who, before[1], answer)
                else:
                    assert who in owners
                assert was in UNSIGNED
        self.input = now

    def check_always(self) -> None:
        """Hold what stands in the database against what must always be so."""
        plan = self.plan
        assert plan.state == self.state
        assert Event.objects.filter(verb="plan.moved").count() == self.moves
        for part in plan.parts.all():
            places = list(
                Measure.objects.in_plan(self.plan_id)
                .filter(part=part)
                .order_by("position")
                .values_list("position", flat=True)
            )
            assert places == list(range(1, len(places) + 1))
        if self.in_force is not None:
            assert plan.in_force is not None
            assert commitments_of(plan.in_force) == self.in_force
            assert self.is_working_copy or self.commitments == self.in_force
        if self.state == S.FOR_SIGNATURE:
            # What an amendment takes out may be what input led to: that was answered.
            assert self.in_force is not None or self.waiting_input() is None
            assert self.waiting_proposal() is None
            assert all(m.description and m.purpose and m.responsible_kind for m in self.measures)
            assert all(text.body for text in self.texts())


def commitments(plan: PartnerPlan) -> Snapshot:
    """Return what a signature would bind, by what it is about. Of a measure all but its number,
    which other measures' moves change."""
    return _commitments(read_plan(plan).document)


def commitments_of(version: PlanVersion) -> Snapshot:
    """Return what a version binds, in the same form."""
    content = PlanVersion.objects.values_list("content", flat=True).get(pk=version.pk)
    return _commitments(from_json(content.encode()))


def _commitments(document: PlanDocument) -> Snapshot:
    found: Snapshot = {("title",): document.title}
    for text in document.texts:
        found["text", text.kind] = (text.body, text.language)
    for part in document.parts:
        found["part", part.kind] = (part.introduction, part.language)
        for area in part.focus_areas:
            found["area", str(area.key)] = (area.title, area.description, area.language)
            found["order", str(area.key)] = [measure.key for measure in area.measures]
        for measure in part.measures:
            values = dict(vars(measure))
            del values["number"]
            found["rests", str(measure.key)] = values.pop("contributions") or None
            found["measure", str(measure.key)] = values
    return found


def said() -> dict[str, tuple[Any, ...]]:
    """Return all input by key: its words, its state with the answer, and whose words they are."""
    found = {}
    for row in Contribution.objects.select_related("cooperation", "municipality"):
        owners = {"contributor" if row.cooperation_id else "contact"}
        if row.on_behalf:
            owners.add("editor")
        words = (row.title, row.area, row.need, row.benefit, row.participants, row.language)
        found[str(row.key)] = (words, (row.state, row.answer), owners)
    return found


def newest_event() -> int:
    """Return the key of the newest event in the log, 0 where there is none."""
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
