"""Signed elsewhere and handed in: what is taken, what isn't and why, and external evidence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import User
from audit.models import Event
from municipalities.models import County
from plans.enums import JobState, PlanState, SigningParty, SigningWay
from plans.models import ExternalEvidence, PartnerPlan, Signature, VersionJob
from plans.services import version_jobs
from plans.services.signed_uploads import MOST_EVIDENCE, WHY
from plans.services.signing import sign_here
from plans.services.versions import waiting
from plans.signing import keyring, sign
from plans.signing.demo_pki import ROOT
from plans.signing.fields import PARTIES
from plans.signing.keys import Key
from plans.signing.verdict import Fault
from tests.factories.accounts import user_with
from tests.factories.plans import make_plan
from tests.factories.versions import make_version
from tests.plans.conftest import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LogIn = Callable[[User], Client]
MB = 1024 * 1024
LUP = "Leverandørutviklingsprogrammet"


@pytest.fixture
def plan(world: World, sealed_pdf: bytes, settings: Settings, tmp_path: Path) -> PartnerPlan:
    """A plan for signature whose PDF is made. The tests' certificates name the county otherwise
    than its row does, which the settings say."""
    County.objects.exclude(pk=world.county.pk).filter(number="61").update(number="59")
    County.objects.filter(pk=world.county.pk).update(number="61")
    folder = Path(settings.SIGNING_KEYS)
    names = {"segl": "Lupplan", "lup": LUP, "fylke-61": "Fylke 61", "fylke-62": "Fylke 62"}
    tables = [
        f'["{holder}"]\npkcs12 = "{folder / holder}.p12"\norganisation = "{name}"\n'
        for holder, name in names.items()
    ]
    (tmp_path / "keys.toml").write_text("".join(tables), encoding="utf-8")
    settings.SIGNING_KEYS = str(tmp_path / "keys.toml")
    settings.SIGNING_TRUST_ROOTS = str(folder / ROOT)
    made = make_plan(county=world.county, measures=1)
    PartnerPlan.objects.filter(pk=made.pk).update(state=PlanState.FOR_SIGNATURE)
    make_version(made, signed=False, pdf=sealed_pdf)
    return PartnerPlan.objects.with_parties().get(pk=made.pk)


@pytest.fixture
def county_signs(world: World, plan: PartnerPlan, browser_of: LogIn) -> Client:
    return browser_of(world.signatory)


def signed(pdf: bytes, place: int, key: Key | None = None) -> bytes:
    """Return the PDF with a signature in one of the parties' places, made by some tool."""
    return sign.sign(
        pdf,
        field=PARTIES[place],
        key=key or (keyring.county_key("61"), keyring.lup_key())[place],
        name="Elektronisk Signatar",
        reason="Signerer",
        stamp="Elektronisk Signatar",
    )


@pytest.fixture(scope="session")
def by_county(sealed_pdf: bytes) -> bytes:
    return signed(sealed_pdf, 0)


def hand_in(client: Client, plan: PartnerPlan, content: bytes, **more: Any) -> Any:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    address = reverse("plans:sign_upload", kwargs={**where, "party": more.pop("party", "fylket")})
    file = SimpleUploadedFile(more.pop("name", "signert.pdf"), content)
    return client.post(address, {"file": file, "sign": "1", **more})


def why(answer: Any) -> str:
    [turn] = answer.context["turns"]
    return " ".join(turn.upload_form.errors.get("file", []))


def test_what_was_signed_elsewhere_is_taken(
    world: World, plan: PartnerPlan, county_signs: Client, by_county: bytes, browser_of: LogIn
) -> None:
    answer = hand_in(county_signs, plan, by_county)
    assert answer.status_code == 302
    first = Signature.objects.get()
    assert (first.way, first.name, first.organisation, first.signer) == (
        SigningWay.UPLOAD,
        "Elektronisk Signatar",
        "Fylke 61",
        world.signatory,
    )
    assert bytes(first.file.content) == by_county
    # The other party starts from there, not from the sealed file.
    lup = browser_of(user_with(Role.LUP_SIGNATORY))
    sealed = bytes(first.version.files.get(sequence=0).content)
    stale = hand_in(lup, plan, signed(sealed, 1), party="lup")
    assert (stale.status_code, "doesn't begin with" in why(stale)) == (422, True)
    assert hand_in(lup, plan, signed(by_county, 1), party="lup").status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.ACTIVE


def wrong_party(sealed: bytes, by_county: bytes) -> bytes:
    return signed(sealed, 1)


def wrong_key(sealed: bytes, by_county: bytes) -> bytes:
    return signed(sealed, 0, keyring.county_key("62"))


def both(sealed: bytes, by_county: bytes) -> bytes:
    return signed(by_county, 1)


