"""The forms for comments: a new one, and one's own changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Chooser, Helper, LinkButton, SubmitButton
from plans.enums import Audience
from plans.forms.base import VersionedForm
from plans.models import Comment, Thread
from plans.services.mentions import Circle

MANY = 12  # people and roles; a longer list is searched


class CommentForm(VersionedForm):
    """What somebody says: in ``thread``, or in a new one, and then to whom.

    ``circle`` are those who read comments there. ``choose`` in the data ticks people, see
    ``ticked``.
    """

    audience = forms.ChoiceField(label=_("Who reads the conversation"), widget=forms.RadioSelect)
    tell = forms.MultipleChoiceField(
        label=_("Ask them to read it"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Comment
        fields = ["body", "language"]
        widgets = {"body": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self,
        *args: Any,
        circle: Circle,
        cancel_url: str,
        thread: Thread | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.circle, self.thread = circle, thread
        _require(self)
        self.fields["body"].help_text = _(
            "Write @ and a role or a name from the list below to ask somebody to read it."
        )
        if thread is not None:
            del self.fields["audience"]
        else:
            self._offer_audiences()
        # Those who can't read what is said here aren't offered.
        self.offered = [
            addressee
            for addressee in circle.addressees
            if thread is None or thread.audience in addressee.audiences
        ]
        if self.offered:
            tell = self.fields["tell"]
            assert isinstance(tell, forms.MultipleChoiceField)
            tell.choices = [(a.code, a.label) for a in self.offered]
        else:
            del self.fields["tell"]
        self.helper = self._layout(cancel_url)

    def ticked(self, choose: str) -> None:
        """Tick all or none of those who can be told, and keep all else that was typed."""
        data = self.typed()
        codes = [addressee.code for addressee in self.offered] if choose == "all" else []
        data.setlist(self.add_prefix("tell"), codes)
        self.data = data

    def clean(self) -> dict[str, Any]:
        """Refuse to ask somebody who doesn't read that thread."""
        cleaned: dict[str, Any] = super().clean() or {}
        audience = self.thread.audience if self.thread else cleaned.get("audience")
        deaf = [
            addressee.label.removeprefix("@")
            for addressee in self.offered
            if addressee.code in cleaned.get("tell", ()) and audience not in addressee.audiences
        ]
        if audience and deaf:
            self.add_error(
                "tell",
                forms.ValidationError(
                    _(
                        "%(names)s can't read this conversation. Choose others, or let more people "
                        "read it."
                    ),
                    params={"names": ", ".join(deaf)},
                ),
            )
        return cleaned

    def said(self) -> dict[str, Any]:
        """Return the comment as the services take it."""
        return {
            "body": self.cleaned_data["body"],
            "language": self.cleaned_data["language"],
            "tell_codes": self.cleaned_data.get("tell", []),
        }

    def _offer_audiences(self) -> None:
        offered = [
            audience
            for audience in Audience
            if audience in self.circle.audiences
            and (audience != Audience.CONCERNED or self.circle.measure is not None)
        ]
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(audience.value, audience.label) for audience in offered]
        # A draft is the county's own: what is said there isn't meant for LUP unless one says so.
        first = Audience.COUNTY if self.circle.plan.state == "DRAFT" else Audience.PARTIES
        field.initial = first if first in offered else offered[0]

    def _layout(self, cancel_url: str) -> Helper:
        tell: list[object] = []
        if "tell" in self.fields:
            tell = [Chooser("tell") if len(self.offered) > MANY else "tell"]
        return Helper(
            "version",
            "body",
            "audience" if "audience" in self.fields else None,
            *tell,
            "language",
            Actions(SubmitButton(_("Send")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )


class CommentEditForm(VersionedForm):
    """One's own comment, to be changed."""

    class Meta:
        model = Comment
        fields = ["body", "language"]
        widgets = {"body": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _require(self)
        self.helper = Helper(
            "version",
            "body",
            "language",
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )


def _require(form: VersionedForm) -> None:
    """Ask for words: a comment is empty only once it was taken away."""
    body = form.fields["body"]
    body.required = True
    body.error_messages["required"] = _g("Write what you want to say.")
