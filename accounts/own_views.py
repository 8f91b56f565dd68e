"""My account: own roles, data and sessions; and the page where an invitation is accepted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Invitation, Membership, User, UserSession
from accounts.people_forms import AcceptForm, OwnDataForm
from accounts.people_views import ORGANISATIONS, PeopleRequest
from accounts.services import invitations, own, sessions


@never_cache
def account(request: PeopleRequest) -> HttpResponse:
    """One's own name, language, roles and sessions."""
    user = request.user
    form = OwnDataForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        own.change_own(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        response = HttpResponseRedirect(reverse("people:account"))
        # The language of the screen is kept where everybody's is.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"], samesite="Lax"
        )
        return response
    held = Membership.objects.filter(user=user).select_related(*ORGANISATIONS)
    return render(
        request,
        "accounts/people/account.html",
        {
            "form": form,
            "roles": held.order_by("-valid_from", "role"),
            "today": timezone.localdate(),
            "sessions": UserSession.objects.standing().filter(user=user),
            "this_session": request.session.session_key,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def own_data(request: PeopleRequest) -> HttpResponse:
    """All that is kept about oneself, as a file."""
    response = JsonResponse(
        own.own_data(user=request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response.headers["Content-Disposition"] = 'attachment; filename="lupplan-mine-data.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def end_session(request: PeopleRequest, pk: int) -> HttpResponse:
    """End another of one's own sessions."""
    session = UserSession.objects.filter(pk=pk, user=request.user).first()
    if session is None:
        raise Http404
    if session.session_key != request.session.session_key:
        sessions.end_session(session=session, by=request.user)
        messages.success(request, _("The session is ended."))
    return HttpResponseRedirect(reverse("people:account"))


@require_POST
def end_other_sessions(request: PeopleRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    sessions.end_other_sessions(request=request, user=request.user)
    messages.success(request, _("You are logged out everywhere else."))
    return HttpResponseRedirect(reverse("people:account"))


@never_cache
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with a new account, or with one's own once logged in."""
    try:
        invitation = invitations.find(token)
        if isinstance(request.user, User):
            return _accept_as(request, request.user, invitation, token)
        return _accept_as_new(request, invitation, token)
    except invitations.DeadInvitation:
        return render(request, "accounts/people/dead.html", status=404)


def _accept_as(
    request: HttpRequest, user: User, invitation: Invitation, token: str
) -> HttpResponse:
    context: dict[str, Any] = {"invitation": invitation}
    if invitation.email.casefold() != user.email.casefold():
        return render(request, "accounts/people/other_address.html", context, status=403)
    if request.method == "POST":
        invitations.accept_as(token=token, user=user)
        messages.success(request, _("You now hold the role."))
        return HttpResponseRedirect(reverse("plans:work"))
    return render(request, "accounts/people/accept.html", context)


def _accept_as_new(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    if User.objects.filter(email__iexact=invitation.email).exists():
        # Whoever got the link has read this address's mail: it tells nobody else.
        return render(request, "accounts/people/log_in_first.html", {"invitation": invitation})
    form = AcceptForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        user = invitations.accept_as_new(
            token=token, language=get_language() or "", **form.cleaned_data
        )
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(request, _("Welcome. The account is made."))
        return HttpResponseRedirect(reverse("plans:work"))
    return render(
        request,
        "accounts/people/accept.html",
        {"invitation": invitation, "form": form},
        status=422 if form.errors else 200,
    )
