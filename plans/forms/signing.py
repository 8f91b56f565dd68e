"""The forms with which a signatory signs: here, or by handing in what was signed elsewhere."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Helper, SubmitButton
from plans.enums import SigningWay
from plans.models import ExternalEvidence, Signature
from plans.services.signing import Shown

MOST_NAME = 100  # characters; it stands on one line of the page
SIGN, KEEP = "sign", "keep"


def check_name(text: str) -> None:
    """Refuse what the signature's place on the page can't show as it is: signs that aren't Latin
    letters, and those that nobody sees. Raises ``ValidationError``."""
    for sign in text:
        category = unicodedata.category(sign)
        is_letter = category[0] in "LM" and unicodedata.name(sign, "").startswith(
            ("LATIN", "COMBINING")
        )
        if not (is_letter or sign in " -–.,'’()/&" or (category == "Nd" and sign.isascii())):
            raise ValidationError(
                _("“%(sign)s” can't stand here: letters, digits and plain punctuation can."),
                params={"sign": sign if sign.isprintable() else f"U+{ord(sign):04X}"},
            )


def check_letters(text: str) -> None:
    """Refuse a name without two letters. Raises ``ValidationError``."""
    if sum(sign.isalpha() for sign in text) < 2:
        raise ValidationError(_("Write the name of whoever signs."))


class SignForm(forms.Form):
    """A person signs with the organisation's certificate, for what they were shown."""

    name = forms.CharField(
        label=_("Your name, as it shall stand in the signature"),
        max_length=MOST_NAME,
        validators=[check_name, check_letters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    role = forms.CharField(
        label=_("Your title or role"),
        required=False,
        max_length=Signature._meta.get_field("role").max_length,
        validators=[check_name],
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    read = forms.BooleanField(label=_("I have read the plan, and sign it as it is."))
    way = forms.ChoiceField(
        label=_("Where the certificate is"),
        choices=[
            (SigningWay.HERE, _("In Lupplan")),
            (SigningWay.SERVICE, _("In our signing service")),
        ],
        initial=SigningWay.HERE,
        widget=forms.RadioSelect,
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, action: str, has_service: bool, **kwargs: Any) -> None:
        """``has_service`` says whether the party has an external signing service to choose."""
        super().__init__(*args, **kwargs)
        if not has_service:
            del self.fields["way"]
        self.helper = Helper(
            "name",
            "role",
            *(["way"] if has_service else []),
            "read",
            "fingerprint",
            "sha256",
            Actions(SubmitButton(_("Sign"))),
            action=action,
        )

    def clean(self) -> dict[str, Any]:
        """Write each name with its letters put together, and single spaces."""
        found = super().clean() or self.cleaned_data
        for field in ("name", "role"):
            if field in found:
                found[field] = " ".join(unicodedata.normalize("NFC", found[field]).split())
        return found

    @property
    def chosen_way(self) -> SigningWay:
        """How to sign; of a valid form."""
        return SigningWay(self.cleaned_data.get("way", SigningWay.HERE))

    @property
    def shown(self) -> Shown:
        """What the person was shown; of a valid form."""
        return Shown(
            fingerprint=self.cleaned_data["fingerprint"], sha256=self.cleaned_data["sha256"]
        )


class UploadForm(forms.Form):
    """A file that was signed elsewhere; or one to keep as evidence beside the version."""

    file = forms.FileField(label=_("The file"), allow_empty_file=True)
    note = forms.CharField(
        label=_("What the file is"),
        help_text=_("Needed only for a file that is kept as external evidence."),
        required=False,
        max_length=ExternalEvidence._meta.get_field("note").max_length,
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeping = KEEP in self.data
        self.helper = Helper(
            "file",
            "note",
            Actions(
                SubmitButton(_("Hand in the signed PDF"), name=SIGN, value="1"),
                SubmitButton(
                    _("Keep as external evidence"), name=KEEP, value="1", variant="secondary"
                ),
            ),
            action=action,
            mark_optional=False,
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a note where the file is kept as evidence."""
        found = super().clean() or self.cleaned_data
        if self.keeping and not found.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", _("Say what the file is."))
        return found

    @property
    def upload(self) -> UploadedFile:
        """The file of a valid form."""
        file: UploadedFile = self.cleaned_data["file"]
        return file
