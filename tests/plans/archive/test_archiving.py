"""What the package of a plan holds, read from its rows."""

import hashlib
import io
import json
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from audit.services import record
from plans.document import fingerprint, from_json
from plans.enums import ArchiveVariant, FileKind, PlanState
from plans.exports.archive import DamagedFile, Record, RecordKind
from plans.models import Contribution, ContributionFile, Measure, PartnerPlan, VersionFile
from plans.services import archiving
from plans.services.archiving import NotSigned, gather
from plans.services.version_files import add_file
from tests.factories.archive import make_record
from tests.factories.contributions import make_contribution
from tests.factories.plans import make_plan
from tests.factories.versions import make_version, set_state
from tests.plans.amending import measure_at
from tests.plans.archive.conftest import (
    HOSTILE,
    MAIL,
    NAME,
    REASON,
    SIGNERS,
    TELEPHONE,
    make_archived,
    packed,
    unpacked,
)
from tests.plans.conftest import World

FULL, SCREENED = ArchiveVariant.FULL, ArchiveVariant.SCREENED


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]


def test_what_lies_in_the_whole_package(plan: PartnerPlan) -> None:
    found = unpacked(packed(plan))
    assert sorted(found) == sorted(
        [
            "README.txt",
            "arkivmelding.xml",
            "innspel/01/innspel.json",
            "innspel/01/innspel.txt",
            "innspel/02/innspel.json",
            "innspel/02/innspel.txt",
            "innspel/02/vedlegg/01-over-aea.pdf",
            "innspel/02/vedlegg/02-con.txt",
            "manifest-sha256.txt",
            "saksgang/gang.json",
            "saksgang/gang.txt",
            "saksgang/hendingar.jsonl",
            *(
                f"versjonar/{number}/{name}"
                for number in (1, 2)
                for name in ("fakta.json", "plan.json", "plan.pdf")
            ),
            "versjonar/2/bevis/01-arkivredaktor-prove.xml",
        ]
    )
    assert found["innspel/02/vedlegg/02-con.txt"] == b"Ord"


def test_the_same_plan_gives_the_same_bytes(plan: PartnerPlan) -> None:
    for variant in ArchiveVariant:
        assert packed(plan, variant) == packed(plan, variant)


def test_what_happens_to_packages_does_not_change_them(plan: PartnerPlan) -> None:
    before = packed(plan)
    record(by=None, verb="archive.delivered", target=plan, new={"file": "x.zip"})
    assert packed(plan) == before
    record(by=None, verb="plan.changed", target=plan, new={"title": "Anna"})
    assert packed(plan) != before


def test_versions_with_their_signatures_and_why_they_are_void(plan: PartnerPlan) -> None:
    found = unpacked(packed(plan))
    void, signed = (json.loads(found[f"versjonar/{number}/fakta.json"]) for number in (1, 2))
    assert void["void"]["reason"] == REASON
    assert void["void"]["by"] == NAME
    assert void["signatures"] == []
    assert signed["void"] is None
    assert [signature["party"] for signature in signed["signatures"]] == ["COUNTY", "LUP"]
    assert [signature["name"] for signature in signed["signatures"]] == ["Signatar"] * 2
    document = found["versjonar/2/plan.json"]
    assert hashlib.sha256(document).hexdigest() == signed["fingerprint"]
    assert fingerprint(from_json(document)) == signed["fingerprint"]
    assert found["versjonar/2/plan.pdf"] == b"%PDF-2"
    assert signed["files"][-1]["sha256"] == hashlib.sha256(b"%PDF-2").hexdigest()


