"""The persons that an archive package would name: who they are there, and what stands for them in
the variant without personal data."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import NATIONAL_ROLES
from accounts.models import Membership, User
from plans.enums import ArchiveVariant
from plans.exports.archive.screening import Screen
from plans.models import PartnerPlan


class People:
    """Names persons by what they are called, or in the screened variant by the role that they held
    then; and takes personal data out of texts there.

    ``signers`` are names that signatures bear. One query.
    """

    def __init__(
        self,
        plan: PartnerPlan,
        variant: ArchiveVariant,
        users: Iterable[User | None],
        signers: Iterable[str],
    ) -> None:
        self._screened = variant == ArchiveVariant.SCREENED
        self._memberships: dict[int, list[Membership]] = {}
        known = {user.pk: user for user in users if user is not None}
        county = plan.agreement.county_id
        for membership in Membership.objects.filter(
            Q(county=county)
            | Q(role__in=NATIONAL_ROLES)
            | Q(municipality__county=county)
            | Q(cooperation__county=county)
            | Q(working_group__county=county)
        ).select_related("user"):
            self._memberships.setdefault(membership.user_id, []).append(membership)
            # Whoever holds a role there may be named in what others wrote.
            known.setdefault(membership.user_id, membership.user)
        names = {user.name: self._any_role(user) for user in known.values()}
        names |= {name: _("signatory") for name in signers if name not in names}
        self._screen = Screen(names)

    def name(self, user: User | None, at: datetime | None) -> str:
        """Return who that is: the name, or in the screened variant the role that they held then."""
        if user is None:
            return _("Lupplan itself")
        return self.role(user, at) if self._screened else (user.name or self.role(user, at))

    def role(self, user: User | None, at: datetime | None) -> str:
        """Return the role that the user held at that time, for the county or nationally."""
        if user is None:
            return _("Lupplan itself")
        day = timezone.localdate(at) if at else None
        for membership in self._memberships.get(user.pk, ()):
            begun = day is None or membership.valid_from <= day
            if begun and (day is None or membership.valid_to is None or day < membership.valid_to):
                return str(membership.get_role_display())
        return _("user of Lupplan")

    def signer(self, name: str, party: str) -> str:
        """Return who signed: the name in the signature, or in the screened variant for whom."""
        return _("Signatory of %(party)s") % {"party": party} if self._screened else name

    def text(self, text: str) -> str:
        """Return what somebody wrote, in the screened variant without personal data."""
        return self._screen.text(text) if self._screened else text

    def value(self, value: Any) -> Any:
        """Return what the log holds of a row, in the screened variant without personal data."""
        if not self._screened:
            return value
        if isinstance(value, dict) and "file" in value:
            value = {**value, "file": self.file_name(str(value["file"]))}
        return self._screen.value(value)

    def file_name(self, name: str) -> str:
        """Return what somebody called a file, in the screened variant its extension alone."""
        return f"*{PurePath(name).suffix}" if self._screened else name

    def _any_role(self, user: User) -> str:
        memberships = self._memberships.get(user.pk, ())
        return str(memberships[0].get_role_display()) if memberships else _("user of Lupplan")
