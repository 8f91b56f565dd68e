"""One person at one form, with their draft of it and the others who have it open."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.models import User
from plans.forms.base import VersionedForm
from plans.models import Draft, PartnerPlan, Presence
from plans.models.draft import HERE_SECONDS
from plans.services import drafts
from plans.services.presence import come


@dataclass(frozen=True)
class Desk:
    """Who writes what: ``place`` names the thing, ``address`` and ``label`` the form. ``listed`` is
    whether the plan's workbench tells of it, to all who see the workbench."""

    user: User
    plan: PartnerPlan
    place: str
    address: str
    label: str
    listed: bool = True

    def open(self, form: VersionedForm) -> dict[str, Any]:
        """Sit down: let the form hold one's draft, if there is one that says something else than
        the plan, and return what the page tells of it and of the others. Takes two queries."""
        self._come()
        rows = list(Presence.objects.with_draft_of(self.user, self.place))
        context: dict[str, Any] = {"here": words_for(self._without_me(rows))}
        mine = next((row for row in rows if row.user_id == self.user.pk), None)
        data = getattr(mine, "draft_data", None)
        if mine is None or data is None:
            return context
        form.load(data, mine.draft_sitting)  # type: ignore[attr-defined]
        fields = form.unsaved()
        if form.instance.pk and not fields:
            form.unload()
            return context
        context["draft"] = {
            "pk": mine.draft_key,  # type: ignore[attr-defined]
            "saved_at": mine.draft_saved_at,  # type: ignore[attr-defined]
            "fields": fields,
            "is_older": bool(form.instance.pk) and mine.draft_version != form.instance.version,  # type: ignore[attr-defined]
        }
        return context

    def others(self) -> list[User]:
        """Return who else has the form open, having noted that this one has."""
        self._come()
        return self._without_me(Presence.objects.now().filter(place=self.place))

    def keep(self, form: VersionedForm, *, force: bool = False) -> Draft:
        """Keep what the form holds as this person's draft. Raises ``NotKept``."""
        typed = form.typed_draft()
        if not typed.sitting:
            typed = replace(typed, sitting=uuid4().hex)  # sent without the script
        return drafts.keep_draft(
            by=self.user,
            place=self.place,
            address=self.address,
            label=self.label,
            plan=self.plan,
            typed=typed,
            force=force,
        )

    def _come(self) -> None:
        # Who has the same form open sees it anyhow; elsewhere nothing is told but by its label.
        label = self.label if self.listed else ""
        come(user=self.user, plan=self.plan, place=self.place, label=label)

    def _without_me(self, rows: Iterable[Presence]) -> list[User]:
        return [
            row.user
            for row in rows
            if row.user_id != self.user.pk and (now() - row.seen_at).total_seconds() < HERE_SECONDS
        ]


def words_for(people: list[User]) -> str:
    """Return in words who is writing, or nothing."""
    names = [str(user) for user in people]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is editing this now.") % {"name": names[0]}
    return _("%(names)s and %(name)s are editing this now.") % {
        "names": ", ".join(names[:-1]),
        "name": names[-1],
    }


@dataclass(frozen=True)
class Company:
    """What others write at one place: ``label`` says what, ``words`` who."""

    place: str
    label: str
    words: str


def company_at(user: User, plan: PartnerPlan) -> list[Company]:
    """Return what others than ``user`` have open of a plan, place by place, but for what isn't
    everybody's who sees the workbench (``Desk.listed``). Takes one query."""
    rows = Presence.objects.now().filter(plan=plan).exclude(user=user).exclude(label="")
    return [
        Company(place, there[0].label, words_for([row.user for row in there]))
        for place, there in ((p, list(g)) for p, g in groupby(rows, lambda row: row.place))
    ]
