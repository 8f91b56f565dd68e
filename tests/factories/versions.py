"""Versions of plans, and plans in the states that have one, without setting or signing any PDF."""

from dataclasses import replace

from plans.document import fingerprint, read_plan, to_json
from plans.enums import (
    SIGNED_STATES,
    FileKind,
    PlanState,
    SignatureLevel,
    SigningParty,
    SigningWay,
)
from plans.models import PartnerPlan, PlanVersion, Signature
from plans.services.version_files import add_file


def bare_version(plan: PartnerPlan) -> PlanVersion:
    """Put the plan for signature, and return it as it stands now as its next version; no file of it
    is made yet, nor asked for."""
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE)
    return _frozen(plan)


def make_version(plan: PartnerPlan, *, signed: bool = True, pdf: bytes = b"%PDF-") -> PlanVersion:
    """Return the plan as it stands now as its next version, with a file; signed by both parties,
    and in force, unless ``signed`` is false."""
    version = _frozen(plan)
    add_file(version=version, kind=FileKind.SEALED, content=pdf, sequence=0)
    if signed:
        sign_both(version, pdf=pdf)
        PartnerPlan.objects.filter(pk=plan.pk).update(in_force=version)
    return version


def sign_both(version: PlanVersion, *, pdf: bytes = b"%PDF-") -> None:
    """Let both parties sign a version that nobody has signed; it isn't in force by that."""
    last = version.files.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    for sequence, party in enumerate(SigningParty, last + 1):
        file = add_file(version=version, kind=FileKind.SIGNED, content=pdf, sequence=sequence)
        Signature.objects.create(
            version=version,
            party=party,
            file=file,
            name="Signatar",
            organisation=party.label,
            way=SigningWay.HERE,
            level=SignatureLevel.B,
            signed_at=version.frozen_at,
        )


def _frozen(plan: PartnerPlan) -> PlanVersion:
    plan = PartnerPlan.objects.with_parties().get(pk=plan.pk)
    number = plan.versions.count() + 1
    document = replace(
        read_plan(plan).document, version=number, state=PlanState.FOR_SIGNATURE.value
    )
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        content=to_json(document).decode(),
        fingerprint=fingerprint(document),
        frozen_by=None,
    )


def set_state(plan: PartnerPlan, state: PlanState) -> PartnerPlan:
    """Put the plan into a state, with a version made of it as it stands where the state wants one;
    return it anew."""
    if state in SIGNED_STATES:
        if PartnerPlan.objects.filter(pk=plan.pk, in_force=None).exists():
            make_version(plan)
        PartnerPlan.objects.filter(pk=plan.pk).update(state=state)
    elif state == PlanState.FOR_SIGNATURE:
        PartnerPlan.objects.filter(pk=plan.pk).update(state=state)
        make_version(plan, signed=False)
    else:
        PartnerPlan.objects.filter(pk=plan.pk).update(state=state, in_force=None)
    return PartnerPlan.objects.with_parties().get(pk=plan.pk)
