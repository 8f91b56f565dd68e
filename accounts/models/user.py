"""The user, who logs in with an e-mail address."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from municipalities.models import Municipality

if TYPE_CHECKING:
    from accounts.models.membership import Membership


class UserManager(BaseUserManager["User"]):
    """Makes users and finds them by e-mail address, whatever its letter case."""

    def holding(self, *roles: Role, **organisation: Any) -> "models.QuerySet[User]":
        """Return those who can log in and hold one of ``roles`` today.

        ``organisation`` says for whom, by the names of the membership's fields: ``county=…``,
        ``municipality__in=…``, ``cooperation=…``, ``working_group=…``.
        """
        from accounts.models.membership import Membership

        holders = Membership.objects.valid_on(timezone.localdate()).filter(
            role__in=roles, **organisation
        )
        return self.filter(is_active=True, pk__in=holders.values("user")).order_by("pk")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new, saved user; without a password nobody can log in as them with one."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user who holds the administrator's role from today."""
        user = self.create_user(email, password, **fields)
        user.memberships.create(role=Role.ADMINISTRATOR, valid_from=timezone.localdate())
        return user


class User(AbstractBaseUser):
    """Somebody who can log in. What they may do follows from their memberships alone.

    Django's own groups and permissions are not used: an administrator may do everything in the
    admin site, and nobody else gets in there.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language on screen"), max_length=2, choices=settings.LANGUAGES, default="nn"
    )
    is_active = models.BooleanField(_("can log in"), default=True)
    # Part of what every session is checked against: one more, and all of the user's sessions end.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(_("registered"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> "list[Membership]":
        """The memberships that hold today; one query per user object."""
        from accounts.models.membership import Membership

        today = timezone.localdate()
        return list(
            Membership.objects.valid_on(today)
            .filter(user=self)
            .select_related("county", "municipality", "cooperation", "working_group")
        )

    @cached_property
    def contact_for(self) -> "list[Municipality]":
        """The municipalities whose contact the user is today, and those that took over from them.

        Which of them a plan means follows from its year. One query, for contacts alone.
        """
        keys = [
            membership.municipality_id
            for membership in self.roles
            if membership.role == Role.MUNICIPAL_CONTACT and membership.municipality_id is not None
        ]
        return list(Municipality.objects.followed_from(keys)) if keys else []

    def has_role(self, *roles: Role) -> bool:
        """Say whether the user holds any of ``roles`` today, for any organisation."""
        return any(membership.role in roles for membership in self.roles)

    def counties_as(self, *roles: Role) -> set[int]:
        """Return the keys of the counties for which the user holds any of ``roles`` today."""
        return {
            membership.county_id
            for membership in self.roles
            if membership.role in roles and membership.county_id is not None
        }

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Return what a session must hold to go on: changed by a new password and a new epoch."""
        content = f"{self.password} {self.session_epoch}"
        salt = "accounts.models.User.session"
        return salted_hmac(salt, content, secret=secret, algorithm="sha256").hexdigest()

    # What Django's admin site asks a user.

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets the user in: administrators only."""
        return self.is_active and self.has_role(Role.ADMINISTRATOR)

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_perms(self, perms: Iterable[str], obj: models.Model | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff
