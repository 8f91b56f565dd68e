"""Signing: what a signatory asks for is a job, which signs the newest file of the version.

Whatever way a signature comes, ``keep_signature`` writes it, and moves the plan on when both have
signed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from audit.services import record
from plans import notices, rules
from plans.enums import (
    FileKind,
    JobKind,
    PlanState,
    SignatureLevel,
    SigningParty,
    SigningWay,
)
from plans.models import PartnerPlan, PlanVersion, Signature, VersionFile, VersionJob
from plans.services.telling import tell_of_plan
from plans.services.transitions import move_plan
from plans.services.version_files import add_file, newest_file
from plans.services.version_jobs import HANDLERS, Finish, GiveUp, TryLater, ask, ask_again, withdraw
from plans.services.versions import missing_signatures, waiting
from plans.signing import csc, external, keyring, sign
from plans.signing.errors import Refused, ServiceDown
from plans.signing.external import SigningService
from plans.signing.fields import PARTIES
from plans.signing.keys import BadKey
from plans.signing.longterm import long_term
from plans.signing.organisations import organisation_name
from plans.signing.stamp import stamp_text
from plans.urls_for import signing_url

FIELDS = dict(zip(SigningParty, PARTIES, strict=True))


class NotToSign(Exception):
    """There is no version of the plan that waits for this party's signature; the message says why,
    for people."""


class ChangedSince(NotToSign):
    """What is to be signed isn't any more what the signatory was shown."""


@dataclass(frozen=True)
class Shown:
    """What a signatory was shown: the document's fingerprint and the SHA-256 of the file."""

    fingerprint: str
    sha256: str


@dataclass(frozen=True)
class Signed:
    """A file with one more signature, and what the signature says."""

    content: bytes
    name: str
    role: str
    organisation: str
    way: SigningWay
    level: SignatureLevel
    signed_at: datetime


# --- Asked for --------------------------------------------------------------------------------


def sign_here(
    *,
    version: PlanVersion,
    party: SigningParty,
    by: User,
    name: str,
    role: str = "",
    shown: Shown | None = None,
    confirmed_by: str = "",
    way: SigningWay = SigningWay.HERE,
) -> VersionJob:
    """Ask for a party's signature with its organisation's certificate, in the name of a person; the
    key is the installation's, or is kept by the party's signing service (``way``).

    ``shown`` is what the person was shown; without it the newest file is signed unseen. Asked for
    once more by the same person, before it is done, it is the same job. Whether ``by`` may, and has
    confirmed who they are (``confirmed_by``), the caller has looked at. Raises ``NotToSign``.
    """
    with transaction.atomic():
        plan = check_signing(version=version, party=party, by=by, shown=shown)
        open_ = version.jobs.open().filter(kind=JobKind.SIGN, party=party).first()
        if open_ is not None and open_.by_id != by.pk:
            raise NotToSign(_("Somebody else is signing for this party already."))
        if open_ is not None:
            return open_
        record(
            by=by,
            verb="version.sign_asked",
            target=plan,
            new={
                "version": version.number,
                "party": party,
                "name": name,
                "role": role,
                "confirmed_by": confirmed_by,
                "way": way,
                **({"fingerprint": shown.fingerprint, "sha256": shown.sha256} if shown else {}),
            },
        )
        return ask(
            version=version,
            kind=JobKind.SIGN,
            party=party,
            by=by,
            asked={"name": name, "role": role, "way": way},
        )


def check_signing(
    *, version: PlanVersion, party: SigningParty, by: User, shown: Shown | None
) -> PartnerPlan:
    """Look whether ``by`` may sign what they were shown for a party now; return the plan with its
    parties, its row locked if there is a transaction around. Raises ``NotToSign``."""
    with transaction.atomic():
        plan = locked_waiting(version)
        check_turn(plan, version, party, by)
        newest = version.files.order_by("-sequence").values_list("sha256", flat=True).first()
    if newest is None:
        raise NotToSign(_("The PDF isn't made yet."))
    if shown is not None and (shown.fingerprint, shown.sha256) != (version.fingerprint, newest):
        raise ChangedSince(
            _("Not signed: the file has changed since it was shown to you. This is the new one.")
        )
    return plan


