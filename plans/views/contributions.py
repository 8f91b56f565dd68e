"""Where contributions are written: one's own, and for the editor also on behalf of somebody."""

from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.enums import PlanState
from plans.forms.contribution import SEND, DraftForm, SendForm
from plans.forms.senders import all_senders, own_senders
from plans.history import entries, events_of_contribution
from plans.models import Contribution, ContributionRound, PartnerPlan
from plans.services import contributions as service
from plans.services import rounds
from plans.services.filekinds import KINDS, MOST_BYTES, MOST_FILES
from plans.services.saving import PlanIsFrozen
from plans.urls_for import contribution_url, inbox_url, own_url, plan_url
from plans.views.access import came_too_late, get_plan
from plans.views.editing import Refused, WorkRequest, answer_form
from plans.working_copy import show_signed

HISTORY = 30  # events on a contribution's page


class Writing(NamedTuple):
    """What a writer of contributions may do now.

    ``late`` lets the county's editor go past the deadline; ``is_open`` is the deadline itself.
    """

    round: ContributionRound | None
    is_open: bool
    late: bool

    @property
    def can_send(self) -> bool:
        """Whether what is written can be sent now."""
        return self.is_open or self.late


def writing(request: WorkRequest, plan: PartnerPlan) -> Writing:
    """Return what the visitor may do with contributions to the plan today; one query."""
    round_ = rounds.round_of(plan)
    return Writing(
        round=round_,
        is_open=rules.takes_input(plan, round_, rounds.today()),
        late=rules.can_write_on_behalf(request.user, plan),
    )


def get_contribution(request: WorkRequest, plan: PartnerPlan, key: UUID) -> Contribution:
    """Return a contribution to the plan that the visitor may read. Raises ``Http404``."""
    rows = Contribution.objects.with_sender().with_results().select_related("written_by")
    contribution = rows.filter(plan=plan, key=key).first()
    if contribution is None:
        raise Http404
    contribution.plan = plan
    if not rules.can_read_contribution(request.user, plan, contribution):
        raise Http404
    return contribution


def writable(request: WorkRequest, county: str, year: int, key: UUID) -> Contribution:
    """Return a contribution that the visitor may write, with its plan.

    Raises ``Http404`` and ``PermissionDenied``.
    """
    plan = get_plan(request, county, year, rules.can_read_in_part)
    contribution = get_contribution(request, plan, key)
    may_write = partial(rules.can_write_contribution, contribution=contribution)
    if not may_write(request.user, plan) and not came_too_late(request, plan, may_write):
        raise PermissionDenied
    return contribution


@require_safe
def own_contributions(request: WorkRequest) -> HttpResponse:
    """What one is invited to give input to, and one's input with its answers, of all plans."""
    user = request.user
    invited = (
        ContributionRound.objects.filter(
            rules.invited(user), plan__state__in=(PlanState.CONSULTATION, PlanState.NEGOTIATION)
        )
        .select_related("plan__agreement__county")
        .order_by("closes_on", "pk")
        .distinct()
    )
    contributions = (
        Contribution.objects.of_senders_of(user)
        .exclude(plan__state=PlanState.DRAFT)
        .with_plan()
        .with_sender()
        .with_results()
        .order_by("-plan__year", "plan__agreement__county__name", "-pk")
    )
    show_signed(contributions)
    today = rounds.today()
    response = render(
        request,
        "plans/input/own.html",
        {
            "invited": [(row, rules.takes_input(row.plan, row, today)) for row in invited],
            "contributions": contributions,
            "crumbs": [(_("My work"), reverse("plans:work")), (_("My input"), "")],
        },
    )
    return _private(response)


def contribution_new(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Write a contribution: kept as a draft, or sent. After the deadline a page that says so; what
    was typed meanwhile is kept as a draft all the same."""
    plan = get_plan(request, county, year, rules.can_write_input, to_write=True)
    now = writing(request, plan)
    if request.method != "POST" and not now.can_send:
        context = {"plan": plan, "is_example": plan.is_example, "round": now.round}
        crumbs = crumbs_of(request, plan, _("New input"))
        return render(request, "plans/input/closed.html", {**context, "crumbs": crumbs})
    senders = all_senders(plan) if now.late else own_senders(request.user, plan)
    form_class = SendForm if SEND in request.POST else DraftForm
    form = form_class(
        request.POST or None, senders=senders, cancel_url=reverse("plans:contributions_own")
    )

    def save() -> str:
        try:
            contribution = service.add_contribution(
                plan=plan,
                sender=form.sender,
                values=form.values(),
                by=request.user,
                on_behalf=not rules.speaks_for(request.user, plan, form.sender),
            )
        except PlanIsFrozen:
            raise Refused(frozen_text()) from None
        _send_if_asked(request, contribution, now)
        return contribution_url(plan, contribution)

    own = {row.party_code for row in rounds.invitations_of(now.round)} if now.round else set()
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=_("New input"),
        crumb=_("New input"),
        template="plans/input/write.html",
        listed=False,
        context={
            "round": now.round,
            "is_open": now.is_open,
            "on_behalf": now.late,
            "uninvited": not now.late and not own.intersection(form.senders),
            "crumbs": crumbs_of(request, plan, _("New input")),
        },
    )


def contribution_edit(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Write on a draft, or change what was sent, which is thereby sent anew."""
    contribution = writable(request, county, year, key)
    plan, title, was_draft = contribution.plan, contribution.title, contribution.is_draft
    now = writing(request, plan)
    if request.method != "POST" and not was_draft and not now.can_send:
        return HttpResponseRedirect(contribution_url(plan, contribution))
    form_class = SendForm if SEND in request.POST or not was_draft else DraftForm
    form = form_class(
        request.POST or None,
        instance=contribution,
        senders=None,
        cancel_url=contribution_url(plan, contribution),
    )

    def save() -> str:
        try:
            saved = service.change_contribution(
                contribution=contribution,
                values=form.values(),
                expected_version=form.expected_version,
                by=request.user,
                late=now.late,
            )
        except service.IsAnswered:
            raise Refused(_("It has been answered meanwhile, and can't be changed.")) from None
        except service.RoundIsClosed:
            raise Refused(late_text()) from None
        except PlanIsFrozen:
            raise Refused(frozen_text()) from None
        if was_draft:
            _send_if_asked(request, saved, now)
        else:
            messages.success(request, _("The changed input is sent."))
        return contribution_url(plan, saved)

    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=title,
        crumb=title,
        template="plans/input/write.html",
        listed=False,
        context={
            "round": now.round,
            "is_open": now.is_open,
            "on_behalf": contribution.on_behalf,
            "contribution": contribution,
            "crumbs": crumbs_of(request, plan, title),
        },
    )


