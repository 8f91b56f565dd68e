"""Signing the demo's plans, with keys of the demo's own that nobody else believes."""

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from accounts.models import User
from plans.demo.amendment import YEAR as AMENDED
from plans.demo.amendment import begin_amendment
from plans.demo.users import DOMAIN
from plans.enums import JobState, PlanState, SigningParty
from plans.models import PartnerPlan, VersionJob
from plans.services import version_jobs
from plans.services.signing import sign_here
from plans.services.transitions import move_plan
from plans.services.versions import freeze, missing_signatures, waiting
from plans.signing import keyring
from plans.signing.demo_pki import MARK, make_demo_keys

SIGNATORIES = {
    SigningParty.COUNTY: (f"fylkessignatar@{DOMAIN}", "Fylkessignatar"),
    SigningParty.LUP: (f"lup-signatar@{DOMAIN}", "LUP-signatar"),
}
CLOSED = 2020


class DemoNotSigned(Exception):
    """A plan of the demo could not be signed; the message says why."""


def make_keys() -> None:
    """Make the demo's keys where the installation has no keys of its own."""
    folder = Path(settings.SIGNING_KEYS)
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        return
    make_demo_keys(
        folder,
        {
            keyring.SEAL: "Lupplan (demo)",
            keyring.LUP: "Leverandørutviklingsprogrammet",
            "fylke-15": "Møre og Romsdal fylkeskommune",
        },
    )


def send_to_signing(plan: PartnerPlan, by: User) -> None:
    """Freeze a plan; within the transaction that made it."""
    PartnerPlan.objects.filter(pk=plan.pk).update(state=PlanState.FOR_SIGNATURE)
    freeze(plan=PartnerPlan.objects.with_parties().get(pk=plan.pk), by=by)


def sign_all(users: dict[str, User]) -> None:
    """Let both parties sign the demo's plans of 2020 and 2021 that wait for it, close the first,
    and begin on an amendment of the other; in the transaction that made them."""
    mine = PartnerPlan.objects.with_parties().filter(
        is_example=True, agreement__county__number="15"
    )
    for plan in mine.filter(state=PlanState.FOR_SIGNATURE, year__in=(2020, 2021)):
        version = waiting(plan)
        if version is None:
            continue
        _do(version.jobs.all())
        for party in sorted(missing_signatures(version)):
            address, name = SIGNATORIES[party]
            sign_here(version=version, party=party, by=users[address], name=name)
            _do(version.jobs.all())
    for plan in mine.filter(state=PlanState.ACTIVE, year=CLOSED):
        move_plan(plan=plan, to=PlanState.CLOSED, by=users[f"fylkesredaktor@{DOMAIN}"])
    for plan in mine.filter(state=PlanState.ACTIVE, year=AMENDED):
        begin_amendment(plan, users)


def _do(jobs: QuerySet[VersionJob]) -> None:
    for job in jobs.exclude(state=JobState.DONE):
        version_jobs.ask_again(job)
        version_jobs.do(job.pk)
        job.refresh_from_db()
        if job.state != JobState.DONE:
            raise DemoNotSigned(job.error)
