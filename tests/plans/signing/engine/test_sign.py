"""Sealing, signing at each level, and renewing: what is in the file afterwards."""

import io
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from plans.enums import SignatureLevel
from plans.signing import sign
from plans.signing.check import Trust, check
from plans.signing.config import certificates
from plans.signing.errors import Refused
from plans.signing.fields import PARTIES, SEAL, NoPlaces, with_signature_fields
from plans.signing.keys import BadKey
from plans.signing.longterm import long_term
from tests.plans.signing.engine import authority as names
from tests.plans.signing.engine.authority import Authority
from tests.plans.signing.engine.conftest import Papers, signed


def _signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    return list(PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures)


def _is_stamped(signature: EmbeddedPdfSignature) -> bool:
    return any(
        attribute["type"].native == "signature_time_stamp_token"
        for attribute in signature.signer_info["unsigned_attrs"]
    )


def _has_proof(pdf: bytes) -> bool:
    return "/DSS" in PdfFileReader(io.BytesIO(pdf)).root


def _faults(pdf: bytes, papers: Papers, authority: Authority) -> tuple[str, ...]:
    trust = Trust(
        roots=certificates(authority.root),
        organisations={
            SEAL: "Testmynde",
            PARTIES[0]: "Fylke fylkeskommune",
            PARTIES[1]: "Leverandørutviklingsprogrammet",
        },
    )
    return check(pdf, sealed=papers.sealed, trust=trust).faults


def test_the_places_are_the_same_bytes_each_time(papers: Papers) -> None:
    assert with_signature_fields(papers.printed) == papers.prepared
    with pikepdf.open(io.BytesIO(papers.prepared)) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == [SEAL, *PARTIES]
        assert [field.FT for field in pdf.Root.AcroForm.Fields] == ["/Sig"] * 3


def test_a_pdf_without_places_is_refused(papers: Papers) -> None:
    with pytest.raises(NoPlaces):
        with_signature_fields(papers.prepared)  # its fields have become something else
    empty = io.BytesIO()
    pikepdf.new().save(empty)
    with pytest.raises(NoPlaces):
        with_signature_fields(empty.getvalue())


def test_the_seal_lets_nothing_but_signatures_be_added(papers: Papers) -> None:
    (seal,) = _signatures(papers.sealed)
    assert papers.sealed.startswith(papers.prepared)
    assert (seal.field_name, seal.docmdp_level) == (SEAL, MDPPerm.FILL_FORMS)
    assert seal.sig_object["/Reason"] == "Forsegla"


@pytest.mark.parametrize("name", [names.COUNTY, names.RSA])
def test_a_signature_says_who_and_why(papers: Papers, authority: Authority, name: str) -> None:
    pdf = signed(papers.sealed, authority.key(name))
    *_, signature = _signatures(pdf)
    assert pdf.startswith(papers.sealed)
    assert signature.field_name == PARTIES[0]
    assert signature.sig_object["/Name"] == "Signatar"
    assert signature.sig_object["/Reason"] == "Signerer partnarplanen"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert not _is_stamped(signature)
    assert not _has_proof(pdf)
    assert len(pdf) - len(papers.sealed) < 64 * 1024


def test_without_a_service_the_level_is_b_b(papers: Papers) -> None:
    assert long_term() is None
    assert sign.level_of(None) == SignatureLevel.B


def test_a_time_stamp_alone_is_b_t(papers: Papers, services: Authority, settings: Any) -> None:
    settings.SIGNING_REVOCATION = False
    proof = long_term()
    pdf = signed(papers.sealed, services.key(names.COUNTY), long_term=proof)
    assert sign.level_of(proof) == SignatureLevel.T
    assert _is_stamped(_signatures(pdf)[-1])
    assert not _has_proof(pdf)


def test_a_time_stamp_and_proof_are_b_lt_and_then_b_lta(
    papers: Papers, services: Authority
) -> None:
    pdf = signed(papers.sealed, services.key(names.COUNTY), long_term=long_term())
    assert sign.level_of(long_term()) == SignatureLevel.LT
    assert _has_proof(pdf)
    assert _faults(pdf, papers, services) == ()  # the seal is proved with it
    pdf = signed(pdf, services.key(names.LUP), place=1, long_term=long_term())
    assert [found.field_name for found in _signatures(pdf)] == [SEAL, *PARTIES]
    assert sign.stamps_expire_at(pdf) is None
    proof = long_term()
    assert proof is not None
    renewed = sign.renew(pdf, long_term=proof)
    assert renewed.startswith(pdf)
    stamps = PdfFileReader(io.BytesIO(renewed)).embedded_timestamp_signatures
    assert len(stamps) == 1
    assert sign.stamps_expire_at(renewed) == services.certificate("stamps").not_valid_after
    assert _faults(renewed, papers, services) == ()
    assert len(renewed) < 2 * len(papers.sealed)


def test_a_renewed_file_is_renewed_again(papers: Papers, services: Authority) -> None:
    pdf = signed(papers.sealed, services.key(names.COUNTY))  # without proof, which comes now
    for expected in (1, 2):
        proof = long_term()
        assert proof is not None
        pdf = sign.renew(pdf, long_term=proof)
        stamps = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
        assert len(stamps) == expected
    assert _has_proof(pdf)


def test_the_seal_may_have_a_time_stamp_and_ends_the_file(
    papers: Papers, services: Authority
) -> None:
    sealed = sign.seal(
        papers.prepared, key=services.key(names.SEAL), reason="Forsegla", long_term=long_term()
    )
    (seal,) = _signatures(sealed)
    assert _is_stamped(seal)
    assert not _has_proof(sealed)
    assert sum(int(number) for number in list(seal.byte_range)[2:]) == len(sealed)


@pytest.mark.usefixtures("english")
def test_an_expired_certificate_signs_nothing(papers: Papers, authority: Authority) -> None:
    key = authority.key(names.EXPIRED)
    with pytest.raises(BadKey, match="expired at 2021-01-01"):
        signed(papers.sealed, key)
    with pytest.raises(BadKey, match="expired at 2021-01-01"):
        sign.seal(papers.prepared, key=key, reason="Forsegla")


@pytest.mark.usefixtures("english")
def test_a_revoked_certificate_signs_nothing(papers: Papers, services: Authority) -> None:
    with pytest.raises(Refused, match="has been revoked"):
        signed(papers.sealed, services.key(names.REVOKED), long_term=long_term())


def test_a_certificate_that_is_not_believed_signs_nothing(
    papers: Papers, services: Authority, settings: Any
) -> None:
    proof = long_term()
    assert proof is not None
    settings.SIGNING_TRUST_ROOTS = ""  # the demo's own
    other = long_term()
    assert other is not None
    mixed = sign.LongTerm(proof.timestamper, other.context)
    with pytest.raises(BadKey, match="Unable to build a validation path"):
        signed(papers.sealed, services.key(names.COUNTY), long_term=mixed)
