"""The forms for inviting people, accepting an invitation, and one's own data."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import (
    password_validators_help_texts,
    validate_password,
)
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.enums import COUNTY_ROLES, NATIONAL_ROLES, Role
from accounts.models import Invitation, User
from lupplan.forms import Actions, Helper, LinkButton, SubmitButton
from municipalities.models import County, Municipality, ProcurementCooperation, WorkingGroup

Place = tuple[Role, dict[str, models.Model | None]]
NOWHERE: dict[str, models.Model | None] = {
    "county": None,
    "municipality": None,
    "cooperation": None,
    "working_group": None,
}


def places_for(user: User) -> Iterator[tuple[str, Place]]:
    """Give every role and organisation that ``user`` may invite to, each with its label."""
    today = timezone.localdate()
    counties = user.counties_as(Role.COUNTY_EDITOR)
    everything = user.has_role(Role.ADMINISTRATOR)

    def own(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows if everything else rows.filter(county__in=counties)

    if everything:
        for role in NATIONAL_ROLES:
            yield str(role.label), (role, NOWHERE)
        for county in County.objects.order_by("name"):
            for role in COUNTY_ROLES:
                yield f"{role.label}: {county.name}", (role, {**NOWHERE, "county": county})
    contact, contributor = Role.MUNICIPAL_CONTACT, Role.CONTRIBUTOR
    for row in own(Municipality.objects.valid_on(today)).order_by("name"):
        yield f"{contact.label}: {row.name}", (contact, {**NOWHERE, "municipality": row})
    for row in own(ProcurementCooperation.objects.order_by("name")):
        yield f"{contributor.label}: {row.name}", (contributor, {**NOWHERE, "cooperation": row})
    for row in own(WorkingGroup.objects.order_by("name")):
        yield f"{contributor.label}: {row.name}", (contributor, {**NOWHERE, "working_group": row})


def _key(place: Place) -> str:
    role, organisation = place
    found = next(((name, row.pk) for name, row in organisation.items() if row), ("", ""))
    return f"{role}:{found[0]}:{found[1]}"


class InvitationForm(forms.Form):
    """Who is invited, and to what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    place = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, initial="nn"
    )

    def __init__(self, *args: Any, by: User, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by
        self._places = {_key(place): (label, place) for label, place in places_for(by)}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose a role"))] + [
            (key, label) for key, (label, _place) in self._places.items()
        ]
        self.helper = Helper(
            "email",
            "place",
            "language",
            Actions(SubmitButton(_("Send the invitation")), LinkButton(_("Cancel"), cancel_url)),
        )

    def clean_place(self) -> Place:
        """Return role and organisation, which ``accounts.rules.can_manage`` has let through."""
        role, organisation = self._places[self.cleaned_data["place"]][1]
        if not rules.can_manage(self._by, Invitation(role=role, **organisation)):
            raise forms.ValidationError(_("Choose a role that you may invite to."))
        return role, organisation


class AcceptForm(forms.Form):
    """The name and password of somebody who is new here."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Shown to those whom you work with."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
        self.helper = Helper(submit=_("Make the account"), mark_optional=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easy to guess, also from the name and the address."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "password" in cleaned:
            user = User(email=self._email, name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], user)
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return cleaned


class OwnDataForm(forms.ModelForm):
    """One's own name and language."""

    class Meta:
        model = User
        fields = ["name", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = Helper(submit=_("Save"), mark_optional=False)
