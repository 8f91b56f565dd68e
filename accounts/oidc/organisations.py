"""Whom somebody represents, by Ansattporten, and the roles that this gives them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from audit.services import record
from municipalities.models import County, Municipality

# ISO 6523's code of the Norwegian register of legal entities, and nine digits.
ORGANISATION = re.compile(r"0192:(\d{9})")


@dataclass(frozen=True)
class Grant:
    """A role for one organisation."""

    role: Role
    county: County | None = None
    municipality: Municipality | None = None


def represented(claims: dict[str, Any], *, asked: list[dict[str, Any]]) -> list[str]:
    """Return the organisation numbers in ``authorization_details`` of an id_token.

    Only entries that answer one of ``asked``, by type and resource, count: a right that somebody
    has to another service says nothing here.
    """
    wanted = {(each.get("type"), each.get("resource")) for each in asked}
    numbers: list[str] = []
    details = claims.get("authorization_details")
    for entry in details if isinstance(details, list) else []:
        if not isinstance(entry, dict) or (entry.get("type"), entry.get("resource")) not in wanted:
            continue
        for identifier in _identifiers(entry):
            match = ORGANISATION.fullmatch(str(identifier))
            if match and match[1] not in numbers:
                numbers.append(match[1])
    return numbers


def grants(numbers: list[str], *, on: date) -> list[Grant]:
    """Return the roles that representing the organisations ``numbers`` gives on a day.

    A municipality's people are its contacts; a county's edit its plan. Others give none.
    """
    counties = County.objects.valid_on(on).filter(organisation_number__in=numbers)
    municipalities = Municipality.objects.valid_on(on).filter(organisation_number__in=numbers)
    return [
        *(Grant(Role.COUNTY_EDITOR, county=county) for county in counties.order_by("pk")),
        *(
            Grant(Role.MUNICIPAL_CONTACT, municipality=municipality)
            for municipality in municipalities.order_by("pk")
        ),
    ]


@transaction.atomic
def give_roles(*, user: User, given: list[Grant], earlier: list[int]) -> list[int]:
    """Let ``user`` hold ``given`` from today, and no longer what ``earlier`` log-ins gave.

    ``earlier`` and the answer are keys of memberships that came this way; a role that somebody was
    given by hand is never ended here. Returns those that hold now.
    """
    today = timezone.localdate()
    valid = {row.pk: row for row in Membership.objects.valid_on(today).filter(user=user)}
    kept: list[int] = []
    for grant in given:
        held = [row for row in valid.values() if _is(row, grant)]
        if not held:
            row = Membership.objects.create(
                user=user,
                role=grant.role,
                county=grant.county,
                municipality=grant.municipality,
                valid_from=today,
            )
            record(by=None, verb="role.given", target=user, new=_logged(row))
            kept.append(row.pk)
        kept += [row.pk for row in held if row.pk in earlier]
    for pk in set(earlier) - set(kept):
        if pk in valid:
            _end(valid[pk], today)
    return kept


def _end(row: Membership, today: date) -> None:
    record(by=None, verb="role.ended", target=row.user, old=_logged(row))
    if row.valid_from < today:
        Membership.objects.filter(pk=row.pk).update(valid_to=today)
    else:
        row.delete()  # it has not held for a whole day: a period can't be empty


def _is(row: Membership, grant: Grant) -> bool:
    return (
        row.role == grant.role
        and row.county_id == (grant.county.pk if grant.county else None)
        and row.municipality_id == (grant.municipality.pk if grant.municipality else None)
    )


def _logged(row: Membership) -> dict[str, Any]:
    return {
        "role": row.role,
        "county": row.county_id,
        "municipality": row.municipality_id,
        "by": "log-in service",
    }


def _identifiers(entry: dict[str, Any]) -> list[Any]:
    """Return the identifiers of an entry, in each of the shapes that Ansattporten has.

    ``reportees`` (Altinn 2 services), ``authorized_parties`` (Altinn 3 resources), ``orgno``.
    """
    found = [party.get("ID") for party in _dicts(entry.get("reportees"))]
    for party in [entry, *_dicts(entry.get("authorized_parties"))]:
        if isinstance(party.get("orgno"), dict):
            found.append(party["orgno"].get("ID"))
    return found


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
