"""One demo user per role. They are roles, not people, and share a password that everybody knows."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Membership, User
from municipalities.models import County, Municipality, ProcurementCooperation

PASSWORD = "partnarplan-demo"
DOMAIN = "demo.example"
COUNTY = "15"
# From before the first example plan, so that the roles hold in all of them.
SINCE = date(2019, 1, 1)


@dataclass(frozen=True)
class DemoUser:
    """A demo user: address, the role's name on screen, and what the role is for."""

    email: str
    name: str
    role: Role
    county: str = ""
    municipality: str = ""
    cooperation: str = ""


DEMO_USERS = (
    DemoUser("fylkesredaktor@demo.example", "Fylkesredaktør", Role.COUNTY_EDITOR, county=COUNTY),
    DemoUser("fylkessignatar@demo.example", "Fylkessignatar", Role.COUNTY_SIGNATORY, county=COUNTY),
    DemoUser("lup-radgjevar@demo.example", "LUP-rådgjevar", Role.LUP_ADVISER),
    DemoUser("lup-signatar@demo.example", "LUP-signatar", Role.LUP_SIGNATORY),
    DemoUser(
        "innkjop@demo.example", "Innkjøpssamarbeid (NII)", Role.CONTRIBUTOR, cooperation="nii"
    ),
    DemoUser("molde@demo.example", "Kontakt i Molde", Role.MUNICIPAL_CONTACT, municipality="1506"),
    DemoUser("smola@demo.example", "Kontakt i Smøla", Role.MUNICIPAL_CONTACT, municipality="1573"),
    DemoUser("administrator@demo.example", "Administrator", Role.ADMINISTRATOR),
    DemoUser(
        "annan-fylkesredaktor@demo.example",
        "Fylkesredaktør i eit anna fylke",
        Role.COUNTY_EDITOR,
        county="46",
    ),
)


def make_demo_users() -> dict[str, User]:
    """Make the demo users that are missing and return all of them by address."""
    existing = {user.email: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    missing = [demo for demo in DEMO_USERS if demo.email not in existing]
    if missing:
        password = make_password(PASSWORD)  # slow by design: once for all of them
        for demo in missing:
            existing[demo.email] = _make(demo, password)
    return existing


def _make(demo: DemoUser, password: str) -> User:
    user = User.objects.create(email=demo.email, name=demo.name, password=password)
    Membership.objects.create(
        user=user,
        role=demo.role,
        valid_from=SINCE,
        county=County.objects.get(number=demo.county) if demo.county else None,
        municipality=(
            Municipality.objects.get(number=demo.municipality) if demo.municipality else None
        ),
        cooperation=(
            ProcurementCooperation.objects.get(key=demo.cooperation) if demo.cooperation else None
        ),
    )
    return user
