"""What a PDF that somebody brings is said to be: by the service, the page and the command."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from plans.document import fingerprint, to_json
from plans.enums import (
    FileKind,
    PlanState,
    SignatureLevel,
    SigningParty,
    SigningWay,
)
from plans.models import PartnerPlan, PlanVersion, Signature, VersionVoid
from plans.services import verification
from plans.services.verification import Origin, Standing, verify
from plans.services.version_files import add_file
from plans.signing.verdict import Belief, Fault
from plans.views import checking
from tests.factories.plans import make_plan
from tests.factories.signed import SignedFiles, signed_files
from tests.factories.versions import make_version
from tests.plans.conftest import World
from tests.plans.signing.checking.tampering import contents, updated

LogIn = Callable[[User], Client]


@pytest.fixture(scope="module")
def files() -> SignedFiles:
    return signed_files()


@pytest.fixture(autouse=True)
def believe(files: SignedFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Believe whom the files of the tests are signed by; and count no attempts of other tests."""
    monkeypatch.setattr(verification, "trust", lambda **_parties: files.trust)
    cache.clear()


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    return make_plan(county=world.county, measures=1)


def keep(plan: PartnerPlan, files: SignedFiles, *, parties: int = 2) -> PlanVersion:
    """Keep the files as a version of the plan, signed by so many."""
    number = plan.versions.count() + 1
    version = PlanVersion.objects.create(
        plan=plan,
        number=number,
        content=to_json(files.document).decode(),
        fingerprint=fingerprint(files.document),
    )
    add_file(version=version, kind=FileKind.SEALED, content=files.sealed, sequence=0)
    steps = zip(SigningParty, (files.one, files.both), strict=True)
    for sequence, (party, content) in enumerate(list(steps)[:parties], 1):
        Signature.objects.create(
            version=version,
            party=party,
            file=add_file(
                version=version, kind=FileKind.SIGNED, content=content, sequence=sequence
            ),
            name="Signatar",
            organisation="Fylke fylkeskommune",
            way=SigningWay.HERE,
            level=SignatureLevel.B,
            signed_at=version.frozen_at,
        )
    return version


def put_in_force(version: PlanVersion) -> None:
    PartnerPlan.objects.filter(pk=version.plan_id).update(in_force=version, state=PlanState.ACTIVE)


