"""The PDFs that are judged: each kind of document that Lupplan makes, at each stage of its life."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from django.utils import translation

from plans.document import PlanDocument, extract, to_json
from plans.enums import PlanState
from plans.exports.pdf import Edition, plan_pdf
from plans.exports.pdf.memo import memo_pdf
from plans.signing import fields, sign
from plans.signing.keys import Key
from plans.signing.longterm import LongTerm, long_term
from plans.signing.stamp import stamp_text
from tests.factories.documents import make_amendment, make_document
from tests.factories.memos import a_case, make_memo

UNSEALED, SEALED, ONE, BOTH = "0-unsealed", "1-sealed", "2-one", "3-both"
# Both signatures with time stamp and proof (PAdES B-LT); the proof under a time stamp of its own
# (B-LTA); and that renewed.
LONG, ARCHIVAL, RENEWED = "4-long-term", "5-archival", "6-renewed"
STAGES = (UNSEALED, SEALED, ONE, BOTH, LONG, ARCHIVAL, RENEWED)
SIGNED_AT = datetime(2020, 3, 4, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """A kind of document: how its PDF is made, and whether it is sealed and signed."""

    pdf: Callable[[], bytes]
    signed: bool = False

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages of its life."""
        return STAGES if self.signed else (UNSEALED,)


@dataclass(frozen=True)
class Keys:
    """Who seals and signs."""

    seal: Key
    county: Key
    lup: Key


def frozen(**changes: object) -> PlanDocument:
    """Return a plan as it goes to signing; ``changes`` as of ``make_document``."""
    return make_document(**{"version": 1, "state": PlanState.FOR_SIGNATURE, **changes})  # type: ignore[arg-type]


def _draft(measures: int) -> bytes:
    return plan_pdf(make_document(measures=measures))


def _extract() -> bytes:
    plan = frozen(measures=20)
    return plan_pdf(extract(plan, plan.municipalities[3].number))


def _amendment() -> bytes:
    with translation.override("nn"):
        document = make_amendment()
    return _with_places(document, is_demo=True)


def _memo() -> bytes:
    with translation.override("nn"):
        memo = make_memo(signed_on=SIGNED_AT.date(), case=a_case())
    return memo_pdf(memo.document, to_json(make_document(measures=12)))


def _version(*, is_demo: bool, **changes: object) -> bytes:
    return _with_places(frozen(**changes), is_demo=is_demo)


def _with_places(document: PlanDocument, *, is_demo: bool) -> bytes:
    edition = Edition.of(document, is_demo=is_demo)
    return fields.with_signature_fields(plan_pdf(document, edition=edition))


# Another kind of document is one more line. "short" is what DSS compares page by page, too.
KINDS = {
    "draft": Kind(partial(_draft, 12)),
    "memo": Kind(_memo),
    "empty": Kind(partial(_draft, 0)),
    "extract": Kind(_extract),
    "plan": Kind(partial(_version, is_demo=True, measures=60), signed=True),
    "amendment": Kind(_amendment, signed=True),
    "short": Kind(partial(_version, is_demo=False, measures=2, texts=()), signed=True),
}
SIGNED = [name for name, kind in KINDS.items() if kind.signed]


def stages_of(kind: Kind, keys: Keys) -> dict[str, bytes]:
    """Return the kind's PDF at each stage that it goes through; the settings name a time-stamp
    service."""
    pdf = kind.pdf()
    if not kind.signed:
        return {UNSEALED: pdf}
    made = {UNSEALED: pdf, SEALED: sealed(pdf, keys)}
    made[ONE] = signed(made[SEALED], place=0, key=keys.county)
    made[BOTH] = signed(made[ONE], place=1, key=keys.lup)
    lasting = sealed(pdf, keys, long_term=long_term())
    lasting = signed(lasting, place=0, key=keys.county, long_term=long_term())
    made[LONG] = signed(lasting, place=1, key=keys.lup, long_term=long_term())
    made[ARCHIVAL] = renewed(made[LONG])
    made[RENEWED] = renewed(made[ARCHIVAL])
    return made


def sealed(pdf: bytes, keys: Keys, *, long_term: LongTerm | None = None) -> bytes:
    """Return the PDF with the seal."""
    return sign.seal(pdf, key=keys.seal, reason="Segla av Lupplan", long_term=long_term)


def signed(pdf: bytes, *, place: int, key: Key, long_term: LongTerm | None = None) -> bytes:
    """Return the PDF signed in one of its two places."""
    return sign.sign(
        pdf,
        field=fields.PARTIES[place],
        key=key,
        name="Signatar",
        reason="Signerer partnarplanen",
        stamp=stamp_text(
            name="Signatar",
            role="Signatar",
            organisation=key.organisation,
            at=SIGNED_AT,
            is_demo=True,
        ),
        long_term=long_term,
    )


def renewed(pdf: bytes) -> bytes:
    """Return the PDF with its proof under one more time stamp."""
    service = long_term()
    assert service is not None  # the settings name one
    return sign.renew(pdf, long_term=service)
