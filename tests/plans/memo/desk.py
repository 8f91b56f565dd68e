"""What the tests of the memo's pages share: its addresses, its forms, what it says."""

from django.test import Client
from django.urls import reverse

from plans.enums import MemoKind
from plans.memo import ReadMemo, read_memo
from plans.models import PartnerPlan


def url(plan: PartnerPlan, name: str = "memo", **more: object) -> str:
    where = {"county": plan.agreement.county.slug, "year": plan.year}
    return reverse(f"plans:{name}", kwargs={**where, **more})


def section_url(plan: PartnerPlan, slug: str = "programmet") -> str:
    return url(plan, "memo_section", slug=slug)


def form_of(browser: Client, address: str, **typed: object) -> dict[str, object]:
    """Return what a browser sends from the form at an address, with some of it typed over."""
    form = browser.get(address).context["form"]
    values = {bound.name: bound.value() for bound in form}
    sent = {name: "" if value is None else value for name, value in {**values, **typed}.items()}
    return {name: value for name, value in sent.items() if value is not False}


def written(browser: Client, plan: PartnerPlan, slug: str = "programmet", **typed: object) -> None:
    """Write in a section, as a person would."""
    address = section_url(plan, slug)
    assert browser.post(address, form_of(browser, address, **typed)).status_code == 302


def read(plan: PartnerPlan) -> ReadMemo:
    return read_memo(PartnerPlan.objects.with_parties().get(pk=plan.pk), MemoKind.PLAN)


def body(plan: PartnerPlan, key: str) -> str:
    return next(s.section.body for s in read(plan).standings if s.place.key == key)