def contribution_withdraw(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """Ask, then take back what was sent; it is a draft again."""
    contribution = writable(request, county, year, key)
    plan = contribution.plan
    back = contribution_url(plan, contribution)
    now = writing(request, plan)
    if request.method == "POST":
        try:
            service.withdraw_contribution(contribution=contribution, by=request.user, late=now.late)
        except service.RoundIsClosed:
            messages.error(request, late_text())
        except service.IsAnswered:
            messages.error(request, _("It has been answered, and can't be withdrawn."))
        except PlanIsFrozen:
            messages.error(request, frozen_text())
        else:
            messages.success(request, _("The input is withdrawn. You have it as a draft."))
        return HttpResponseRedirect(back)
    return render(
        request,
        "plans/work/delete.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "title": _("Withdraw “%(title)s”?") % {"title": contribution.title},
            "text": _("The county no longer sees it. You keep it as a draft."),
            "label": _("Withdraw the input"),
            "cancel_url": back,
            "crumbs": crumbs_of(request, plan, contribution.title),
        },
    )


@require_safe
def contribution(request: WorkRequest, county: str, year: int, key: UUID) -> HttpResponse:
    """A contribution with its answer, for its sender and for those who read the inbox."""
    plan = get_plan(request, county, year, rules.can_read_in_part)
    found = get_contribution(request, plan, key)
    now = writing(request, plan)
    reads_inbox = rules.can_read_inbox(request.user, plan) and not found.is_draft
    if not rules.can_work(request.user, plan):
        show_signed([found])
    can_write = rules.can_write_contribution(request.user, plan, found)
    response = render(
        request,
        "plans/input/contribution.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "contribution": found,
            "files": found.files.all(),
            "round": now.round,
            "can_write": can_write and (found.is_draft or now.can_send),
            "can_send": can_write and found.is_draft and now.can_send,
            "is_late": can_write and not now.can_send,
            "can_answer": reads_inbox and rules.can_answer(request.user, plan),
            "reads_inbox": reads_inbox,
            "entries": entries(events_of_contribution(found)[:HISTORY]) if reads_inbox else (),
            "limits": {"kinds": KINDS, "mb": MOST_BYTES // 1024 // 1024, "count": MOST_FILES},
            "crumbs": crumbs_of(request, plan, found.title),
        },
    )
    return _private(response)


def crumbs_of(request: WorkRequest, plan: PartnerPlan, last: str) -> list[tuple[str, str]]:
    """Return the way to a page about input: through the inbox for those who read it."""
    name = f"{plan.agreement.county.name} {plan.year}"
    if rules.can_read_inbox(request.user, plan):
        up = [(name, plan_url(plan)), (_("Input"), inbox_url(plan))]
    else:
        up = [(_("My input"), reverse("plans:contributions_own")), (name, own_url(plan))]
    return [(_("My work"), reverse("plans:work")), *up, (last, "")]


def late_text() -> str:
    """Say that the deadline has passed."""
    return _(
        "The deadline for input has passed, so nothing was changed. "
        "Talk to the county's editor, who can still write on your behalf."
    )


def frozen_text() -> str:
    """Say that the plan takes no input any more."""
    return _("The plan has gone on and takes no more input, so nothing was changed.")


def _send_if_asked(request: WorkRequest, contribution: Contribution, now: Writing) -> None:
    """Send a draft that was just saved where the button says so; else it is kept."""
    if SEND not in request.POST:
        messages.success(request, _("The draft is saved. Nobody else than you and yours sees it."))
        return
    try:
        service.send_contribution(contribution=contribution, by=request.user, late=now.late)
    except (service.RoundIsClosed, PlanIsFrozen):
        messages.error(
            request,
            _("The deadline has passed: the input is not sent, but kept here as a draft."),
        )
    except service.NotComplete:
        messages.error(request, _("Not sent: something is missing in the input. It is a draft."))
    else:
        messages.success(request, _("The input is sent. You are told when it is answered."))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-cache"
    return response
