"""The page where a plan is signed: what is signed, who has, and signing it here."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.login import at_the_act
from plans import rules
from plans.enums import SigningParty
from plans.forms.signing import SignForm, UploadForm
from plans.models import PartnerPlan, VersionJob
from plans.services import signing as service
from plans.services.signing import NotToSign
from plans.services.signing_state import SLUGS, Side, SigningState, state_of
from plans.services.versions import waiting
from plans.signing import keyring
from plans.urls_for import signing_url
from plans.views.access import get_plan
from plans.views.editing import UNPROCESSABLE, WorkRequest, bench_crumbs

PARTIES = {slug: party for party, slug in SLUGS.items()}


@dataclass(frozen=True)
class Turn:
    """A party that the visitor signs for, with the forms that do it; without them where it isn't
    its turn, or something is being done."""

    side: Side
    sign_form: SignForm | None
    upload_form: UploadForm | None


@require_safe
@never_cache
def signing(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """What is to be signed, word for word, who has signed and who hasn't."""
    return signing_page(request, get_plan(request, county, year, rules.can_work))


@require_POST
def sign(request: WorkRequest, county: str, year: int, party: str) -> HttpResponse:
    """Sign for a party with its organisation's certificate.

    Whoever hasn't just confirmed who they are is asked to, and comes back here with what they sent.
    """
    plan, side = signed_for(request, county, year, party)
    version = waiting(plan) if rules.can_sign(request.user, plan, side) else None
    if version is None:
        return refused(request, plan, _("Not signed: the plan isn't for signature any more."))
    form = SignForm(
        request.POST,
        action=address_of(plan, "sign_here", side),
        auto_id=f"id_{party}_%s",
        has_service=service.service_of(plan, side) is not None,
    )
    if not form.is_valid():
        return signing_page(request, plan, form=form, party=side, status=UNPROCESSABLE)
    try:
        service.check_signing(version=version, party=side, by=request.user, shown=form.shown)
    except NotToSign as error:
        return refused(request, plan, str(error))
    confirmation = at_the_act.confirmed(request)
    try:
        service.sign_here(
            version=version,
            party=side,
            by=request.user,
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
            shown=form.shown,
            confirmed_by=at_the_act.way_of(confirmation),
            way=form.chosen_way,
        )
    except NotToSign as error:
        return refused(request, plan, str(error))
    at_the_act.use(request)
    messages.success(request, _("Your signature is being made."))
    return HttpResponseRedirect(signing_url(plan))


@require_POST
def withdraw(request: WorkRequest, county: str, year: int, party: str) -> HttpResponse:
    """Take back the signature that was asked for and isn't made yet."""
    plan, side = signed_for(request, county, year, party)
    version = waiting(plan)
    if version is None or not service.withdraw_signing(
        version=version, party=side, by=request.user
    ):
        return refused(request, plan, _("There was nothing to take back."))
    messages.success(request, _("Taken back: the plan isn't signed."))
    return HttpResponseRedirect(signing_url(plan))


@require_POST
def retry(request: WorkRequest, county: str, year: int, job: int) -> HttpResponse:
    """Have what was given up tried again."""
    plan = get_plan(request, county, year, rules.can_retry_signing)
    found = get_object_or_404(VersionJob.objects.filter(version__plan=plan), pk=job)
    if service.retry(job=found, by=request.user):
        messages.success(request, _("It is tried again."))
    return HttpResponseRedirect(signing_url(plan))


def signed_for(
    request: WorkRequest, county: str, year: int, party: str
) -> tuple[PartnerPlan, SigningParty]:
    """Return the plan at an address and the party in it, for one of that party's signatories.

    Raises ``Http404`` and ``PermissionDenied`` as ``get_plan``.
    """
    side = PARTIES.get(party)
    if side is None:
        raise Http404

    def rule(user: rules.Visitor, plan: PartnerPlan) -> bool:
        return rules.signs_for(user, plan, side)

    return get_plan(request, county, year, rule), side


def address_of(plan: PartnerPlan, name: str, party: SigningParty) -> str:
    """Return the address of an act of signing for a party."""
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, "party": SLUGS[party]})


def refused(request: WorkRequest, plan: PartnerPlan, why: str) -> HttpResponse:
    """Say why something wasn't done, on the page as it is now."""
    messages.error(request, why)
    return HttpResponseRedirect(signing_url(plan))


def signing_page(
    request: WorkRequest,
    plan: PartnerPlan,
    *,
    form: SignForm | UploadForm | None = None,
    party: SigningParty | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page; ``form`` is one that was sent for ``party`` and not accepted."""
    state = state_of(plan)
    turns = [
        _turn(request, state, side, form if side.party == party else None)
        for side in state.sides
        if rules.can_sign(request.user, plan, side.party) and side.signature is None
    ]
    return render(
        request,
        "plans/signing/page.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "state": state,
            "turns": turns,
            "polls": state.is_busy,
            "is_demo": keyring.is_demo(),
            "can_retry": rules.can_retry_signing(request.user, plan),
            "crumbs": bench_crumbs(plan, _("Signing")),
        },
        status=status,
    )


def _turn(
    request: WorkRequest, state: SigningState, side: Side, sent: SignForm | UploadForm | None
) -> Turn:
    if state.file is None or state.version is None or side.waits_for_other or side.is_busy:
        return Turn(side, None, None)
    plan, auto_id = state.plan, f"id_{side.slug}_%s"
    shown = {"fingerprint": state.version.fingerprint, "sha256": state.file.sha256}
    sign_form = SignForm(
        action=address_of(plan, "sign_here", side.party),
        auto_id=auto_id,
        has_service=service.service_of(plan, side.party) is not None,
        initial={"name": request.user.name, **shown},
    )
    upload_form = UploadForm(
        action=address_of(plan, "sign_upload", side.party), auto_id=f"{auto_id}_upload"
    )
    return Turn(
        side,
        sent if isinstance(sent, SignForm) else sign_form,
        sent if isinstance(sent, UploadForm) else upload_form,
    )
