"""Users, their roles, invitations and sessions; what they are told, and the mails."""

from accounts.models.invitation import Invitation
from accounts.models.mail import Mail, MailStop
from accounts.models.membership import ForOrganisation, Membership
from accounts.models.notice import Notice
from accounts.models.session import UserSession
from accounts.models.user import User

__all__ = [
    "ForOrganisation",
    "Invitation",
    "Mail",
    "MailStop",
    "Membership",
    "Notice",
    "User",
    "UserSession",
]