def retry(*, job: VersionJob, by: User) -> bool:
    """Have work that was given up tried again; False where it wasn't, or isn't wanted any more."""
    with transaction.atomic():
        plan = (
            PartnerPlan.objects.select_for_update(of=("self",))
            .with_parties()
            .get(pk=job.version.plan_id)
        )
        now_waiting = waiting(plan)
        if job.kind != JobKind.RENEW and (now_waiting is None or now_waiting.pk != job.version_id):
            return False
        if job.kind == JobKind.SIGN and not _may_still(plan, job):
            return False
        if not ask_again(job):
            return False
        record(
            by=by,
            verb="version.retried",
            target=plan,
            new={"version": job.version.number, "work": job.kind, "party": job.party},
        )
    return True


def withdraw_signing(*, version: PlanVersion, party: SigningParty, by: User) -> bool:
    """Take back the signature that was asked for and isn't made yet; False where it is."""
    with transaction.atomic():
        plan = PartnerPlan.objects.select_for_update().get(pk=version.plan_id)
        if not withdraw(version=version, kind=JobKind.SIGN, party=party):
            return False
        record(
            by=by,
            verb="version.sign_withdrawn",
            target=plan,
            new={"version": version.number, "party": party},
        )
    return True


def locked_waiting(version: PlanVersion) -> PartnerPlan:
    """Return the version's plan with its parties, its row locked. Raises ``NotToSign`` where the
    version isn't the one that waits for signatures."""
    plan = (
        PartnerPlan.objects.select_for_update(of=("self",)).with_parties().get(pk=version.plan_id)
    )
    now_waiting = waiting(plan)
    if now_waiting is None or now_waiting.pk != version.pk:
        raise NotToSign(_("This version no longer waits for signatures."))
    return plan


def check_turn(plan: PartnerPlan, version: PlanVersion, party: SigningParty, by: User) -> None:
    """Look whether the party may sign now, and ``by`` for it; the plan's row is locked. Raises
    ``NotToSign``: it has signed, the other is to sign first, or ``by`` signs for the other."""
    missing = missing_signatures(version)
    if party not in missing:
        raise NotToSign(_("This party has signed already."))
    first = plan.agreement.signs_first
    if first and first != party and SigningParty(first) in missing:
        raise NotToSign(_("By the agreement the other party signs first."))
    others = version.jobs.open().filter(kind=JobKind.SIGN, by=by).exclude(party=party)
    if version.signatures.filter(signer=by).exists() or others.exists():
        raise NotToSign(_("You have signed for the other party. Somebody else must sign for this."))


# --- Done -------------------------------------------------------------------------------------


def sign_newest(job: VersionJob) -> Finish:
    """Sign the newest file of the version for the job's party."""
    version, party = job.version, SigningParty(job.party)
    file = newest_file(version)
    if file is None:
        raise TryLater(_("The PDF isn't made yet."))
    name, role = str(job.asked["name"]), str(job.asked.get("role", ""))
    way, now = SigningWay(job.asked.get("way", SigningWay.HERE)), timezone.now()
    try:
        sign_with, organisation = _signer(version.plan, party, way)
        proof = long_term()
        content = sign_with(
            bytes(file.content),
            field=FIELDS[party],
            name=name,
            reason=_("Signs the partner plan"),
            stamp=stamp_text(
                name=name,
                role=role,
                organisation=organisation,
                at=timezone.localtime(now),
                is_demo=keyring.is_demo(),
            ),
            long_term=proof,
        )
    except (BadKey, ServiceDown) as error:
        raise TryLater(str(error)) from error
    except Refused as error:
        raise GiveUp(str(error)) from error
    signed = Signed(
        content=content,
        name=name,
        role=role,
        organisation=organisation,
        way=way,
        level=sign.level_of(proof),
        signed_at=now,
    )
    return finish_of(job, file, signed)