def test_the_newest_file_of_a_version_is_packed(plan: PartnerPlan) -> None:
    version = plan.versions.get(number=2)
    content = b"%PDF-2 renewed"
    VersionFile.objects.create(
        version=version,
        sequence=3,
        kind=FileKind.RENEWED,
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    assert unpacked(packed(plan))["versjonar/2/plan.pdf"] == content
    assert unpacked(packed(plan, SCREENED))["versjonar/2/plan.pdf"] == b"%PDF-2"


def test_input_with_its_answer(plan: PartnerPlan) -> None:
    found = unpacked(packed(plan))
    said = json.loads(found["innspel/01/innspel.json"])
    assert (said["state"], said["answer"]) == ("DECLINED", f"Nei, seier {NAME}.")
    assert said["answered_by"] == NAME
    text = found["innspel/01/innspel.txt"].decode()
    assert f"Nei, seier {NAME}." in text
    assert MAIL in text
    # A control character is marked where people read, and kept as data.
    assert "Ferjer\ufffd & <kai>" in found["innspel/02/innspel.txt"].decode()
    second = json.loads(found["innspel/02/innspel.json"])
    assert second["title"] == "Ferjer\x0b & <kai>"
    assert [file["name"] for file in second["files"]] == list(HOSTILE.values())


def test_who_moved_the_plan_and_why(plan: PartnerPlan) -> None:
    found = unpacked(packed(plan))
    (move,) = json.loads(found["saksgang/gang.json"])
    assert (move["from"], move["to"], move["by"]) == ("CONSULTATION", "NEGOTIATION", NAME)
    assert move["override_reason"] == "Det hastar."
    assert (
        f"Innspelsrunde → Forhandling\n{NAME}\nDet hastar." in found["saksgang/gang.txt"].decode()
    )


def test_each_line_of_the_log_can_be_checked(plan: PartnerPlan) -> None:
    """As README.txt says."""
    events = lines(unpacked(packed(plan))["saksgang/hendingar.jsonl"])
    assert [event["id"] for event in events] == sorted(event["id"] for event in events)
    names = ("previous_digest", "at", "actor_id", "verb", "target_type", "target_id")
    for event in events:
        content = [event[name] for name in (*names, "target_label", "old", "new")]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == event["digest"]


def test_drafts_are_their_writers_own(world: World, plan: PartnerPlan) -> None:
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.NEGOTIATION)
    make_contribution(plan, world.municipalities[1], title="Kladd til innspel", sent=False)
    package = packed(plan)
    assert b"Kladd til innspel" not in package
    assert len([name for name in unpacked(package) if name.endswith("innspel.txt")]) == 2


def test_the_screened_package_names_nobody(world: World, plan: PartnerPlan) -> None:
    full, package = packed(plan), packed(plan, SCREENED)
    people = {user.name for user in User.objects.all()}
    secrets = {NAME, NAME.upper(), MAIL, TELEPHONE, "912 34 567", 'Signatar"', *people}
    addresses = {user.email for user in User.objects.all()}
    for secret in secrets | addresses:
        assert secret.encode() not in package, secret
    assert NAME.encode() in full
    assert TELEPHONE.encode() in full
    found = unpacked(package)
    assert not [name for name in found if "vedlegg" in name or "bevis" in name]
    for content in (b"Kart", b"con.txt", b"kart.pdf"):
        assert content not in package
    assert "application/pdf, 5 byte" in found["README.txt"].decode()
    facts = json.loads(found["versjonar/1/fakta.json"])
    assert facts["void"]["by"] == "Fylkesredaktør"
    assert facts["void"]["reason"] == "Ring [Fylkesredaktør] på [telefonnummer]."
    for event in lines(found["saksgang/hendingar.jsonl"]):
        assert not {"actor", "actor_id", "digest", "previous_digest"} & set(event)


def test_the_screened_package_names_nobody_who_asked_to_sign_and_did_not(
    world: World, plan: PartnerPlan
) -> None:
    """The name is typed, so it needn't be that of any user; and nothing came of it."""
    record(
        by=world.signatory,
        verb="version.sign_asked",
        target=plan,
        new={"version": 2, "party": "COUNTY", "name": "Signe T. Ilbake", "role": "Leiar"},
    )
    assert b"Signe T. Ilbake" in packed(plan)
    assert b"Signe T. Ilbake" not in packed(plan, SCREENED)


