"""Files that come with a contribution: put into the default storage, and taken away again."""

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from plans.models import Contribution, ContributionFile
from plans.services.contributions import check_open, locked
from plans.services.filekinds import (
    MEDIA_TYPES,
    MOST_BYTES,
    MOST_FILES,
    FileRefused,
    checked_kind,
)

FOLDER = "innspel"


def attach(
    *, contribution: Contribution, upload: UploadedFile, by: User, late: bool = False
) -> ContributionFile:
    """Keep a file with a contribution and return its row.

    Nothing is left of one that can't be kept whole. Raises ``FileRefused`` with a message for
    people, and what ``change_contribution`` raises.
    """
    name = upload.name or ""
    data = upload.read(MOST_BYTES + 1)
    extension = checked_kind(name, data)
    path = f"{FOLDER}/{uuid.uuid4()}{extension}"
    try:
        # The file first: a row never names one that isn't there.
        default_storage.save(path, ContentFile(data))
        with transaction.atomic():
            return _row(contribution, path, name, extension, data, by, late)
    except BaseException:
        default_storage.delete(path)
        raise


def detach(*, file: ContributionFile, by: User, late: bool = False) -> None:
    """Take a file away from its contribution. Raises what ``change_contribution`` raises."""
    with transaction.atomic():
        plan, current = locked(file.contribution)
        if not current.is_draft:
            check_open(plan, late)
        gone, _rows = ContributionFile.objects.filter(pk=file.pk).delete()
        if not gone:
            return
        _note(current, by, "contribution.file_removed", old=file.name)
        path = file.path
        transaction.on_commit(lambda: default_storage.delete(path))


def _row(
    contribution: Contribution,
    path: str,
    name: str,
    extension: str,
    data: bytes,
    by: User,
    late: bool,
) -> ContributionFile:
    plan, current = locked(contribution)
    if not current.is_draft:
        check_open(plan, late)
    if current.files.count() >= MOST_FILES:
        raise FileRefused(
            _("There are %(limit)s attachments already. Remove one first.") % {"limit": MOST_FILES}
        )
    row = ContributionFile.objects.create(
        contribution=current,
        path=path,
        name=name,
        media_type=MEDIA_TYPES[extension],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        added_by=by,
    )
    _note(current, by, "contribution.file_added", new=name)
    return row


def _note(contribution: Contribution, by: User, verb: str, *, old: str = "", new: str = "") -> None:
    Contribution.objects.filter(pk=contribution.pk).update(changed_at=timezone.now())
    record(
        by=by,
        # What happens to a draft is its sender's own.
        verb="contribution.drafted" if contribution.is_draft else verb,
        target=contribution,
        old={"file": old} if old else None,
        new={"file": new} if new else None,
    )
