"""A small plan's PDF: sealed, signed by one, by both, and made to last. Made once per process."""

import io
from dataclasses import dataclass, replace
from functools import cache

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from plans.document import PlanDocument
from plans.enums import PlanState
from plans.exports.pdf import plan_pdf
from plans.signing.check import Trust
from plans.signing.fields import PARTIES, SEAL, with_signature_fields
from plans.signing.stamp import stamp_style
from tests.factories.documents import make_document
from tests.factories.pki import Authority, Holder

COUNTY, LUP = PARTIES
NAMES = {
    SEAL: "Lupplan",
    COUNTY: "Fylke fylkeskommune",
    LUP: "Leverandørutviklingsprogrammet",
}


@dataclass(frozen=True)
class SignedFiles:
    """The steps of one file, each of which begins with the one before; and who signed."""

    document: PlanDocument
    authority: Authority
    holders: dict[str, Holder]
    stamper: Holder
    export: bytes
    prepared: bytes
    sealed: bytes
    one: bytes
    both: bytes

    @property
    def trust(self) -> Trust:
        """Whom to believe."""
        return Trust(roots=(self.authority.root,), organisations=NAMES)

    def sign(self, pdf: bytes, field: str, **options: object) -> bytes:
        """Return ``pdf`` signed in a field by the one who should."""
        return signed(pdf, field, self.authority, self.holders[field], **options)  # type: ignore[arg-type]


@cache
def signed_files() -> SignedFiles:
    """Return the files; some 3 s the first time."""
    document = replace(make_document(measures=2), version=1, state=PlanState.FOR_SIGNATURE)
    authority = Authority()
    holders = {field: authority.issue(name) for field, name in NAMES.items()}
    export = plan_pdf(document)
    prepared = with_signature_fields(export)
    sealed = signed(prepared, SEAL, authority, holders[SEAL], certify=True)
    one = signed(sealed, COUNTY, authority, holders[COUNTY])
    both = signed(one, LUP, authority, holders[LUP])
    return SignedFiles(
        document=document,
        authority=authority,
        holders=holders,
        stamper=authority.issue("Tidsstempel", stamps=True),
        export=export,
        prepared=prepared,
        sealed=sealed,
        one=one,
        both=both,
    )


def signed(
    pdf: bytes,
    field: str,
    authority: Authority,
    holder: Holder,
    *,
    certify: bool = False,
    stamper: Holder | None = None,
    lasting: bool = False,
    new_field: bool = False,
    name: str | None = None,
) -> bytes:
    """Return a PDF with a signature in a field, as any tool makes it; with a time stamp where there
    is a ``stamper``, and with what makes it last (B-LT) where ``lasting``."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        name=name,
        embed_validation_info=lasting,
        validation_context=authority.context() if lasting else None,
    )
    visible = not certify and not new_field
    signer = PdfSigner(
        metadata,
        authority.signer(holder),
        timestamper=authority.stamper(stamper) if stamper else None,
        stamp_style=stamp_style(f"Signatar\n{field}") if visible else None,
    )
    target = io.BytesIO()
    signer.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=not new_field, output=target
    )
    return target.getvalue()


def stamped(pdf: bytes, files: SignedFiles, *, field: str = "tidsstempel-1") -> bytes:
    """Return a PDF with a time stamp on all of it, and the proof for what it holds (B-LTA)."""
    stamper = PdfTimeStamper(files.authority.stamper(files.stamper), field_name=field)
    target = io.BytesIO()
    stamper.timestamp_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        md_algorithm="sha256",
        validation_context=files.authority.context(),
        output=target,
    )
    return target.getvalue()


@cache
def lasting_files() -> tuple[bytes, bytes]:
    """Return the file signed by both as B-LT, and the same as B-LTA."""
    files = signed_files()
    lasting = files.sealed
    for field in PARTIES:
        lasting = files.sign(lasting, field, stamper=files.stamper, lasting=True)
    return lasting, stamped(lasting, files)
