"""Who reads the comments on a thing, and how they are called in what people write there."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.models import Membership, User
from municipalities.models import Municipality
from plans import rules
from plans.enums import Audience, PlanState
from plans.models import Measure, PartnerPlan
from plans.models.concerned import concerned_in_county


@dataclass
class Addressee:
    """A role or a person that a comment can be meant for.

    ``code`` names it in forms. ``names`` are what one types after the @, and ``users`` who is then
    told; ``audiences`` are those of the threads that they read.
    """

    code: str
    label: str
    names: tuple[str, ...]
    audiences: frozenset[Audience]
    users: list[User] = field(default_factory=list)


@dataclass(frozen=True)
class Circle:
    """Who reads the comments on ``measure``, or on the plan and its parts where that is None.

    ``audiences`` and ``addressees`` are those of the user that it was asked for: whose threads they
    read, and whom they can turn to. ``roles`` says what those are who may have written, by their
    keys, and ``names`` what may stand behind an @.
    """

    plan: PartnerPlan
    measure: Measure | None
    audiences: frozenset[Audience]
    addressees: tuple[Addressee, ...]
    readers: dict[int, tuple[User, frozenset[Audience]]]
    roles: dict[int, str]
    names: frozenset[str]
    concerned: frozenset[str]

    def meant(self, codes: Collection[str], text: str, audience: str) -> list[User]:
        """Return who reads threads of ``audience`` and is ticked in ``codes`` or named in
        ``text``."""
        named = mentions_in(text, self.addressees)
        found = {
            user.pk: user
            for addressee in self.addressees
            if addressee.code in codes or addressee.code in named
            for user in addressee.users
            if audience in self.readers[user.pk][1]
        }
        return list(found.values())

    def reading(self, users: Iterable[User], audience: str) -> list[User]:
        """Return those of ``users`` who read threads of ``audience``."""
        nobody: frozenset[Audience] = frozenset()
        return [user for user in users if audience in self.readers.get(user.pk, (user, nobody))[1]]


def circle_of(user: User, plan: PartnerPlan, measure: Measure | None = None) -> Circle:
    """Return who reads the comments on a measure, or on the plan. Two queries for a measure, one
    for the plan; for a contact one more."""
    concerned = concerned_in_county(measure, plan) if measure is not None else []
    numbers = frozenset(municipality.number for municipality in concerned)
    audiences = rules.audiences(user, plan, numbers)
    every = list(_memberships(plan, measure, concerned))
    # About the plan and its parts contacts read nothing; they may have written about measures.
    readable = [m for m in every if measure is not None or m.role != Role.MUNICIPAL_CONTACT]
    readers: dict[int, tuple[User, frozenset[Audience]]] = {}
    for membership in readable:
        known = readers.get(membership.user_id, (membership.user, frozenset()))[1]
        readers[membership.user_id] = (membership.user, known | _audiences(membership))
    roles = {membership.user_id: _role(membership) for membership in reversed(every)}
    addressees = _roles(readable)
    if audiences - {Audience.CONCERNED}:
        # A contact turns to roles: who holds them is the parties' own.
        addressees += _persons(readers, roles)
    return Circle(
        plan=plan,
        measure=measure,
        audiences=audiences,
        addressees=tuple(a for a in addressees if a.audiences & audiences),
        readers=readers,
        roles=roles,
        names=frozenset(n for a in (*_roles(every), *addressees) for n in a.names),
        concerned=numbers,
    )


def mentions_in(text: str, addressees: Iterable[Addressee]) -> set[str]:
    """Return the codes of those whose name stands behind an @ in ``text``: the longest name that
    fits, in any letter case, with blanks or hyphens; each of those who share one."""
    by_name: dict[str, set[str]] = {}
    for addressee in addressees:
        for name in addressee.names:
            by_name.setdefault(_plain(name), set()).add(addressee.code)
    pattern = mention_pattern(by_name)
    found: set[str] = set()
    for match in pattern.finditer(unicodedata.normalize("NFC", text)) if pattern else ():
        found |= by_name.get(_plain(match[0][1:]), set())
    return found


def mention_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds ``@name`` for any of ``names``; None where there are none. An e-mail
    address, a longer word and a longer double name are no mention."""
    longest_first = sorted({_plain(name) for name in names} - {""}, key=lambda n: (-len(n), n))
    if not longest_first:
        return None
    one_of = "|".join(r"[\s\-]+".join(map(re.escape, name.split("-"))) for name in longest_first)
    return re.compile(rf"(?<![\w@./+-])@(?:{one_of})(?!\w|-\w)", re.IGNORECASE)


