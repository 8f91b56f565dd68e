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
    # A signature that isn't one of the parties', or one in a field of its own.
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    SIGNATURE_BROKEN = "SIGNATURE_BROKEN"
    # The signature leaves out some of what lies before it.
    NOT_ALL_SIGNED = "NOT_ALL_SIGNED"
    CHANGED_AFTERWARDS = "CHANGED_AFTERWARDS"
    BYTES_APPENDED = "BYTES_APPENDED"
    # Nobody whom we believe vouches for the signer's certificate.
    UNTRUSTED = "UNTRUSTED"
    # The certificate was withdrawn, or had run out, before anything proves that it was used.
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    # Whether the certificate was withdrawn couldn't be learnt: nothing is wrong with the file.
    REVOCATION_UNKNOWN = "REVOCATION_UNKNOWN"
    # The certificate is of an organisation that isn't a party to the plan.
    WRONG_SIGNER = "WRONG_SIGNER"
    # It is of a party, but stands where another signs.
    WRONG_PLACE = "WRONG_PLACE"
    # A time stamp of the file is broken, or nobody whom we believe vouches for it.
    BAD_TIME_STAMP = "BAD_TIME_STAMP"
    # The check would have taken more time or memory than any plan does.
    TOO_HEAVY = "TOO_HEAVY"
    UNREADABLE = "UNREADABLE"


# They don't say that anybody changed anything: what would settle them is time, or another service.
NOT_TAMPERING = frozenset({Fault.REVOCATION_UNKNOWN, Fault.TOO_HEAVY})


class Change(StrEnum):
    """What was changed in a file after it was sealed."""

    PAGES = "PAGES"
    ANNOTATIONS = "ANNOTATIONS"
    FIELDS = "FIELDS"
    STAMP = "STAMP"  # what is seen of a signature that was there already
    LANGUAGE = "LANGUAGE"
    METADATA = "METADATA"
    ATTACHMENTS = "ATTACHMENTS"
    OTHER = "OTHER"


class Belief(StrEnum):
    """What is known of whoever vouches for a certificate."""

    TRUSTED = "TRUSTED"
    DEMO = "DEMO"  # keys that anybody may have, for trying things out
    UNTRUSTED = "UNTRUSTED"


@dataclass(frozen=True)
class Signed:
    """A signature that was found: in which field, whose certificate, when by the signer's clock.

    ``stamped_at`` is the time that a trusted time-stamp service, ``stamped_by``, vouches for; None
    without one. ``level`` is that of PAdES (ETSI EN 319 142-1): B-B, B-T, B-LT or B-LTA; empty for
    a signature that is none. ``issuer`` vouches for the certificate.
    """

    field: str
    signer: str
    organisation: str
    signed_at: datetime | None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    level: str = ""
    issuer: str = ""
    belief: Belief = Belief.UNTRUSTED


@dataclass(frozen=True)
class Verdict:
    """``faults`` is empty for an untouched plan. ``signed`` are its parties' signatures, in the
    order in which they were made; ``complete`` says whether both are there. ``seal`` is that of the
    installation, ``changes`` what was changed after it, where that is a fault."""

    faults: tuple[Fault, ...] = ()
    signed: tuple[Signed, ...] = ()
    complete: bool = False
    seal: Signed | None = None
    changes: tuple[Change, ...] = ()

    @property
    def untouched(self) -> bool:
        """Whether the file is what was sealed, with nothing but valid signatures added, and
        nothing of it is in doubt."""
        return not self.faults

    @property
    def tampered(self) -> bool:
        """Whether something is wrong with the file itself, not only unknown about it."""
        return not NOT_TAMPERING.issuperset(self.faults)
