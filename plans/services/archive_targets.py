"""Where packages are delivered to: a folder, or a bucket that speaks S3.

Both put a file in its place whole or not at all, and never over another.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO, Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.translation import gettext as _

from plans.services.version_jobs import GiveUp, TryLater

S3 = "s3://"
_SECONDS = 20  # without an answer from the bucket
_PIECE = 1024 * 1024  # bytes


class Target(Protocol):
    """A place for packages."""

    def put(self, name: str, content: IO[bytes], sha256: str) -> None:
        """Put the content there under a name; nothing happens if it is there already.

        Raises ``TryLater`` where the place doesn't answer, and ``GiveUp`` where something else
        lies there under that name.
        """


def target_at(address: str) -> Target:
    """Return the place at an address: ``s3://bucket/prefix``, or the path of a folder."""
    if address.startswith(S3):
        bucket, _slash, prefix = address.removeprefix(S3).partition("/")
        return Bucket(bucket, prefix.strip("/"))
    return Folder(Path(address))


def _taken(name: str) -> GiveUp:
    return GiveUp(
        _("There is another file called “%(name)s” there already. Nothing was overwritten.")
        % {"name": name}
    )


class Folder:
    """A folder on this machine, which may be somebody else's disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, content: IO[bytes], sha256: str) -> None:
        """As ``Target``. The folder must be there: made here, it would hide that the disk that
        belongs there isn't connected."""
        if not self._path.is_dir():
            raise TryLater(_("The folder for the archive isn't there."))
        place = self._path / name
        try:
            if place.exists() or not self._written(place, content):
                self._check(place, sha256)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise TryLater(
                _("The folder for the archive can't be written to: %(why)s") % {"why": why}
            ) from error

    def _written(self, place: Path, content: IO[bytes]) -> bool:
        """Write beside the place and give the file its name; False if the name is taken."""
        with tempfile.NamedTemporaryFile(
            dir=self._path, prefix=f".{place.name}.", suffix=".part", delete=False
        ) as beside:
            part = Path(beside.name)
            try:
                content.seek(0)
                while piece := content.read(_PIECE):
                    beside.write(piece)
                beside.flush()
                os.fsync(beside.fileno())
                part.chmod(0o640)
                # A second name, unlike a new one, is refused where there is a file.
                place.hardlink_to(part)
            except FileExistsError:
                return False
            finally:
                part.unlink(missing_ok=True)
        return True

    def _check(self, place: Path, sha256: str) -> None:
        with place.open("rb") as there:
            if hashlib.file_digest(there, "sha256").hexdigest() != sha256:
                raise _taken(place.name)


class Bucket:
    """A bucket of an object store, under a prefix."""

    def __init__(self, bucket: str, prefix: str) -> None:
        self._bucket, self._prefix = bucket, prefix
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.ARCHIVE_S3_ENDPOINT or None,
            region_name=settings.ARCHIVE_S3_REGION or None,
            aws_access_key_id=settings.ARCHIVE_S3_ACCESS_KEY or None,
            aws_secret_access_key=settings.ARCHIVE_S3_SECRET_KEY or None,
            config=Config(
                connect_timeout=_SECONDS,
                read_timeout=_SECONDS,
                # The delivery itself is tried again, and waits longer.
                retries={"total_max_attempts": 2},
            ),
        )

    def put(self, name: str, content: IO[bytes], sha256: str) -> None:
        """As ``Target``; one request puts the whole object, or none of it."""
        key = f"{self._prefix}/{name}" if self._prefix else name
        try:
            there = self._sum_of(key)
            if there is None:
                there = self._put(key, content, sha256)
        except (BotoCoreError, ClientError) as error:
            raise TryLater(
                _("The archive's bucket doesn't take it: %(why)s") % {"why": _why(error)}
            ) from error
        if there != sha256:
            raise _taken(name)

    def _put(self, key: str, content: IO[bytes], sha256: str) -> str | None:
        """Put the object and return the checksum of what lies there then."""
        content.seek(0)
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType="application/zip",
                Metadata={"sha256": sha256},
                IfNoneMatch="*",  # refused if somebody else was first
            )
        except ClientError as error:
            if _why(error) not in ("PreconditionFailed", "ConditionalRequestConflict"):
                raise
            return self._sum_of(key)
        return sha256

    def _sum_of(self, key: str) -> str | None:
        """Return the checksum of an object, counted from its bytes; None if it isn't there."""
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
        except ClientError as error:
            if _why(error) in ("NoSuchKey", "404"):
                return None
            raise
        found = hashlib.sha256()
        for piece in body.iter_chunks(_PIECE):
            found.update(piece)
        return found.hexdigest()


def _why(error: BotoCoreError | ClientError) -> str:
    """Return the error's code or kind: messages may hold addresses and keys."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "")) or "?"
    return type(error).__name__
