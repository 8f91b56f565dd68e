"""Logging in."""

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Helper


class LoginForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {
        "invalid_login": _(
            "The e-mail address and the password do not go together. Check both and try again."
        ),
        "inactive": _("This account is closed. Ask the county's editor to open it."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.helper = Helper(submit=_("Log in"), mark_optional=False)
