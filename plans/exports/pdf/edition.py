"""What a PDF that is to be signed says beside the document: where its own page is, whose keys."""

from dataclasses import dataclass

import segno
from django.conf import settings

from plans.document import PlanDocument

_QUIET = 4  # modules of white around a QR code (ISO/IEC 18004, 9.1)


@dataclass(frozen=True)
class QrCode:
    """A QR code as a drawing: how many modules it is wide and high, and the path of the dark ones
    (SVG)."""

    size: int
    path: str


@dataclass(frozen=True, kw_only=True)
class Edition:
    """``address`` is where the version's own page is; ``is_demo`` says that the keys which seal
    and sign are a demo's. The same document and edition give the same bytes."""

    address: str
    is_demo: bool = False

    @classmethod
    def of(cls, document: PlanDocument, *, is_demo: bool) -> "Edition":
        """Return the edition of a frozen version's document."""
        place = f"{document.county.slug}/{document.year}/versjonar/{document.version}"
        return cls(address=f"{settings.SITE_URL}/planar/{place}/", is_demo=is_demo)

    @property
    def qr_code(self) -> QrCode:
        """The address as a QR code that still reads with some of it gone (level M)."""
        code = segno.make_qr(self.address, error="m", boost_error=False)
        path = "".join(
            f"M{column} {row}h1v1h-1z"
            for row, modules in enumerate(code.matrix, _QUIET)
            for column, is_dark in enumerate(modules, _QUIET)
            if is_dark
        )
        return QrCode(len(code.matrix) + 2 * _QUIET, path)
