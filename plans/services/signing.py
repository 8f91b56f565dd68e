"""Signing: what a signatory asks for is a job, which signs the newest file of the version.

The plan goes on by itself when both have signed.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from plans.enums import FileKind, JobKind, PlanState, SignatureLevel, SigningParty, SigningWay
from plans.models import PartnerPlan, PlanVersion, Signature, VersionFile, VersionJob
from plans.services.transitions import move_plan
from plans.services.version_files import add_file, newest_file
from plans.services.version_jobs import HANDLERS, Finish, GiveUp, TryLater, ask
from plans.services.versions import missing_signatures, waiting
from plans.signing import keyring, sign
from plans.signing.fields import PARTIES
from plans.signing.keys import BadKey, Key

FIELDS = dict(zip(SigningParty, PARTIES, strict=True))


class NotToSign(Exception):
    """There is no version of the plan that waits for this party's signature; the message says why,
    for people."""


def sign_here(*, version: PlanVersion, party: SigningParty, by: User, name: str) -> VersionJob:
    """Ask for a party's signature with its organisation's certificate, in the name of a person.

    Whether ``by`` may, and has shown who they are, the caller has looked at. Raises ``NotToSign``.
    """
    with transaction.atomic():
        plan = PartnerPlan.objects.select_for_update().get(pk=version.plan_id)
        now_waiting = waiting(plan)
        if now_waiting is None or now_waiting.pk != version.pk:
            raise NotToSign(_("This version no longer waits for signatures."))
        if party not in missing_signatures(version):
            raise NotToSign(_("This party has signed already."))
        return ask(version=version, kind=JobKind.SIGN, party=party, by=by, asked={"name": name})


def sign_newest(job: VersionJob) -> Finish:
    """Sign the newest file of the version for the job's party."""
    version, party = job.version, SigningParty(job.party)
    file = newest_file(version)
    if file is None:
        raise TryLater(_("The PDF isn't made yet."))
    key = _key(version.plan, party)
    name, now = str(job.asked["name"]), timezone.now()
    signed = sign.sign(
        bytes(file.content),
        field=FIELDS[party],
        key=key,
        name=name,
        reason=_("Signs the partner plan"),
        stamp="\n".join(
            (name, key.organisation, date_format(timezone.localtime(now), "DATETIME_FORMAT"))
        ),
    )

    def finish() -> None:
        _keep(job, file, signed, name=name, organisation=key.organisation)

    return finish


def _keep(
    job: VersionJob, base: VersionFile, signed: bytes, *, name: str, organisation: str
) -> None:
    """Write the signed file and its signature, and move the plan on if it was the last."""
    version = job.version
    plan = (
        PartnerPlan.objects.select_for_update(of=("self",)).with_parties().get(pk=version.plan_id)
    )
    now_waiting = waiting(plan)
    if now_waiting is None or now_waiting.pk != version.pk:
        raise GiveUp(_("The plan was returned meanwhile."))
    # A place that was taken meanwhile is refused by the database, and the job tried again.
    file = add_file(
        version=version, kind=FileKind.SIGNED, content=signed, sequence=base.sequence + 1
    )
    Signature.objects.create(
        version=version,
        party=job.party,
        file=file,
        signer=job.by,
        name=name,
        organisation=organisation,
        way=SigningWay.HERE,
        level=SignatureLevel.B,
        signed_at=timezone.now(),
    )
    record(
        by=job.by,
        verb="version.signed",
        target=plan,
        new={"version": version.number, "party": job.party, "sha256": file.sha256},
    )
    if not missing_signatures(version):
        move_plan(plan=plan, to=PlanState.ACTIVE, by=None)


def _key(plan: PartnerPlan, party: SigningParty) -> Key:
    try:
        if party == SigningParty.LUP:
            return keyring.lup_key()
        return keyring.county_key(plan.agreement.county.number)
    except BadKey as error:
        raise TryLater(_("The key of the party can't be used: %(why)s") % {"why": error}) from error


HANDLERS[JobKind.SIGN] = sign_newest
