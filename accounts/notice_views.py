"""One's notices, and what one gets mail about: logged in, or by the link in a mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Notice, User
from accounts.notice_forms import MailTopicsForm
from accounts.notices import TOPICS, kind_of, registered
from accounts.people_views import PeopleRequest
from accounts.services import stops

ON_A_PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: PeopleRequest) -> HttpResponse:
    """What one has been told, the newest first, and the topics about which one gets mail."""
    user = request.user
    stopped = stops.stopped_by(user)
    initial = {"topics": [topic for topic in TOPICS if topic not in stopped]}
    form = MailTopicsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        stops.choose_topics(user=user, wanted=form.cleaned_data["topics"])
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("people:notices"))
    known = [kind.code for kind in registered()]
    own = Notice.objects.filter(user=user, kind__in=known).order_by("-pk")
    page = Paginator(own, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/people/notices.html",
        {
            "form": form,
            "page": page,
            "told": [(notice, _said(notice)) for notice in page],
            "crumbs": [(_("My account"), reverse("people:account")), (_("Notices"), "")],
        },
        status=422 if form.errors else 200,
    )


@never_cache
@csrf_exempt  # mail programs post here (RFC 8058); the token is a secret of the receiver's
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail about the topics of a mail, or get it again. Looking changes nothing: programs
    that examine mails follow its links."""
    try:
        user, topics = stops.read_token(token)
    except stops.BadToken as error:
        raise Http404 from error
    _use_language_of(user, request)
    if request.method == "POST":
        if request.POST.get("do") == "resume":
            stops.resume_mail(user=user, topics=topics, by=None)
        elif request.POST.get("do") == "stop" or "List-Unsubscribe" in request.POST:
            stops.stop_mail(user=user, topics=topics, by=None)
        if "List-Unsubscribe" not in request.POST:
            return HttpResponseRedirect(request.path)
    stopped = stops.stopped_by(user)
    return render(
        request,
        "accounts/people/stop_mail.html",
        {
            "topics": [TOPICS[topic] for topic in topics],
            "stopped": all(topic in stopped for topic in topics),
        },
    )


def _said(notice: Notice) -> object:
    kind = kind_of(notice.kind)
    return kind.say(notice.params) if kind else None


def _use_language_of(user: User, request: HttpRequest) -> None:
    """Show the page in the mail's language to whoever has chosen none on this machine."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
