"""Users, each with the role that their trait names."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Membership, User


class UserFactory(DjangoModelFactory[User]):
    """A user without a role."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"brukar{n}@test.example")
    name = factory.LazyAttribute(lambda user: user.email.partition("@")[0].capitalize())


class MembershipFactory(DjangoModelFactory[Membership]):
    """A role from before any plan of the tests."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    valid_from = date(2019, 1, 1)


def user_with(role: Role, **organisation: object) -> User:
    """Return a user who holds ``role``, for ``county=…`` and the like where it needs one."""
    return MembershipFactory.create(role=role, **organisation).user
