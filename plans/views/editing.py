"""How every form of the workbench is answered, so that nothing typed is lost.

A form is sent to its own address in five ways: to be saved; as a draft that its writer asks for
(``draft=keep``) or that the page sends by itself (``draft=auto``); and to tell that it is open
(``draft=seen``) or closed (``draft=left``). So only who may save a thing may draft it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django_htmx.http import reselect, reswap, retarget
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from lupplan.forms import Actions, SubmitButton
from plans.forms.base import VersionedForm
from plans.models import PartnerPlan
from plans.services import drafts
from plans.services.drafts import NotKept
from plans.services.presence import leave
from plans.services.saving import Conflict, PlanIsFrozen
from plans.urls_for import bench_url
from plans.views.company import Desk, words_for

UNPROCESSABLE, CONFLICT = 422, 409
KEEP, AUTO, SEEN, LEFT = "keep", "auto", "seen", "left"
MOST_TRIES = 5


class WorkRequest(HttpRequest):
    """A request to the workbench: of somebody who is logged in, and as django-htmx completes it."""

    htmx: HtmxDetails
    user: User  # LoginRequiredMiddleware lets nobody else come here


class Refused(Exception):
    """What a form's ``save`` raises when what was sent can't be saved as it is: its writer is told
    ``str(error)`` in the form, which keeps all that was typed."""


class NotSaved(Exception):
    """What a form's ``save`` raises when the thing can't be saved now, through no fault of the
    form: its writer is told ``str(error)``, and what they typed is kept as a draft."""


def frozen(request: HttpRequest, plan: PartnerPlan) -> HttpResponse:
    """Answer a write that came after the plan went on to a state that allows none."""
    messages.error(
        request,
        _("Not saved: the plan is no longer open for changes. What it says now is shown here."),
    )
    return HttpResponseRedirect(bench_url(plan))


def answer_form(
    request: WorkRequest,
    *,
    plan: PartnerPlan,
    form: VersionedForm,
    save: Callable[[], str],
    heading: str,
    crumb: str,
    edit_id: str = "edit",
    context: dict[str, Any] | None = None,
    place: str = "",
    template: str = "plans/work/form.html",
    listed: bool = True,
) -> HttpResponse:
    """Show a form, or save it and go on to the address that ``save`` returns.

    Faults are shown in the form; a conflict is brought together field by field and asked about
    where both changed the same, and the form can be sent again. On the workbench htmx fetches the
    same page and takes the element ``edit_id`` out of it. ``place`` tells drafts and presence which
    thing is written; without it, it is the address. ``listed`` is False for what isn't everybody's
    who sees the workbench: that somebody writes it isn't told there.
    """
    address = _address(request)
    desk = Desk(request.user, plan, place or address, address, heading, listed)
    status = 200
    notice: dict[str, Any] = {}
    asked = request.POST.get("draft", "")
    if request.method != "POST":
        notice = desk.open(form)
    elif asked in (AUTO, SEEN, LEFT):
        return _quietly(desk, form, asked)
    elif asked:
        kept = _keep(request, desk, form)
        if kept and not request.htmx:
            return HttpResponseRedirect(request.get_full_path())
        status = 200 if kept else UNPROCESSABLE
        notice = desk.open(form) if kept else {}
    elif "choose" not in request.POST:
        form.follow_choices(request.POST)
        answer = _save(request, desk, form, save)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    return _page(
        request,
        form,
        edit_id,
        {
            "plan": plan,
            "is_example": plan.is_example,
            "form": form,
            "edit_id": edit_id,
            "heading": heading,
            "crumbs": bench_crumbs(plan, crumb),
            **notice,
            **(context or {}),
        },
        status,
        template,
    )


def _address(request: WorkRequest) -> str:
    """Return the address of the form as the site writes it: numbers may be sent with any amount of
    zeros before them, but a thing has one place."""
    match = request.resolver_match
    return reverse(match.view_name, kwargs=match.kwargs) if match else request.path


def _save(
    request: WorkRequest, desk: Desk, form: VersionedForm, save: Callable[[], str]
) -> HttpResponse | int:
    """Save a form and return the way on, or the status of the page that shows it again."""
    sitting, loaded = (
        request.POST.get(form.add_prefix(name), "") for name in ("sitting", "loaded")
    )
    for _try in range(MOST_TRIES):
        if not form.is_valid():
            return UNPROCESSABLE
        try:
            with transaction.atomic():
                drafts.finish_draft(by=desk.user, place=desk.place, sitting=sitting, loaded=loaded)
                address = save()
        except Refused as error:
            form.add_error(None, str(error))
            return UNPROCESSABLE
        except PlanIsFrozen:
            _rescue(request, desk, form)
            return frozen(request, desk.plan)
        except NotSaved as error:
            messages.error(request, str(error))
            _rescue(request, desk, form)
            return HttpResponseRedirect(bench_url(desk.plan))
        except Conflict as conflict:
            if not form.meet(conflict):
                return CONFLICT
        else:
            leave(user=desk.user, place=desk.place)
            if form.taken:
                messages.info(
                    request,
                    _("Saved together with what somebody else saved meanwhile: %(fields)s.")
                    % {"fields": ", ".join(str(each.label) for each in form.taken)},
                )
            return HttpResponseRedirect(address)
    return CONFLICT


def _quietly(desk: Desk, form: VersionedForm, asked: str) -> JsonResponse:
    """Answer the page's own script: was the draft kept, and who else is here."""
    if asked == LEFT:
        leave(user=desk.user, place=desk.place)
        return JsonResponse({})
    answer: dict[str, object] = {"here": words_for(desk.others())}
    if asked == AUTO:
        try:
            draft = desk.keep(form)
        except NotKept as error:
            answer["why"] = error.why
        else:
            answer["kept"] = time_format(localtime(draft.saved_at), "H.i")
    return JsonResponse(answer)


