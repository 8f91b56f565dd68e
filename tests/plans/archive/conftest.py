"""A plan that was returned once and then signed, with input, attachments and hostile texts."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plans.enums import ArchiveVariant, PlanState
from plans.exports.pdf import plan_pdf
from plans.models import ContributionFile, ExternalEvidence, PartnerPlan, VersionVoid
from plans.services.answers import answer_contribution
from plans.services.archiving import write_archive
from plans.services.attachments import attach
from plans.services.transitions import move_plan
from plans.signing import fields, keyring, sign
from tests.factories.contributions import make_contribution, make_round
from tests.factories.documents import make_document
from tests.factories.plans import make_plan
from tests.factories.versions import make_version, set_state
from tests.plans.conftest import World

NAME = "Arkivredaktør Prøve"
MAIL = "arkivredaktor.prove@test.example"
TELEPHONE = "+47 912 34 567"
REASON = f"Ring {NAME} på {TELEPHONE}."
SIGNERS = ("Fylkessignatar Prøve", "LUP-signatar Prøve")
HOSTILE = {"kart.pdf": "../../Kart\\..\x01/over\u202e æå.pdf", "con.txt": "CON.txt"}


def make_archived(world: World, measures: int = 2) -> PartnerPlan:
    """Return the plan: version 1 void, version 2 in force; an input that was declined, and one with
    attachments that have hostile names."""
    world.editor.name = NAME
    world.editor.save()
    plan = make_plan(county=world.county, measures=measures, state=PlanState.CONSULTATION)
    make_round(plan)
    first = make_contribution(
        plan, world.cooperation, by=world.editor, need=f"Skriv til {MAIL} eller {NAME.upper()}."
    )
    second = make_contribution(plan, world.municipalities[0], title="Ferjer\x0b & <kai>")
    for name, hostile in HOSTILE.items():
        content = b"%PDF-" if name.endswith("pdf") else b"Ord"
        row = attach(contribution=second, upload=SimpleUploadedFile(name, content), by=world.editor)
        # Today such a name is refused.
        ContributionFile.objects.filter(pk=row.pk).update(name=hostile)
    plan = move_plan(
        plan=plan, to=PlanState.NEGOTIATION, by=world.editor, override_reason="Det hastar."
    )
    answer_contribution(
        contribution=first,
        accepted=False,
        answer=f"Nei, seier {NAME}.",
        expected_version=first.version,
        by=world.editor,
    )
    void = make_version(plan, signed=False)
    VersionVoid.objects.create(version=void, by=world.editor, reason=REASON)
    signed = make_version(plan, pdf=b"%PDF-2")
    evidence = f"Kvittering til {NAME}".encode()
    ExternalEvidence.objects.create(
        version=signed,
        party="LUP",
        file_name=f"../{NAME}.xml",
        content=evidence,
        size=len(evidence),
        sha256=hashlib.sha256(evidence).hexdigest(),
        note=f"Frå {NAME}",
        by=world.editor,
    )
    return set_state(plan, PlanState.ACTIVE)


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    """The plan that is archived."""
    return make_archived(world)


def packed(plan: PartnerPlan, variant: ArchiveVariant = ArchiveVariant.FULL) -> bytes:
    """Return the bytes of a plan's package."""
    out = io.BytesIO()
    write_archive(plan, variant, out)
    return out.getvalue()


def unpacked(package: bytes) -> dict[str, bytes]:
    """Return what a package holds, by path below its one folder."""
    with zipfile.ZipFile(io.BytesIO(package)) as found:
        assert found.testzip() is None
        return {name.partition("/")[2]: found.read(name) for name in found.namelist()}


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The folder that packages are delivered to."""
    place = tmp_path / "arkiv"
    place.mkdir()
    settings.ARCHIVE_TARGET = str(place)
    return place


@pytest.fixture(scope="session")
def signed(signing_keys: None) -> dict[str, bytes]:
    """A real PDF as it was sealed, with the first signature, and with both."""
    pdf = fields.with_signature_fields(plan_pdf(make_document(measures=2, version=1)))
    stages = {"sealed": sign.seal(pdf, key=keyring.seal_key(), reason="Forsegla")}
    keys = {"county": keyring.county_key("60"), "lup": keyring.lup_key()}
    last = stages["sealed"]
    for field, name, (party, key) in zip(fields.PARTIES, SIGNERS, keys.items(), strict=True):
        last = stages[party] = sign.sign(
            last, field=field, key=key, name=name, reason="Signerer", stamp=name
        )
    return stages