REFUSED: dict[str, tuple[Callable[[bytes, bytes], bytes], Any]] = {
    "empty": (lambda sealed, _signed: b"", "the file is empty"),
    "unsigned": (lambda sealed, _signed: sealed, "nobody has signed it"),
    "no PDF": (lambda sealed, _signed: b"PK\x03\x04" * 9, WHY[Fault.NOT_A_PDF]),
    "another PDF": (lambda sealed, _signed: b"%PDF-1.7\n%%EOF", WHY[Fault.NOT_SEALED]),
    "appended": (lambda _sealed, by_county: by_county + b"\n% meir\n%%EOF\n", "Not taken: "),
    "flipped": (
        lambda sealed, by_county: (
            by_county[:-9000] + bytes([by_county[-9000] ^ 1]) + by_county[-8999:]
        ),
        "Not taken: ",
    ),
    "the other party's": (wrong_party, "isn't in the place for your party"),
    "both parties'": (both, "isn't in the place for your party"),
    "another county's certificate": (wrong_key, "Not taken: "),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_with_a_reason(
    plan: PartnerPlan, county_signs: Client, sealed_pdf: bytes, by_county: bytes, case: str
) -> None:
    make, reason = REFUSED[case]
    answer = hand_in(county_signs, plan, make(sealed_pdf, by_county))
    assert answer.status_code == 422
    assert str(reason) in why(answer), why(answer)
    assert (Signature.objects.count(), ExternalEvidence.objects.count()) == (0, 0)


def test_a_file_of_sixty_megabytes_is_refused(plan: PartnerPlan, county_signs: Client) -> None:
    answer = hand_in(county_signs, plan, b"%PDF-" + b"0" * (60 * MB))
    assert (answer.status_code, why(answer)) == (422, f"Not taken: {WHY[Fault.TOO_LARGE]}")


def test_without_anybody_to_believe_nothing_is_taken(
    plan: PartnerPlan, county_signs: Client, by_county: bytes, settings: Settings
) -> None:
    settings.SIGNING_TRUST_ROOTS = ""
    answer = hand_in(county_signs, plan, by_county)
    assert (answer.status_code, "isn't set up to check" in why(answer)) == (422, True)


def test_every_fault_has_its_words() -> None:
    assert WHY.keys() == set(Fault)


def test_a_signature_that_was_asked_for_here_gives_way(
    world: World, plan: PartnerPlan, county_signs: Client, by_county: bytes
) -> None:
    version = waiting(plan)
    assert version is not None
    sign_here(version=version, party=SigningParty.COUNTY, by=world.signatory, name="Her")
    assert hand_in(county_signs, plan, by_county).status_code == 302
    assert version_jobs.do_due() == 0
    assert VersionJob.objects.get().state == JobState.WITHDRAWN
    assert Signature.objects.get().way == SigningWay.UPLOAD


def test_a_plan_that_was_returned_takes_no_file(
    plan: PartnerPlan, county_signs: Client, by_county: bytes
) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    assert hand_in(county_signs, plan, by_county).status_code == 302
    assert Signature.objects.count() == 0


# --- External evidence ------------------------------------------------------------------------


def keep(client: Client, plan: PartnerPlan, content: bytes = b"kvittering", **more: Any) -> Any:
    more = {"note": "Kvittering frå tenesta", "keep": "1", **more}
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    address = reverse("plans:sign_upload", kwargs={**where, "party": "fylket"})
    file = SimpleUploadedFile(more.pop("name", "kvittering.html"), content)
    return client.post(address, {"file": file, **more})


def test_what_is_no_signed_pdf_is_kept_beside_it(plan: PartnerPlan, county_signs: Client) -> None:
    for _twice in range(2):
        assert keep(county_signs, plan).status_code == 302
    row = ExternalEvidence.objects.get()
    assert (row.file_name, bytes(row.content), row.note) == (
        "kvittering.html",
        b"kvittering",
        "Kvittering frå tenesta",
    )
    assert Signature.objects.count() == 0
    assert Event.objects.filter(verb="version.evidence").count() == 1
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    page = county_signs.get(reverse("plans:signing", kwargs=where))
    assert "not the signed original" in page.content.decode()
    given = county_signs.get(reverse("plans:signing_evidence", kwargs={**where, "pk": row.pk}))
    assert (given.content, given["Content-Type"]) == (b"kvittering", "application/octet-stream")
    assert given["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "changes", "field"),
    [
        (b"", {}, "file"),
        (b"0" * (11 * MB), {}, "file"),
        (b"x", {"note": " "}, "note"),
        (b"x", {"note": "x" * 501}, "note"),
    ],
)
def test_evidence_that_is_not_kept(
    plan: PartnerPlan, county_signs: Client, content: bytes, changes: dict[str, str], field: str
) -> None:
    answer = keep(county_signs, plan, content, **changes)
    assert answer.status_code == 422
    [turn] = answer.context["turns"]
    assert (turn.upload_form.errors.keys(), ExternalEvidence.objects.count()) == ({field}, 0)


def test_evidence_has_a_limit_and_a_plain_name(plan: PartnerPlan, county_signs: Client) -> None:
    keep(county_signs, plan, name="a\u202eb<i>.html")
    assert ExternalEvidence.objects.get().file_name == "ab<i>.html"
    for number in range(MOST_EVIDENCE):
        last = keep(county_signs, plan, f"{number}".encode())
    assert (last.status_code, ExternalEvidence.objects.count()) == (422, MOST_EVIDENCE)


def test_evidence_stays_as_it_is(plan: PartnerPlan, county_signs: Client) -> None:
    keep(county_signs, plan)
    for act in (
        lambda: ExternalEvidence.objects.update(note="Anna"),
        lambda: ExternalEvidence.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
