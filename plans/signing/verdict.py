"""What a check of a signed PDF found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fault(StrEnum):
    """Why a file isn't the plan that was sealed and signed; each told apart from the others."""

    TOO_LARGE = "TOO_LARGE"
    NOT_A_PDF = "NOT_A_PDF"
    # Not byte by byte what was sealed, from its beginning: another file, or one changed before the
    # signatures.
    NOT_SEALED = "NOT_SEALED"
    SEAL_BROKEN = "SEAL_BROKEN"
    # A signature that isn't one of the parties', or one in the wrong place.
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"
    # The signature leaves out some of what lies before it.
    NOT_ALL_SIGNED = "NOT_ALL_SIGNED"
    CHANGED_AFTERWARDS = "CHANGED_AFTERWARDS"
    BYTES_APPENDED = "BYTES_APPENDED"
    UNTRUSTED = "UNTRUSTED"
    WRONG_SIGNER = "WRONG_SIGNER"
    UNREADABLE = "UNREADABLE"


@dataclass(frozen=True)
class Signed:
    """A signature that was found: in which field, whose certificate, when by the signer's clock.

    ``stamped_at`` is the time that a trusted time-stamp service vouches for; None without one.
    """

    field: str
    signer: str
    organisation: str
    signed_at: datetime | None
    stamped_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """``faults`` is empty for an untouched plan. ``signed`` are its parties' signatures, in the
    order in which they were made; ``complete`` says whether both are there."""

    faults: tuple[Fault, ...] = ()
    signed: tuple[Signed, ...] = ()
    complete: bool = False

    @property
    def untouched(self) -> bool:
        """Whether the file is what was sealed, with nothing but valid signatures added."""
        return not self.faults
