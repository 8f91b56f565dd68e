"""Versions of synthetic plans: their documents, with a stand-in for the PDF and the signatures.

Setting and signing hundreds of PDFs would take half an hour and show nothing: these plans are there
to try the pages against great numbers.
"""

import hashlib
from dataclasses import replace
from functools import cache

from plans.document import fingerprint, read_plan, to_json
from plans.enums import FileKind, PlanState, SignatureLevel, SigningParty, SigningWay
from plans.exports.pdf.assets import FONTS
from plans.exports.pdf.process import typeset
from plans.exports.pdf_worker.jobs import Job
from plans.models import PartnerPlan, PlanVersion, Signature, VersionFile

_HTML = """<!DOCTYPE html><html lang="nn"><head><meta charset="utf-8"><title>Syntetisk plan</title>
</head><body><h1>Syntetisk plan</h1><p>Planen er laga for å prøve sidene mot store mengder. Han har
ingen signert PDF.</p></body></html>"""


def make_version(plan: PartnerPlan) -> PlanVersion:
    """Return the plan as it stands as its first version, not signed by anybody for real."""
    plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    document = replace(read_plan(plan).document, version=1, state=PlanState.FOR_SIGNATURE.value)
    version = PlanVersion.objects.create(
        plan=plan,
        number=1,
        content=to_json(document).decode(),
        fingerprint=fingerprint(document),
        frozen_by=None,
    )
    content = _no_pdf()
    files = VersionFile.objects.bulk_create(
        VersionFile(
            version=version,
            sequence=sequence,
            kind=FileKind.SIGNED if sequence else FileKind.SEALED,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for sequence in range(3)
    )
    Signature.objects.bulk_create(
        Signature(
            version=version,
            party=party,
            file=file,
            signer=None,
            name="Syntetisk signatur",
            organisation=str(party.label),
            way=SigningWay.HERE,
            level=SignatureLevel.B,
            signed_at=version.frozen_at,
        )
        for party, file in zip(SigningParty, files[1:], strict=True)
    )
    return version


@cache
def _no_pdf() -> bytes:
    (pdf,) = typeset(
        [
            Job(
                html=_HTML.encode(),
                fonts={name: str(path) for name, path in FONTS.items()},
                attachment=b"{}",
                attachment_name="plan.json",
                attachment_description="Syntetisk plan",
                modified="2024-01-01T00:00:00+00:00",
            )
        ]
    )
    return pdf
