"""The queue of mails in the admin: to read, and to send failed ones again."""

import re

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Mail, User
from accounts.services.sending import send_again

STOP_LINK = "/konto/varsel/stopp/"


@admin.register(Mail)
class MailAdmin(admin.ModelAdmin):
    """Lists and shows mails; what those with a secret link say is shown to nobody."""

    list_display = [
        "state",
        "subject",
        "receiver",
        "attempts",
        "last_error",
        "made_at",
        "sent_at",
    ]
    list_display_links = ["subject"]
    list_filter = ["state", "secret", "language", "made_at"]
    search_fields = ["subject", "receiver", "last_error"]
    date_hierarchy = "made_at"
    actions = ["put_back"]
    fields = [
        "state",
        "subject",
        "receiver",
        "language",
        "secret",
        "what_it_says",
        "attempts",
        "last_error",
        "made_at",
        "claimed_at",
        "next_attempt_at",
        "sent_at",
    ]
    readonly_fields = ["what_it_says"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Mail]:
        """Return the mails; the list needs none of their texts."""
        return super().get_queryset(request).defer("text", "html", "headers")

    @admin.display(description=gettext_lazy("what it says"))
    def what_it_says(self, mail: Mail) -> str:
        """Return the plain text, which says the same as the HTML, without the receiver's links that
        stop mail: they are for nobody else to press."""
        if mail.secret:
            return _("(not shown: it holds a secret link)")
        return re.sub(f"{re.escape(STOP_LINK)}\\S+", f"{STOP_LINK}…", mail.text)

    @admin.action(description=gettext_lazy("Send the chosen failed mails again"))
    def put_back(self, request: HttpRequest, mails: models.QuerySet[Mail]) -> None:
        """Put failed mails back into the queue; others are left as they are."""
        assert isinstance(request.user, User)
        put_back = sum(send_again(mail=mail, by=request.user) for mail in mails)
        left = mails.count() - put_back
        if put_back:
            text = ngettext("%(n)s mail is sent again.", "%(n)s mails are sent again.", put_back)
            messages.success(request, text % {"n": put_back})
        if left:
            text = ngettext(
                "%(n)s mail was left: it hasn't failed, or its link is too old.",
                "%(n)s mails were left: they haven't failed, or their links are too old.",
                left,
            )
            messages.warning(request, text % {"n": left})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mail | None = None) -> bool:
        return False
