"""Two forms over one contribution: half of it may be kept as a draft, all of it is sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from plans.forms.base import VersionedForm
from plans.forms.senders import sender_field
from plans.models import Contribution
from plans.models.round import Party, party_code

SEND = "send"  # the name of the button that sends


class DraftForm(VersionedForm):
    """A contribution that may be half written: only its title and its sender are needed."""

    has_draft_button = False  # one of its own, which the sender's colleagues see too

    class Meta:
        model = Contribution
        fields = ["title", "area", "need", "benefit", "participants", "language"]
        widgets = {
            "need": forms.Textarea(attrs={"rows": 6}),
            "benefit": forms.Textarea(attrs={"rows": 4}),
            "participants": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(
        self, *args: Any, senders: list[Party] | None, cancel_url: str, **kwargs: Any
    ) -> None:
        """``senders`` are who it can come from; None where that is settled already."""
        super().__init__(*args, **kwargs)
        self.senders = {party_code(party): party for party in senders or ()}
        if senders is not None:
            self.fields["sender"] = sender_field(senders)
        self.helper = Helper(
            "version",
            *(["sender"] if senders is not None else []),
            *self.Meta.fields,
            Actions(*self._buttons(), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
            # In a draft one may leave everything out, but what it takes to send it is all of it.
            mark_optional=False,
        )

    @property
    def sender(self) -> Party:
        """The sender that was chosen in a valid form."""
        return self.senders[self.cleaned_data["sender"]]

    def values(self) -> dict[str, Any]:
        """Return the row's own fields, as the services take them."""
        values = super().values()
        values.pop("sender", None)
        return values

    def validate_constraints(self) -> None:
        """Leave the row's constraints to the database: they are about what isn't in the form."""

    def _buttons(self) -> list[SubmitButton]:
        if not self.instance.is_draft:
            return [SubmitButton(_("Send the changes"), name=SEND, value="1")]
        return [
            SubmitButton(_("Save as draft"), variant="secondary"),
            SubmitButton(_("Send"), name=SEND, value="1"),
        ]


class SendForm(DraftForm):
    """A contribution as it is sent: with everything that the editor needs to answer it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True
