"""The PDFs that are judged: each kind of document that Lupplan makes, at each stage of its life."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from plans.document import PlanDocument, extract
from plans.enums import PlanState
from plans.exports.pdf import plan_pdf
from plans.signing import fields, sign
from plans.signing.keys import Key
from tests.factories.documents import make_document

UNSEALED, SEALED, ONE, BOTH = "0-unsealed", "1-sealed", "2-one", "3-both"
STAGES = (UNSEALED, SEALED, ONE, BOTH)
STAMP = "Signatar\n{organisation}\n3. mars 2020 kl. 12.00"


@dataclass(frozen=True)
class Kind:
    """A kind of document: how its PDF is made, and whether it is sealed and signed."""

    pdf: Callable[[], bytes]
    signed: bool = False


@dataclass(frozen=True)
class Keys:
    """Who seals and signs."""

    seal: Key
    county: Key
    lup: Key


def frozen(**changes: object) -> PlanDocument:
    """Return a plan as it goes to signing; ``changes`` as of ``make_document``."""
    return make_document(**{"version": 1, "state": PlanState.FOR_SIGNATURE, **changes})  # type: ignore[arg-type]


def _extract() -> bytes:
    plan = frozen(measures=20)
    return plan_pdf(extract(plan, plan.municipalities[3].number))


# Another kind of document is one more line. "short" is what DSS looks at page by page, too.
KINDS = {
    "draft": Kind(lambda: plan_pdf(make_document(measures=12))),
    "empty": Kind(lambda: plan_pdf(make_document(measures=0))),
    "extract": Kind(_extract),
    "plan": Kind(lambda: plan_pdf(frozen(measures=60)), signed=True),
    "short": Kind(
        lambda: plan_pdf(replace(frozen(measures=3), is_example=False)),
        signed=True,
    ),
}
SIGNED = [name for name, kind in KINDS.items() if kind.signed]


def stages_of(kind: Kind, keys: Keys) -> dict[str, bytes]:
    """Return the kind's PDF at each stage that it goes through."""
    pdf = kind.pdf()
    if not kind.signed:
        return {UNSEALED: pdf}
    pdf = fields.with_signature_fields(pdf)
    sealed = sign.seal(pdf, key=keys.seal, reason="Segla av Lupplan")
    one = signed(sealed, place=0, key=keys.county)
    return {UNSEALED: pdf, SEALED: sealed, ONE: one, BOTH: signed(one, place=1, key=keys.lup)}


def signed(pdf: bytes, *, place: int, key: Key) -> bytes:
    """Return the PDF signed in one of its two places."""
    return sign.sign(
        pdf,
        field=fields.PARTIES[place],
        key=key,
        name="Signatar",
        reason="Signerer partnarplanen",
        stamp=STAMP.format(organisation=key.organisation),
    )