def _plain(name: str) -> str:
    return "-".join(re.split(r"[\s\-]+", unicodedata.normalize("NFC", name).casefold().strip()))


def _memberships(
    plan: PartnerPlan, measure: Measure | None, concerned: list[Municipality]
) -> Iterable[Membership]:
    """Return the roles that let somebody read comments, today: of contacts, those of the measure's
    municipalities, or of all in the county where it is about none."""
    condition = Q(role__in=COUNTY_ROLES, county=plan.agreement.county_id)
    if plan.state != PlanState.DRAFT:
        condition |= Q(role__in=PROGRAMME_ROLES)
    # The contacts don't see the working copy of an amendment (rules.audiences).
    if plan.state != PlanState.DRAFT and not plan.is_being_amended:
        if measure is None:
            there = Q(municipality__county=plan.agreement.county_id)
            condition |= Q(there, role=Role.MUNICIPAL_CONTACT)
        elif concerned:
            theirs = Municipality.objects.leading_to(m.pk for m in concerned)
            condition |= Q(role=Role.MUNICIPAL_CONTACT, municipality__in=theirs)
    return (
        Membership.objects.valid_on(timezone.localdate())
        .filter(condition, user__is_active=True)
        .select_related("user", "municipality")
        .order_by("role", "municipality__number", "user__name", "pk")
    )


def _audiences(membership: Membership) -> frozenset[Audience]:
    if membership.role in COUNTY_ROLES:
        return frozenset(Audience)
    if membership.role in PROGRAMME_ROLES:
        return frozenset({Audience.PARTIES, Audience.CONCERNED})
    return frozenset({Audience.CONCERNED})


def _role(membership: Membership) -> str:
    role = str(membership.get_role_display())
    return f"{role}, {membership.municipality.name}" if membership.municipality else role


def _roles(memberships: list[Membership]) -> list[Addressee]:
    found: dict[str, Addressee] = {}
    for membership in memberships:
        town = membership.municipality
        code = f"contact:{town.number}" if town else f"role:{membership.role}"
        if code not in found:
            names = _contact_names(town) if town else _role_names(Role(membership.role))
            label = _contact(town) if town else _role(membership)
            found[code] = Addressee(code, f"@{label}", names, _audiences(membership))
        found[code].users.append(membership.user)
    return list(found.values())


def _persons(
    readers: dict[int, tuple[User, frozenset[Audience]]], roles: dict[int, str]
) -> list[Addressee]:
    return [
        Addressee(f"person:{pk}", f"@{user.name} – {roles[pk]}", (user.name,), audiences, [user])
        for pk, (user, audiences) in readers.items()
        if user.name
    ]


def _in_each_language(words: object) -> tuple[str, ...]:
    """Return lazy words in every language of the screen: one writes in any of them."""
    found = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.append(str(words))
    return tuple(dict.fromkeys(found))


def _role_names(role: Role) -> tuple[str, ...]:
    return _in_each_language(role.label)


_CONTACT = _("contact-%(municipality)s")


def _contact(town: Municipality) -> str:
    return gettext("contact-%(municipality)s") % {"municipality": town.name}


def _contact_names(town: Municipality) -> tuple[str, ...]:
    names = _in_each_language(_CONTACT)
    # Those of its name before it was renamed read nothing else.
    return tuple(
        name % {"municipality": town.name} for name in (*names, "kontakt-%(municipality)s")
    )
