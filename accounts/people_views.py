"""People and roles: who is there, inviting, withdrawing, ending."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import rules
from accounts.models import Invitation, Membership, User
from accounts.people_forms import InvitationForm
from accounts.services import invitations, roles

ON_A_PAGE = 50
ORGANISATIONS = ("county", "municipality", "cooperation", "working_group")


class PeopleRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User


def get_user(request: PeopleRequest) -> User:
    """Return who asks. Raises ``PermissionDenied`` for whoever looks after nobody's roles."""
    if not rules.can_see_people(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def people(request: PeopleRequest) -> HttpResponse:
    """Who holds which role in one's county, and who was invited by whom."""
    user = get_user(request)
    held = (
        Membership.objects.filter(rules.seen_by(user))
        .filter(pk__in=Membership.objects.valid_on(timezone.localdate()).values("pk"))
        .select_related("user", *ORGANISATIONS)
        .order_by("user__name", "user__email", "role", "pk")
    )
    invited = Invitation.objects.filter(rules.seen_by(user)).with_organisations()
    members = Paginator(held, ON_A_PAGE).get_page(request.GET.get("page"))
    sent = Paginator(invited, ON_A_PAGE).get_page(request.GET.get("invitasjonar"))
    return render(
        request,
        "accounts/people/list.html",
        {
            "members": members,
            "invitations": sent,
            "may_end": {row.pk for row in members if rules.can_end(user, row, of=row.user_id)},
            "may_manage": {row.pk for row in sent if rules.can_manage(user, row)},
            "crumbs": _crumbs(),
        },
    )


def invite(request: PeopleRequest) -> HttpResponse:
    """Invite somebody to a role."""
    user = get_user(request)
    form = InvitationForm(request.POST or None, by=user, cancel_url=reverse("people:list"))
    if request.method == "POST" and form.is_valid():
        role, organisation = form.cleaned_data["place"]
        try:
            invitations.invite(
                email=form.cleaned_data["email"],
                role=role,
                organisation=organisation,
                language=form.cleaned_data["language"],
                link=lambda token: _link(request, token),
                by=user,
            )
        except invitations.TooManyInvitations:
            form.add_error(None, _too_many())
        else:
            messages.success(request, _("The invitation is sent to %(email)s.") % form.cleaned_data)
            return HttpResponseRedirect(reverse("people:list"))
    return render(
        request,
        "accounts/people/invite.html",
        {"form": form, "crumbs": _crumbs(_("Invite"))},
        status=422 if form.errors else 200,
    )


@require_POST
def invite_again(request: PeopleRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    user = get_user(request)
    invitation = _invitation(user, pk)
    try:
        invitations.invite_again(
            invitation=invitation, link=lambda token: _link(request, token), by=user
        )
    except invitations.TooManyInvitations:
        messages.error(request, _too_many())
    except invitations.DeadInvitation:
        messages.error(request, _("The invitation was accepted or withdrawn meanwhile."))
    else:
        messages.success(request, _("The invitation is sent again. The old link no longer works."))
    return HttpResponseRedirect(reverse("people:list"))


@require_POST
def revoke(request: PeopleRequest, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    user = get_user(request)
    try:
        invitations.revoke(invitation=_invitation(user, pk), by=user)
    except invitations.DeadInvitation:
        messages.error(request, _("The invitation was accepted meanwhile. End the role instead."))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return HttpResponseRedirect(reverse("people:list"))


def end_role(request: PeopleRequest, pk: int) -> HttpResponse:
    """Ask, then end a role today."""
    user = get_user(request)
    membership = (
        Membership.objects.filter(rules.seen_by(user), pk=pk)
        .select_related("user", *ORGANISATIONS)
        .first()
    )
    if membership is None:
        raise Http404
    if not rules.can_end(user, membership, of=membership.user_id):
        raise PermissionDenied
    if request.method == "POST":
        roles.end_role(membership=membership, by=user)
        messages.success(request, _("The role is ended, and its user is logged out everywhere."))
        return HttpResponseRedirect(reverse("people:list"))
    what = {
        "name": membership.user,
        "role": membership.get_role_display(),
        "organisation": membership.organisation or "",
    }
    return render(
        request,
        "accounts/people/end.html",
        {
            "title": _("End the role of %(name)s?") % what,
            "text": _(
                "%(name)s is no longer %(role)s %(organisation)s from today, and is logged out"
                " everywhere. What they have done stays in the history."
            )
            % what,
            "crumbs": _crumbs(_("End a role")),
        },
    )


def _invitation(user: User, pk: int) -> Invitation:
    """Return an invitation that ``user`` sees and may manage."""
    found = Invitation.objects.filter(rules.seen_by(user), pk=pk).with_organisations().first()
    if found is None:
        raise Http404
    if not rules.can_manage(user, found):
        raise PermissionDenied
    return found


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("people:accept", args=[token]))


def _too_many() -> str:
    return _("You have sent many invitations within an hour. Wait a while, and send the rest.")


def _crumbs(last: str = "") -> list[tuple[str, str]]:
    name = _("People and roles")
    return [(name, reverse("people:list")), (last, "")] if last else [(name, "")]
