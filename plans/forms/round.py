"""The form for a round of input: until when, what about, and whom it asks."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lupplan.forms import Actions, Chooser, ChooserGroup, Group, Helper, LinkButton, SubmitButton
from plans.forms.base import Difference, VersionedForm
from plans.forms.parties import Parties
from plans.models import ContributionRound
from plans.models.round import Party, party_code, party_name
from plans.services.saving import Conflict


class RoundForm(VersionedForm):
    """A round and its invitations. ``choose`` in the data ticks municipalities, see ``ticked``."""

    class Meta:
        model = ContributionRound
        fields = ["closes_on", "message"]
        widgets = {
            "closes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "message": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(
        self,
        *args: Any,
        parties: Parties,
        invited: set[str],
        today: date,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        """``invited`` are the codes of those whom the round asks already."""
        super().__init__(*args, **kwargs)
        self.today = today
        self.was = self.instance.closes_on
        self.parties = parties
        rows: dict[str, list[Any]] = {
            "cooperations": parties.cooperations,
            "working_groups": parties.working_groups,
            "municipalities": parties.municipalities,
        }
        labels = {
            "cooperations": _("Procurement cooperations"),
            "working_groups": _("Working groups"),
            "municipalities": _("Municipalities"),
        }
        self.rows: dict[str, Party] = {}
        for name, found in rows.items():
            codes = {party_code(party): party for party in found}
            self.rows |= codes
            self.fields[name] = forms.MultipleChoiceField(
                label=labels[name],
                required=False,
                choices=[(code, str(party)) for code, party in codes.items()],
                widget=forms.CheckboxSelectMultiple,
                initial=[code for code in codes if code in invited],
            )
        self.helper = self._layout(cancel_url)

    @property
    def invited(self) -> list[Party]:
        """Whom a valid form asks."""
        chosen = (code for name in self._lists for code in self.cleaned_data[name])
        return [self.rows[code] for code in chosen]

    def values(self) -> dict[str, Any]:
        """Return the round's own fields, as the service takes them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def ticked(self, choose: str) -> None:
        """Tick the municipalities that a button stands for, and keep all else that was typed."""
        data = self.typed()
        name = self.add_prefix("municipalities")
        everyone = [party_code(m) for m in self.parties.municipalities]
        if choose == "all":
            chosen = set(everyone)
        elif choose == "none":
            chosen = set()
        else:
            chosen = {*data.getlist(name), *self._members().get(choose, [])}
        data.setlist(name, sorted(chosen))
        self.data = data

    def clean_closes_on(self) -> date | None:
        """Refuse a day that has passed, unless the round had it before."""
        day: date | None = self.cleaned_data["closes_on"]
        if day is not None and day != self.was and day < self.today:
            raise forms.ValidationError(_("The day has passed. Choose today or a later day."))
        return day

    def meet(self, conflict: Conflict) -> bool:
        """Show what somebody else saved meanwhile, and let the next save replace it where nothing
        else is chosen."""
        current = conflict.current
        assert isinstance(current, ContributionRound)
        data = self.typed()
        data[self.add_prefix("version")] = str(current.version)
        self.data = data
        theirs = {
            "closes_on": date_format(current.closes_on) if current.closes_on else "",
            "message": current.message,
            "invited": ", ".join(row.party_name for row in current.invitations.all()),
        }
        day = self.cleaned_data["closes_on"]
        mine = {
            "closes_on": date_format(day) if day else "",
            "message": self.cleaned_data["message"],
            "invited": ", ".join(party_name(party) for party in self.invited),
        }
        labels = {name: str(self.fields[name].label) for name in self.Meta.fields}
        labels["invited"] = gettext("Invited")
        self.differences = [
            Difference(
                name=name,
                label=labels[name],
                mine=mine[name] or gettext("(nothing)"),
                theirs=theirs[name] or gettext("(nothing)"),
                is_text=name == "message",
                can_choose=name in self.Meta.fields,
            )
            for name in conflict.differing
        ]
        return False

    _lists = ("cooperations", "working_groups", "municipalities")

    def _members(self) -> dict[str, list[str]]:
        """Return the codes of the municipalities by the cooperation that they are members of."""
        codes = {str(m.pk): party_code(m) for m in self.parties.municipalities}
        return {
            key: [codes[pk] for pk in members if pk in codes]
            for key, members in self.parties.members.items()
        }

    def _layout(self, cancel_url: str) -> Helper:
        members = self._members()
        groups = [
            ChooserGroup(c.key, c.short_name or c.name, members[c.key])
            for c in self.parties.cooperations
            if members[c.key]
        ]
        return Helper(
            "version",
            "closes_on",
            "message",
            Group(
                _("Whom to ask"),
                "cooperations",
                "working_groups",
                Chooser("municipalities", groups=groups),
                description=_(
                    "Their people are told when the plan goes to consultation. Others in the "
                    "county can send input too."
                ),
            ),
            Actions(SubmitButton(_("Save")), LinkButton(_("Cancel"), cancel_url)),
            unsaved=True,
        )
