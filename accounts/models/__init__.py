"""Users, their roles, invitations and sessions."""

from accounts.models.invitation import Invitation
from accounts.models.membership import ForOrganisation, Membership
from accounts.models.notice import Notice
from accounts.models.session import UserSession
from accounts.models.user import User

__all__ = ["ForOrganisation", "Invitation", "Membership", "Notice", "User", "UserSession"]
