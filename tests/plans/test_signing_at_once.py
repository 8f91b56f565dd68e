"""Two at once, each with a database connection of their own: freezing, signing, returning."""

from collections.abc import Callable
from itertools import pairwise
from threading import Event

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Role
from accounts.models import User
from audit.services import verify
from municipalities.models import County
from plans.enums import JobKind, JobState, PlanState, SigningParty, SigningWay
from plans.models import (
    PartnerPlan,
    PlanVersion,
    Signature,
    VersionFile,
    VersionJob,
    VersionVoid,
)
from plans.services import version_jobs
from plans.services.signed_uploads import upload_signed
from plans.services.signing import sign_here, withdraw_signing
from plans.services.transitions import move_plan
from plans.services.versions import waiting
from plans.signing.fields import PARTIES
from plans.signing.verdict import Signed, Verdict
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan
from tests.factories.versions import make_version
from tests.plans.conftest import World
from tests.plans.readiness import make_ready
from tests.plans.test_concurrency import at_once, sorts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]

COUNTY, LUP = SigningParty.COUNTY, SigningParty.LUP
Act = Callable[[], object]


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no task begin by itself: the tests say when the work is done."""
    monkeypatch.setattr("plans.services.version_jobs._start_after_commit", lambda pk: None)


@pytest.fixture
def lup_signatory(db: None) -> User:
    return user_with(Role.LUP_SIGNATORY)


@pytest.fixture
def plan(world: World, sealed_pdf: bytes) -> PartnerPlan:
    """A plan for signature whose PDF is made."""
    County.objects.exclude(pk=world.county.pk).filter(number="61").update(number="59")
    County.objects.filter(pk=world.county.pk).update(number="61")
    made = make_plan(county=world.county, measures=1)
    PartnerPlan.objects.filter(pk=made.pk).update(state=PlanState.FOR_SIGNATURE)
    make_version(made, signed=False, pdf=sealed_pdf)
    return seen(made)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sign by adding a line to the file: what is asked here is who comes first."""

    def line(pdf: bytes, *, field: str, **more: object) -> bytes:
        return pdf + f"% {field}\n".encode()

    monkeypatch.setattr("plans.services.signing.sign.sign", line)


def seen(plan: PartnerPlan) -> PartnerPlan:
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)


def version_of(plan: PartnerPlan) -> PlanVersion:
    version = waiting(plan)
    assert version is not None
    return version


def ask(plan: PartnerPlan, party: SigningParty, by: User) -> VersionJob:
    return sign_here(version=version_of(plan), party=party, by=by, name=f"Signatar {party}")


def sequences() -> list[int]:
    return list(VersionFile.objects.order_by("sequence").values_list("sequence", flat=True))


def parties() -> list[str]:
    return sorted(Signature.objects.values_list("party", flat=True))


def test_frozen_twice_at_once_it_is_one_version(world: World) -> None:
    ready = make_ready(make_plan(county=world.county, measures=1), by=world.editor)
    PartnerPlan.objects.filter(pk=ready.pk).update(state=PlanState.NEGOTIATION)

    def freeze() -> Act:
        own = seen(ready)
        return lambda: move_plan(plan=own, to=PlanState.FOR_SIGNATURE, by=world.editor)

    assert sorts(at_once(freeze(), freeze(), freeze())) == ["MovedAlready"] * 2 + ["PartnerPlan"]
    assert list(PlanVersion.objects.values_list("number", flat=True)) == [1]
    assert VersionJob.objects.get().kind == JobKind.RENDER
    verify()


def test_asked_for_twice_at_once_by_one_party_it_is_one_signature(
    world: World, plan: PartnerPlan, quick: None
) -> None:
    colleague = user_with(Role.COUNTY_SIGNATORY, county=world.county)
    jobs = at_once(lambda: ask(plan, COUNTY, world.signatory), lambda: ask(plan, COUNTY, colleague))
    assert len({job.pk for job in jobs if isinstance(job, VersionJob)}) == 1
    [job] = VersionJob.objects.all()
    assert sorted(map(str, at_once(*[lambda: version_jobs.do(job.pk)] * 4))) == [
        "False",
        "False",
        "False",
        "True",
    ]
    assert (parties(), sequences()) == (["COUNTY"], [0, 1])
    verify()


def test_one_person_who_asks_for_both_parties_at_once_signs_for_one(
    world: World, plan: PartnerPlan
) -> None:
    outcomes = at_once(
        lambda: ask(plan, COUNTY, world.signatory), lambda: ask(plan, LUP, world.signatory)
    )
    assert sorts(outcomes) == ["NotToSign", "VersionJob"]


def test_both_parties_at_once_sign_one_after_the_other(
    world: World, plan: PartnerPlan, lup_signatory: User
) -> None:
    jobs = [ask(plan, COUNTY, world.signatory), ask(plan, LUP, lup_signatory)]
    done = at_once(*[lambda pk=job.pk: version_jobs.do(pk) for job in jobs])
    # Whoever found the other at it waits for the worker's next round.
    assert True in done
    version_jobs.do_due()
    assert (parties(), sequences()) == (["COUNTY", "LUP"], [0, 1, 2])
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE
    files = [bytes(file.content) for file in VersionFile.objects.order_by("sequence")]
    assert all(after.startswith(before) for before, after in pairwise(files))
    verify()


def test_of_one_version_one_piece_of_work_is_done_at_a_time(
    world: World, plan: PartnerPlan, lup_signatory: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ask(plan, COUNTY, world.signatory), ask(plan, LUP, lup_signatory)
    inside, go_on = Event(), Event()

    def slow(pdf: bytes, *, field: str, **more: object) -> bytes:
        inside.set()
        assert go_on.wait(timeout=20)
        return pdf + b"% signed\n"

    monkeypatch.setattr("plans.services.signing.sign.sign", slow)

    def while_it_is_done() -> bool:
        assert inside.wait(timeout=20)
        try:
            return version_jobs.do(second.pk)
        finally:
            go_on.set()

    assert at_once(lambda: version_jobs.do(first.pk), while_it_is_done) == [True, False]
    second.refresh_from_db()
    assert (second.state, second.attempts) == (JobState.WAITING, 0)
    assert version_jobs.do_due() == 1
    assert sequences() == [0, 1, 2]


@pytest.mark.parametrize("act", ["return", "withdraw", "upload"])
def test_what_comes_while_one_signs(
    world: World,
    plan: PartnerPlan,
    sealed_pdf: bytes,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
) -> None:
    """The worker is in the midst of it: what it makes is thrown away, and nothing is half done."""
    version, job = version_of(plan), ask(plan, COUNTY, world.signatory)
    inside, go_on = Event(), Event()

    def slow(pdf: bytes, *, field: str, **more: object) -> bytes:
        inside.set()
        assert go_on.wait(timeout=20)
        return pdf + b"% here\n"

    monkeypatch.setattr("plans.services.signing.sign.sign", slow)
    elsewhere = sealed_pdf + b"% elsewhere\n"
    signed = Signed(PARTIES[0], "Elsewhere", "Fylke 61", None)
    monkeypatch.setattr(
        "plans.services.signed_uploads.check_guarded",
        lambda pdf, **more: Verdict(signed=(signed,)),
    )
    monkeypatch.setattr("plans.services.signed_uploads._trust", lambda version: None)
    acts: dict[str, Act] = {
        "return": lambda: move_plan(
            plan=seen(plan), to=PlanState.NEGOTIATION, by=world.editor, reason="Feil tal"
        ),
        "withdraw": lambda: withdraw_signing(version=version, party=COUNTY, by=world.signatory),
        "upload": lambda: upload_signed(
            version=version,
            party=COUNTY,
            by=world.signatory,
            upload=SimpleUploadedFile("a.pdf", elsewhere),
        ),
    }

    def meanwhile() -> object:
        assert inside.wait(timeout=20)
        try:
            return acts[act]()
        finally:
            go_on.set()

    done, outcome = at_once(lambda: version_jobs.do(job.pk), meanwhile)
    assert (done, isinstance(outcome, Exception)) == (False, False), outcome
    job.refresh_from_db()
    assert job.state == JobState.WITHDRAWN
    ways = list(Signature.objects.values_list("way", flat=True))
    assert ways == ([SigningWay.UPLOAD] if act == "upload" else [])
    assert VersionVoid.objects.count() == (1 if act == "return" else 0)
    assert sequences() == ([0, 1] if act == "upload" else [0])
    verify()


def test_returned_and_signed_by_the_last_at_the_same_moment(
    world: World, plan: PartnerPlan, lup_signatory: User, quick: None
) -> None:
    ask(plan, COUNTY, world.signatory)
    version_jobs.do_due()
    job = ask(plan, LUP, lup_signatory)
    own = seen(plan)
    done, moved = at_once(
        lambda: version_jobs.do(job.pk),
        lambda: move_plan(
            plan=own, to=PlanState.NEGOTIATION, by=world.signatory, reason="Feil tal"
        ),
    )
    plan.refresh_from_db()
    if done is True:
        assert type(moved).__name__ == "MovedAlready"
        assert (plan.state, VersionVoid.objects.count()) == (PlanState.ACTIVE, 0)
    else:
        assert isinstance(moved, PartnerPlan)
        assert (plan.state, VersionVoid.objects.count()) == (PlanState.NEGOTIATION, 1)
        assert parties() == ["COUNTY"]
    verify()
