"""Who may invite whom, and end whose role. Each function says in its docstring who may."""

from django.db.models import Q

from accounts.enums import Role
from accounts.models import ForOrganisation, User

# What a county's editor may give and take.
INVITED_BY_EDITORS = (Role.CONTRIBUTOR, Role.MUNICIPAL_CONTACT)


def can_see_people(user: User) -> bool:
    """The list of people: county editors see their county's, the administrator everybody."""
    return user.has_role(Role.ADMINISTRATOR, Role.COUNTY_EDITOR)


def can_manage(user: User, place: ForOrganisation) -> bool:
    """Invite to a role for an organisation, send and withdraw such an invitation, end such a role:
    the administrator all; a county's editor the contributors and municipal contacts of the county.
    """
    if user.has_role(Role.ADMINISTRATOR):
        return True
    if place.role not in INVITED_BY_EDITORS or place.organisation is None:
        return False
    county = getattr(place.organisation, "county_id", None)
    return county is not None and county in user.counties_as(Role.COUNTY_EDITOR)


def can_end(user: User, membership: ForOrganisation, *, of: int) -> bool:
    """End a role: whoever may manage it, but not one's own, so that nobody locks themselves out."""
    return can_manage(user, membership) and of != user.pk


def seen_by(user: User) -> Q:
    """Return the condition for the roles and invitations that ``user`` sees in the list: the
    administrator all, a county's editor those of the county and of what lies in it."""
    if user.has_role(Role.ADMINISTRATOR):
        return Q()
    counties = user.counties_as(Role.COUNTY_EDITOR)
    return (
        Q(county__in=counties)
        | Q(municipality__county__in=counties)
        | Q(cooperation__county__in=counties)
        | Q(working_group__county__in=counties)
    )