def send(client: Client, content: bytes, name: str = "plan.pdf") -> str:
    """Return what the page says of a file, without tags' white space."""
    answer = client.post(reverse("plans:check"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_plan_in_force(plan: PartnerPlan, files: SignedFiles) -> None:
    version = keep(plan, files)
    put_in_force(version)
    report = verify(files.both)
    assert (report.origin, report.standing) == (Origin.STORED, Standing.IN_FORCE)
    assert report.version == version
    assert report.newest is None
    assert report.is_valid
    assert [found.organisation for found in report.verdict.signed] == [
        "Fylke fylkeskommune",
        "Leverandørutviklingsprogrammet",
    ]


def test_a_version_that_was_replaced(plan: PartnerPlan, files: SignedFiles) -> None:
    keep(plan, files)
    newer = make_version(plan)
    report = verify(files.both)
    assert (report.standing, report.newest) == (Standing.REPLACED, newer)
    assert report.is_valid


def test_signed_elsewhere(plan: PartnerPlan, files: SignedFiles) -> None:
    keep(plan, files)
    report = verify(files.sign(files.sealed, "underskrift-2"))
    assert (report.origin, report.verdict.complete) == (Origin.SEALED, False)
    assert report.verdict.untouched
    assert not report.is_valid


def test_a_changed_file(plan: PartnerPlan, files: SignedFiles) -> None:
    keep(plan, files)
    report = verify(updated(files.both, contents))
    assert report.origin == Origin.SEALED
    assert report.verdict.faults == (Fault.CHANGED_AFTERWARDS,)
    assert not report.is_valid


def test_the_content_in_another_file(plan: PartnerPlan, files: SignedFiles) -> None:
    """Edited before it was sealed, or printed anew: the data in it are the version's still."""
    version = keep(plan, files)
    report = verify(updated(files.prepared, contents))
    assert (report.origin, report.version) == (Origin.SAME_CONTENT, version)
    assert not report.is_valid


def test_other_content_under_a_versions_name(
    plan: PartnerPlan, files: SignedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = keep(plan, files)
    said = to_json(files.document)
    county = plan.agreement.county.number
    said = said.replace(b'"number":"60"', f'"number":"{county}"'.encode())
    said = said.replace(b'"year":2020', f'"year":{plan.year}'.encode())
    monkeypatch.setattr(verification, "embedded_guarded", lambda _pdf: said)
    report = verify(files.prepared)
    assert (report.origin, report.version) == (Origin.OTHER_CONTENT, version)
    monkeypatch.setattr(
        verification, "embedded_guarded", lambda _pdf: said.replace(b'"version":1', b'"version":9')
    )
    assert verify(files.prepared).origin == Origin.UNKNOWN


@pytest.mark.parametrize("number", [r"\u0000", r"46\u0000", "4" * 6000])
def test_no_county_has_such_a_number(
    plan: PartnerPlan, files: SignedFiles, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    keep(plan, files)
    said = to_json(files.document).replace(b'"number":"60"', f'"number":"{number}"'.encode())
    monkeypatch.setattr(verification, "embedded_guarded", lambda _pdf: said)
    assert verify(files.prepared).origin == Origin.UNKNOWN


def test_a_draft(db: None, files: SignedFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    said = to_json(files.document).replace(b'"version":1', b'"version":null')
    monkeypatch.setattr(verification, "embedded_guarded", lambda _pdf: said)
    report = verify(files.prepared)
    assert report.origin == Origin.DRAFT
    assert report.claimed is not None


@pytest.mark.parametrize("content", [b"", b"text", b"%PDF-1.7\n%%EOF\n", b"%PDF-" + bytes(99)])
def test_files_that_are_none_of_ours(db: None, content: bytes) -> None:
    report = verify(content)
    assert (report.origin, report.version) == (Origin.UNKNOWN, None)
    assert report.verdict.tampered


def test_what_is_not_published_is_not_told(
    world: World, plan: PartnerPlan, files: SignedFiles
) -> None:
    """Neither what waits nor what is void; by none of the ways to a version."""
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE)
    version = keep(plan, files, parties=1)
    for void in (False, True):
        if void:
            VersionVoid.objects.create(version=version, reason="Feil")
        for pdf in (files.sealed, files.one, updated(files.both, contents), files.prepared):
            for stranger in (world.outsider, None):
                report = verify(pdf, user=stranger) if stranger else _by_anybody(pdf)
                assert (report.origin, report.version) == (Origin.HIDDEN, None)
                assert report.verdict.signed == ()
        assert verify(files.one, user=world.editor).version == version
    assert verify(files.one, user=world.editor).standing == Standing.VOID


def _by_anybody(pdf: bytes) -> verification.Report:

    return verify(pdf, user=AnonymousUser())


def test_a_version_that_waits(world: World, plan: PartnerPlan, files: SignedFiles) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE)
    keep(plan, files, parties=1)
    report = verify(files.one, user=world.signatory)
    assert (report.standing, report.is_valid) == (Standing.WAITING, False)


@pytest.mark.parametrize("others", [0, 7])
def test_queries_do_not_grow_with_the_versions(
    plan: PartnerPlan, files: SignedFiles, others: int
) -> None:
    put_in_force(keep(plan, files))
    for number in range(2, 2 + others):
        other = PlanVersion.objects.create(
            plan=plan, number=number, content="{}", fingerprint="0" * 64
        )
        add_file(version=other, kind=FileKind.SEALED, content=b"%PDF-" * number, sequence=0)
    with CaptureQueriesContext(connection) as queries:
        verify(files.both)
    assert len(queries) == 4


def test_without_roots_nobody_is_believed(
    plan: PartnerPlan, files: SignedFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_roots(**_parties: str) -> None:
        raise verification.BadKey("SIGNING_TRUST_ROOTS isn't set.")

    put_in_force(keep(plan, files))
    monkeypatch.setattr(verification, "trust", no_roots)
    report = verify(files.both)
    assert report.verdict.seal is not None
    assert report.verdict.seal.belief == Belief.UNTRUSTED
    assert not report.is_valid


def test_the_page_says_it_in_words(
    english: None, plan: PartnerPlan, files: SignedFiles, client: Client
) -> None:
    put_in_force(keep(plan, files))
    page = send(client, files.both)
    assert "Genuine: this is the plan in force, signed by both parties." in page
    assert "Version 1</a>, in force" in page
    assert "byte by byte" in page
    assert "Fylke fylkeskommune" in page
    assert "by the signer's own clock" in page
    assert not client.cookies
    page = send(client, updated(files.both, contents), '<b>"æ.pdf')
    assert "Don&#x27;t trust this file: it isn&#x27;t as it was sealed and signed." in page
    assert "what stands on the pages" in page
    assert "&lt;b&gt;" in page
    assert "signed by 1 of two only" in send(client, files.one)
    assert "This isn&#x27;t a plan that Lupplan has sealed." in send(client, b"text")


def test_the_page_keeps_what_is_not_published(
    english: None, world: World, plan: PartnerPlan, files: SignedFiles, browser_of: LogIn
) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE)
    keep(plan, files, parties=1)
    page = send(Client(), files.one)
    assert "of something that isn&#x27;t published" in page
    assert world.county.name not in page
    assert "waiting for signatures" in send(browser_of(world.editor), files.one)


def test_no_file_and_too_large_a_file(
    english: None, db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post(reverse("plans:check"))
    assert answer.status_code == 422
    assert b"Choose a file first." in answer.content
    monkeypatch.setattr(checking, "MOST_BYTES", 100)
    large = SimpleUploadedFile("plan.pdf", bytes(20_000))
    answer = client.post(reverse("plans:check"), {"file": large})
    assert answer.status_code == 413
    assert b"larger than any plan" in answer.content


def test_a_visitor_may_not_ask_without_end(db: None, client: Client) -> None:
    address = reverse("plans:check")
    statuses = [client.post(address).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    assert client.get(address).status_code == 200


def test_only_so_many_are_checked_at_once(english: None, db: None, client: Client) -> None:
    for number in range(checking.MOST_AT_ONCE):
        cache.add(f"check_pdf:{number}", True)
    file = SimpleUploadedFile("plan.pdf", b"text")
    answer = client.post(reverse("plans:check"), {"file": file})
    assert answer.status_code == 503
    assert b"Try again in a minute." in answer.content


@pytest.mark.parametrize("change", [False, True])
def test_the_command(plan: PartnerPlan, files: SignedFiles, tmp_path: Path, change: bool) -> None:
    put_in_force(keep(plan, files))
    path = tmp_path / "plan.pdf"
    path.write_bytes(updated(files.both, contents) if change else files.both)
    said, out = io.StringIO(), io.StringIO()
    if change:
        with pytest.raises(SystemExit) as ended:
            call_command("verify_pdf", str(path), "--json", stdout=said)
        assert ended.value.code == 1
        with pytest.raises(SystemExit):
            call_command("verify_pdf", str(path), stdout=out)
        assert "Changed: what stands on the pages." in out.getvalue()
    else:
        call_command("verify_pdf", str(path), "--json", stdout=said)
        call_command("verify_pdf", str(path), stdout=out)
        assert out.getvalue().startswith("Genuine: this is the plan in force")
    report = json.loads(said.getvalue())
    assert report["valid"] is not change
    assert (report["year"], report["version"]) == (plan.year, 1)
    assert report["faults"] == (["CHANGED_AFTERWARDS"] if change else [])
    assert [found["level"] for found in report["signatures"]] == ["B-B", "B-B"]