def _keep(request: WorkRequest, desk: Desk, form: VersionedForm) -> bool:
    """Keep a draft that its writer asked for, and tell them."""
    words = {
        NotKept.LONG: _("Not kept as a draft: the text is too long."),
        NotKept.FULL: _("Not kept: you have very many drafts. Throw some away under “My drafts”."),
        NotKept.ELSEWHERE: _(
            "Not kept: you have another draft of this, written in another window or on another "
            "machine. What you typed here is still in the form: save it, or throw the other draft "
            "away first."
        ),
        NotKept.SAVED: _("Not kept: this is saved in the plan already."),
    }
    try:
        draft = desk.keep(form)
    except NotKept as error:
        messages.error(request, words[error.why])
        return False
    messages.success(request, _("The draft is kept. It is not saved in the plan yet."))
    form.load(draft.data or {}, draft.sitting)
    return True


def _rescue(request: WorkRequest, desk: Desk, form: VersionedForm) -> None:
    """Keep what can't be saved any more, where its writer finds it."""
    try:
        desk.keep(form, force=True)
    except NotKept:
        return
    messages.info(
        request, _("What you typed is not lost: it is among your drafts, under “My work”.")
    )


def _page(
    request: WorkRequest,
    form: VersionedForm,
    edit_id: str,
    context: dict[str, Any],
    status: int,
    template: str,
) -> HttpResponse:
    """Draw the form on a page of its own, or for its place on the workbench."""
    helper = form.helper
    helper.render_hidden_fields = True
    helper.form_id = f"{edit_id}-form"
    helper.attrs["data-draft"] = request.path
    if form.has_draft_button:
        _add_button(helper.layout)
    if request.htmx:
        # In its place on the workbench: the whole workbench comes back when it is saved.
        helper.attrs.update(
            {
                "hx-post": request.path,
                "hx-target": "#bench",
                "hx-select": "#bench",
                "hx-swap": "outerHTML show:none",
                "hx-select-oob": "#messages",
            }
        )
    response = render(request, template, context, status=status)
    if request.htmx and request.method == "POST":
        # Not saved: the form gets itself back, where it stands.
        place = f"#{edit_id}"
        response = reswap(reselect(retarget(response, place), place), "outerHTML")
    return response


def _add_button(layout: Any) -> None:
    """Give the form the button that keeps it as a draft, after the one that saves."""
    actions = next((item for item in layout.fields if isinstance(item, Actions)), None)
    if actions is not None:
        button = SubmitButton(_("Keep as a draft"), name="draft", value=KEEP, variant="secondary")
        actions.fields.insert(1, button)


def bench_crumbs(plan: PartnerPlan, last: str = "") -> list[tuple[str, str]]:
    """Return the way from the list of one's plans to a page of the workbench."""
    crumbs = [(_("My work"), reverse("plans:work"))]
    name = f"{plan.agreement.county.name} {plan.year}"
    return [*crumbs, (name, bench_url(plan)), (last, "")] if last else [*crumbs, (name, "")]
