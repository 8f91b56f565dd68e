"""Inviting somebody, and what becomes of an invitation."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import models, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Invitation, User
from accounts.models.invitation import VALID_FOR
from accounts.services.mails import queue_mail
from accounts.services.roles import give_role
from audit.services import record

MOST_PER_HOUR = 30
# What makes the address in the mail out of the secret.
Link = Callable[[str], str]


class TooManyInvitations(Exception):
    """The user has sent as many invitations within an hour as anybody may."""


class DeadInvitation(Exception):
    """There is no such invitation, or it was used, withdrawn or is too old."""


class OtherAddress(Exception):
    """The invitation was sent to somebody else than the user who would accept it."""


def invite(
    *,
    email: str,
    role: Role,
    organisation: dict[str, models.Model | None],
    language: str,
    link: Link,
    by: User,
) -> Invitation:
    """Make an invitation and send it, whether or not anybody has an account at ``email``.

    ``organisation`` holds the field of the one that the role is for. ``link`` makes the address in
    the mail. Raises ``TooManyInvitations``; the caller has asked ``accounts.rules.can_manage``.
    """
    with transaction.atomic():
        # Held, so that several processes count one after the other.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        since = timezone.now() - timedelta(hours=1)
        if Invitation.objects.filter(invited_by=by, invited_at__gt=since).count() >= MOST_PER_HOUR:
            raise TooManyInvitations
        token = secrets.token_urlsafe(32)
        known = User.objects.filter(email__iexact=email).first()
        invitation = Invitation.objects.create(
            email=User.objects.normalize_email(email),
            language=known.language if known else language,
            token_digest=_digest(token),
            invited_by=by,
            expires_at=timezone.now() + VALID_FOR,
            role=role,
            **organisation,
        )
        record(by=by, verb="invitation.sent", target=invitation, new=_what(invitation))
        _mail(invitation, link(token))
    return invitation


def invite_again(*, invitation: Invitation, link: Link, by: User) -> Invitation:
    """Withdraw an invitation that nobody accepted and send a new one like it.

    Raises ``TooManyInvitations``, and ``DeadInvitation`` if it was accepted or withdrawn.
    """
    with transaction.atomic():
        old = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if old.state not in ("open", "expired"):
            raise DeadInvitation
        new = invite(
            email=old.email,
            role=Role(old.role),
            organisation=invitation.organisation_fields,
            language=old.language,
            link=link,
            by=by,
        )
        Invitation.objects.filter(pk=old.pk).update(revoked_at=timezone.now())
        record(by=by, verb="invitation.revoked", target=old, new={"sent_again": new.pk})
    return new


def revoke(*, invitation: Invitation, by: User) -> None:
    """Withdraw an invitation: its link no longer works. Raises ``DeadInvitation`` if it was
    accepted; withdrawing one twice does nothing."""
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if invitation.accepted_at:
            raise DeadInvitation
        if invitation.revoked_at:
            return
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        record(by=by, verb="invitation.revoked", target=invitation)


def find(token: str) -> Invitation:
    """Return the invitation of a link that still works. Raises ``DeadInvitation``."""
    found = Invitation.objects.open().with_organisations().filter(token_digest=_digest(token))
    invitation = found.first()
    if invitation is None:
        raise DeadInvitation
    return invitation


def accept_as_new(*, token: str, name: str, password: str, language: str) -> User:
    """Make an account at the invitation's address, with its role, and return it.

    Raises ``DeadInvitation``, also if the address has an account: its owner logs in first.
    """
    with transaction.atomic():
        invitation = _held(token)
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise DeadInvitation
        user = User.objects.create_user(
            invitation.email, password, name=name, language=language or invitation.language
        )
        record(by=user, verb="user.made", target=user)
        _accept(invitation, user)
    return user


def accept_as(*, token: str, user: User) -> None:
    """Give the invitation's role to somebody who has an account and is logged in.

    Raises ``DeadInvitation``, and ``OtherAddress`` if it went to another address than the user's.
    """
    with transaction.atomic():
        invitation = _held(token)
        if invitation.email.casefold() != user.email.casefold():
            raise OtherAddress
        _accept(invitation, user)


def _held(token: str) -> Invitation:
    """Return an open invitation, held so that its link works for one of two who use it at once."""
    invitation = (
        Invitation.objects.open().select_for_update().filter(token_digest=_digest(token)).first()
    )
    if invitation is None:
        raise DeadInvitation
    return invitation


def _accept(invitation: Invitation, user: User) -> None:
    invitation.accepted_at = timezone.now()
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(by=user, verb="invitation.accepted", target=invitation, new=_what(invitation))
    give_role(
        user=user,
        role=Role(invitation.role),
        organisation=invitation.organisation_fields,
        by=invitation.invited_by,
    )


def _mail(invitation: Invitation, address: str) -> None:
    """Queue the mail, as plain text and as HTML, in the receiver's language."""
    with translation.override(invitation.language):
        context = {"invitation": invitation, "address": address, "language": invitation.language}
        queue_mail(
            to=invitation.email,
            subject=_("Invitation to Lupplan"),
            text=render_to_string("accounts/mail/invitation.txt", context),
            html=render_to_string("accounts/mail/invitation.html", context),
            language=invitation.language,
            secret=True,
        )


def _what(invitation: Invitation) -> dict[str, object]:
    return {"role": invitation.role, "organisation": str(invitation.organisation or "")}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