def finish_of(job: VersionJob, base: VersionFile, signed: Signed) -> Finish:
    """Return what writes the signature that a job made on top of ``base``."""

    def finish() -> None:
        try:
            plan = locked_waiting(job.version)
            _check_still(plan, job)
        except NotToSign as error:
            raise GiveUp(str(error)) from error
        newest = job.version.files.order_by("-sequence").values_list("pk", flat=True).first()
        if newest != base.pk:
            raise TryLater(_("The other party signed at the same moment. It is done again."))
        keep_signature(
            plan=plan,
            version=job.version,
            party=SigningParty(job.party),
            by=job.by,
            sequence=base.sequence + 1,
            signed=signed,
        )

    return finish


def keep_signature(
    *,
    plan: PartnerPlan,
    version: PlanVersion,
    party: SigningParty,
    by: User | None,
    sequence: int,
    signed: Signed,
) -> Signature:
    """Write a signed file and its signature; tell the other party, or put the plan in force if it
    was the last. The plan's row is locked, and the place ``sequence`` is looked at."""
    file = add_file(
        version=version, kind=FileKind.SIGNED, content=signed.content, sequence=sequence
    )
    signature = Signature.objects.create(
        version=version,
        party=party,
        file=file,
        signer=by,
        name=signed.name,
        role=signed.role,
        organisation=signed.organisation,
        way=signed.way,
        level=signed.level,
        signed_at=signed.signed_at,
    )
    record(
        by=by,
        verb="version.signed",
        target=plan,
        new={"version": version.number, "party": party, "sha256": file.sha256},
    )
    missing = missing_signatures(version)
    if missing:
        _tell_others(plan, missing, signed_by=party, by=by)
    else:
        move_plan(plan=plan, to=PlanState.ACTIVE, by=None)
    return signature


def _check_still(plan: PartnerPlan, job: VersionJob) -> None:
    """Look whether who asked for a signature may still give it: hours may lie between, in which
    their role ended, the party signed in another way, or they signed for the other party. The
    plan's row is locked. Raises ``NotToSign``."""
    party = SigningParty(job.party)
    if job.by is None:
        return
    check_turn(plan, job.version, party, job.by)
    if not (job.by.is_active and rules.signs_for(job.by, plan, party)):
        raise NotToSign(_("Who asked for the signature doesn't sign for this party any more."))


def _may_still(plan: PartnerPlan, job: VersionJob) -> bool:
    try:
        _check_still(plan, job)
    except NotToSign:
        return False
    return True


def signatories(plan: PartnerPlan, party: SigningParty) -> list[User]:
    """Return who can sign for a party of the plan today."""
    if party == SigningParty.LUP:
        return list(User.objects.holding(Role.LUP_SIGNATORY))
    return list(User.objects.holding(Role.COUNTY_SIGNATORY, county=plan.agreement.county_id))


def _tell_others(
    plan: PartnerPlan, missing: set[SigningParty], *, signed_by: SigningParty, by: User | None
) -> None:
    for party in missing:
        tell_of_plan(
            plan,
            signatories(plan, party),
            notices.OTHER_SIGNED,
            path=signing_url(plan),
            params={"party_code": signed_by},
            by=by,
        )


def service_of(plan: PartnerPlan, party: SigningParty) -> SigningService | None:
    """Return the external service that signs for a party; None where the settings name none."""
    if party == SigningParty.LUP:
        return csc.lup_service()
    return csc.county_service(plan.agreement.county.number)


def _signer(
    plan: PartnerPlan, party: SigningParty, way: SigningWay
) -> tuple[Callable[..., bytes], str]:
    """Return what signs for a party, and the organisation that its certificate names. Raises
    ``BadKey``, ``ServiceDown`` and ``Refused``."""
    if way == SigningWay.SERVICE:
        service = service_of(plan, party)
        if service is None:
            raise Refused(_("There is no signing service for this party any more."))
        organisation = organisation_name(service.certificates()[0])
        return partial(external.sign_with, service), organisation
    if party == SigningParty.LUP:
        key = keyring.lup_key()
    else:
        key = keyring.county_key(plan.agreement.county.number)
    return partial(sign.sign, key=key), key.organisation


HANDLERS[JobKind.SIGN] = sign_newest