def test_nothing_of_a_working_copy_is_what_the_case_is_called(
    world: World, plan: PartnerPlan
) -> None:
    made = Contribution.objects.filter(plan=plan).order_by("pk")[1]
    made.uses.create(measure=measure_at(plan, "1.1"))
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.AMENDING, title="Løyndom")
    Measure.objects.in_plan(plan.pk).update(title="Løyndom")
    package = packed(PartnerPlan.objects.with_parties().get(pk=plan.pk))
    assert b"Tiltak 1.1" in package
    assert "Løyndom".encode() not in package


def test_the_roles_are_those_of_the_time(world: World, plan: PartnerPlan) -> None:
    world.editor.memberships.update(valid_from="2999-01-01")
    facts = json.loads(unpacked(packed(plan, SCREENED))["versjonar/1/fakta.json"])
    assert facts["void"]["by"] not in (NAME, "Fylkesredaktør")


def test_an_unsigned_plan_has_no_package(world: World) -> None:
    plan = make_plan(county=world.county, state=PlanState.FOR_SIGNATURE)
    with pytest.raises(NotSigned):
        gather(plan, FULL)


def test_a_damaged_attachment_stops_the_package(plan: PartnerPlan) -> None:
    row = ContributionFile.objects.order_by("pk")[0]
    with default_storage.open(row.path, "wb") as file:
        file.write(b"%PDF!")
    with pytest.raises(DamagedFile):
        packed(plan)
    default_storage.delete(row.path)
    with pytest.raises(FileNotFoundError):
        packed(plan)
    assert packed(plan, SCREENED)


def test_others_can_add_to_it(plan: PartnerPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    def added(plan: PartnerPlan, variant: ArchiveVariant) -> list[Record]:
        return [make_record(9, RecordKind.OUT)]

    monkeypatch.setattr(archiving, "MORE", [added])
    assert unpacked(packed(plan))["9/hovud.pdf"] == b"%PDF-"


@pytest.mark.parametrize("measures", [2, 150])
def test_it_takes_so_many_queries(world: World, measures: int) -> None:
    plan = make_archived(world, measures=measures)
    with CaptureQueriesContext(connection) as queries:
        packed(plan)
    assert len(queries) == 13


def test_it_speaks_the_language_of_the_plan(plan: PartnerPlan, settings: Any) -> None:
    before = packed(plan)
    with translation.override("en"):
        assert packed(plan) == before


def test_no_signer_is_named_in_the_pdf_of_the_screened_package(
    world: World, signed: dict[str, bytes]
) -> None:
    plan = make_plan(county=world.county, measures=1)
    make_version(plan, pdf=signed["sealed"])
    version = plan.versions.get()
    for sequence, party in enumerate(("county", "lup"), 3):
        add_file(version=version, kind=FileKind.SIGNED, content=signed[party], sequence=sequence)
    plan = set_state(plan, PlanState.ACTIVE)
    full = unpacked(packed(plan))["versjonar/1/plan.pdf"]
    screened = unpacked(packed(plan, SCREENED))["versjonar/1/plan.pdf"]
    assert full == signed["lup"]
    assert screened == signed["sealed"]
    assert said_in(full) >= {SIGNERS[0].encode(), SIGNERS[1].encode()}
    assert said_in(screened) == set()


def said_in(pdf: bytes) -> set[bytes]:
    """Return which of the signers the file names: as it lies there, in its streams, and in the
    certificates and text strings that it holds."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        places = [pdf]
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                places.append(thing.read_bytes())
            places.append(repr(thing).encode())
    ways = {
        name.encode(): (name.encode(), name.encode("utf-16-be"), name.encode().hex().encode())
        for name in SIGNERS
    }
    return {
        name
        for name, written in ways.items()
        if any(way in place or way.upper() in place for way in written for place in places)
    }
