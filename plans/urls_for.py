"""Addresses of a plan's pages, for views and mails."""

from uuid import UUID

from django.urls import reverse

from plans.models import Contribution, FocusArea, Measure, PartnerPlan, Proposal, Thread


def _where(plan: PartnerPlan) -> dict[str, object]:
    return {"county": plan.agreement.county.slug, "year": plan.year}


def plan_url(plan: PartnerPlan) -> str:
    """Return the address where the plan is read."""
    return reverse("plans:plan", kwargs=_where(plan))


def own_url(plan: PartnerPlan) -> str:
    """Return the address where one's own measures of an unsigned plan are read."""
    return reverse("plans:own", kwargs=_where(plan))


def bench_url(plan: PartnerPlan, measure: Measure | None = None) -> str:
    """Return the address of the plan's workbench, at a measure if one is given."""
    url = reverse("plans:bench", kwargs=_where(plan))
    return f"{url}#measure-{measure.key}" if measure is not None else url


def area_url(plan: PartnerPlan, area: FocusArea) -> str:
    """Return the address of the plan's workbench, at a focus area."""
    return f"{bench_url(plan)}#area-{area.key}"


def life_url(plan: PartnerPlan) -> str:
    """Return the address of the plan's course: where it is, and what may come next."""
    return reverse("plans:life", kwargs=_where(plan))


def capacity_url(plan: PartnerPlan) -> str:
    """Return the address where LUP's days and what books them are shown."""
    return reverse("plans:lup_days", kwargs=_where(plan))


def text_edit_url(plan: PartnerPlan, kind: str) -> str:
    """Return the address where the plan's text of that kind is written."""
    return reverse("plans:text_edit", kwargs={**_where(plan), "kind": _slug(kind)})


def text_url(plan: PartnerPlan, kind: str) -> str:
    """Return the address of the plan's workbench, at the text of that kind."""
    return f"{bench_url(plan)}#tekst-{_slug(kind)}"


def measure_edit_url(plan: PartnerPlan, key: UUID) -> str:
    """Return the address where the measure with that key is written."""
    return reverse("plans:measure_edit", kwargs={**_where(plan), "key": key})


def _slug(kind: str) -> str:
    return kind.lower().replace("_", "-")


def history_url(plan: PartnerPlan, measure: Measure | None = None) -> str:
    """Return the address of the plan's history, or of one of its measures'."""
    if measure is None:
        return reverse("plans:plan_history", kwargs=_where(plan))
    return reverse("plans:measure_history", kwargs={**_where(plan), "key": measure.key})


def inbox_url(plan: PartnerPlan) -> str:
    """Return the address of the input that was sent to the plan."""
    return reverse("plans:contribution_inbox", kwargs=_where(plan))


def new_contribution_url(plan: PartnerPlan) -> str:
    """Return the address where input to the plan is written."""
    return reverse("plans:contribution_new", kwargs=_where(plan))


def contribution_url(
    plan: PartnerPlan, contribution: Contribution, page: str = "contribution"
) -> str:
    """Return the address of a contribution, or of another ``page`` of it."""
    return reverse(f"plans:{page}", kwargs={**_where(plan), "key": contribution.key})


def comments_url(plan: PartnerPlan, measure: Measure | None = None) -> str:
    """Return the address of the plan's comments, or of those on one measure."""
    if measure is None:
        return reverse("plans:comments", kwargs=_where(plan))
    return reverse("plans:measure_comments", kwargs={**_where(plan), "key": measure.key})


def thread_url(plan: PartnerPlan, thread: Thread) -> str:
    """Return the address of a thread of comments."""
    return reverse("plans:thread", kwargs={**_where(plan), "pk": thread.pk})


def proposal_url(plan: PartnerPlan, proposal: Proposal) -> str:
    """Return the address of a proposed change."""
    return reverse("plans:proposal", kwargs={**_where(plan), "pk": proposal.pk})


def rollover_url(plan: PartnerPlan) -> str:
    """Return the address where the plan is carried on into the next year."""
    return reverse("plans:rollover", kwargs=_where(plan))


def proposals_url(plan: PartnerPlan) -> str:
    """Return the address of the changes that were proposed."""
    return reverse("plans:proposals", kwargs=_where(plan))


def round_url(plan: PartnerPlan) -> str:
    """Return the address where the round of input is set."""
    return reverse("plans:round_edit", kwargs=_where(plan))


def memo_url(plan: PartnerPlan) -> str:
    """Return the address of the memo to the county's politicians."""
    return reverse("plans:memo", kwargs=_where(plan))


def versions_url(plan: PartnerPlan) -> str:
    """Return the address of the plan's versions."""
    return reverse("plans:versions", kwargs=_where(plan))


def version_url(plan: PartnerPlan, number: int) -> str:
    """Return the address of a version's own page, which the code on the signed page leads to."""
    return reverse("plans:version", kwargs={**_where(plan), "number": number})


def signing_url(plan: PartnerPlan) -> str:
    """Return the address where the plan is signed."""
    return reverse("plans:signing", kwargs=_where(plan))


def amendment_url(plan: PartnerPlan) -> str:
    """Return the address where one sees what an amendment changes, and why."""
    return reverse("plans:amendment", kwargs=_where(plan))


def amendment_reason_url(plan: PartnerPlan, kind: str, key: str) -> str:
    """Return the address where the reason for a change is written; ``kind`` and ``key`` name what
    is changed, as plans.document.difference does."""
    # A plan's own title has no key, and an address no empty place.
    where = {**_where(plan), "kind": _slug(kind), "key": _slug(key) or "plan"}
    return reverse("plans:amendment_reason", kwargs=where)
