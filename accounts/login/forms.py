"""allauth's forms in the looks of ours."""

from typing import ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Helper, Text


class Styled(forms.Form):
    """A form with the button ``submit``, whose fields have the labels that we give them.

    allauth writes the label in the field as a placeholder too; there it would vanish while one
    types, so it goes.
    """

    submit: ClassVar[Text]
    labels: ClassVar[dict[str, Text]] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name, label in self.labels.items():
            self.fields[name].label = label  # type: ignore[assignment]
        self.helper = Helper(submit=self.submit, mark_optional=False)


class LoginForm(Styled, account.LoginForm):
    """E-mail address and password."""

    submit = _("Log in")
    labels = {"login": _("E-mail address"), "password": _("Password")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ResetPasswordForm(Styled, account.ResetPasswordForm):
    """The address to which a link for a new password goes."""

    submit = _("Send me a link")
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(Styled, account.ResetPasswordKeyForm):
    """A new password, by a link from an e-mail."""

    submit = _("Save the password")
    labels = {"password1": _("New password"), "password2": _("New password once more")}


class ChangePasswordForm(Styled, account.ChangePasswordForm):
    """A new password, by somebody who knows the old one."""

    submit = _("Save the password")
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(Styled, account.SetPasswordForm):
    """A password, for somebody who has none yet."""

    submit = _("Save the password")
    labels = {"password1": _("New password"), "password2": _("New password once more")}


class ReauthenticateForm(Styled, account.ReauthenticateForm):
    """The password once more, before something delicate."""

    submit = _("Continue")
    labels = {"password": _("Password")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class AuthenticateForm(Styled, mfa.AuthenticateForm):
    """The code from the app, or a recovery code, at log-in."""

    submit = _("Log in")
    labels = {"code": _("Code")}


class MfaReauthenticateForm(Styled, mfa.ReauthenticateForm):
    """The code once more, before something delicate."""

    submit = _("Continue")
    labels = {"code": _("Code")}


class ActivateTOTPForm(Styled, totp.ActivateTOTPForm):
    """The first code from the app."""

    submit = _("Start using the app")
    labels = {"code": _("Code from the app")}


class DeactivateTOTPForm(Styled, totp.DeactivateTOTPForm):
    """Stop using the app."""

    submit = _("Stop using the app")


class GenerateRecoveryCodesForm(Styled, recovery_codes.GenerateRecoveryCodesForm):
    """New recovery codes."""

    submit = _("Make new codes")


class AddWebAuthnForm(Styled, webauthn.AddWebAuthnForm):
    """A passkey or security key; the browser fills in the credential by script."""

    submit = _("Add")
    labels = {"name": _("Name of the key")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Log in with this key alone, without a password")
            self.fields["passwordless"].help_text = _(
                "The key must then ask for a PIN, a finger or a face."
            )
        # allauth's script listens for a click on a button of its own.
        self.helper.form_tag = False
        self.helper.inputs = []


class EditWebAuthnForm(Styled, webauthn.EditWebAuthnForm):
    """A key's name."""

    submit = _("Save")
    labels = {"name": _("Name of the key")}
