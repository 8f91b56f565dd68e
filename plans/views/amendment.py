"""The amendment: all that it changes of what is in force, and why."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans import rules
from plans.document import read_plan
from plans.document.amendment import WRITTEN, Named, committed_fields
from plans.document.difference import (
    AREA,
    MEASURE,
    PART,
    PLAN,
    REMOVED,
    TEXT,
    FieldDifference,
    ItemDifference,
)
from plans.enums import PartKind
from plans.forms.amendment import AmendmentReasonForm
from plans.models import AmendmentReason, PartnerPlan
from plans.models.plan import REASON_FIELDS
from plans.services.amendments import give_reason, reasons_of
from plans.urls_for import amendment_reason_url, amendment_url, bench_url, life_url, text_edit_url
from plans.views.access import checked, get_working_plan
from plans.views.editing import NotSaved, WorkRequest, answer_form, bench_crumbs
from plans.working_copy import WorkingCopy, working_copy


@dataclass(frozen=True)
class Listed:
    """A change, its reason if one is given, and where the two are written."""

    item: ItemDifference
    fields: tuple[FieldDifference, ...]
    reason: AmendmentReason | None
    edit_url: str
    reason_url: str

    @property
    def has_reason(self) -> bool:
        """Whether it may be signed."""
        return self.reason is not None and bool(self.reason.text)


@require_safe
def amendment(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """Every commitment that the working copy changes, before and after, with its reason: what is
    sent to signing. Where no amendment is made, the way leads to the plan's course."""
    plan = get_working_plan(request, county, year)
    if not rules.can_see_amendment(request.user, plan):
        return HttpResponseRedirect(life_url(plan))
    read = read_plan(plan)
    copy = working_copy(plan, read.document)
    assert copy is not None  # as can_see_amendment says
    reasons = reasons_of(plan)
    listed = [_listed(plan, item, reasons) for item in copy.difference.items]
    return render(
        request,
        "plans/work/amendment.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "copy": copy,
            "changes": listed,
            "lacking": sum(not each.has_reason for each in listed),
            "can_amend": rules.can_amend(request.user, plan),
            "written": WRITTEN,
            "crumbs": bench_crumbs(plan, _("The amendment")),
        },
    )


def reason_edit(request: WorkRequest, county: str, year: int, kind: str, key: str) -> HttpResponse:
    """Why something is changed. ``kind`` and ``key`` name it (plans.urls_for); what isn't changed
    needs no reason."""
    named = _named(kind, key)
    plans = PartnerPlan.objects.with_parties().select_related("in_force").with_reason(*named)
    found = plans.filter(agreement__county__slug=county, year=year).first()
    plan = checked(request, found, rules.can_amend, to_write=True)
    item = _item(working_copy(plan, read_plan(plan).document), named)
    row = _reason(plan)
    back = amendment_url(plan)
    if item is None and request.method != "POST":
        messages.info(request, _("That isn't changed, or no longer: it needs no reason."))
        return HttpResponseRedirect(back)
    title = _title(item) if item else row.title
    form = AmendmentReasonForm(request.POST or None, instance=row, cancel_url=back)

    def save() -> str:
        if item is None:
            raise NotSaved(_("Not saved: that isn't changed any more, and needs no reason."))
        give_reason(
            plan=plan,
            named=named,
            title=title,
            values=form.values(),
            expected_version=form.expected_version,
            by=request.user,
        )
        messages.success(request, _("The reason for “%(what)s” is saved.") % {"what": title})
        return f"{back}#{item.kind.lower()}-{item.key}"

    listed = _listed(plan, item, {}) if item else None
    return answer_form(
        request,
        plan=plan,
        form=form,
        save=save,
        heading=_("Why “%(what)s” is changed") % {"what": title},
        crumb=_("Reason"),
        context={
            "above": "plans/work/_amended.html" if listed else "",
            "listed": listed,
            "written": WRITTEN,
        },
    )


def _item(copy: WorkingCopy | None, named: Named) -> ItemDifference | None:
    items = copy.difference.items if copy else ()
    return next((item for item in items if (item.kind, item.key) == named), None)


def _reason(plan: PartnerPlan) -> AmendmentReason:
    """Return the reason that a plan was read with (``with_reason``), or a new one."""
    values = {name: getattr(plan, f"reason_{name}") for name in REASON_FIELDS}
    return AmendmentReason(**values) if values["pk"] else AmendmentReason()


def _named(kind: str, key: str) -> Named:
    """Return what an address names. Raises ``Http404``."""
    code = kind.upper()
    if code == PLAN:
        return PLAN, ""
    if code in (TEXT, PART):
        return code, key.upper().replace("-", "_")
    if code in (AREA, MEASURE):
        return code, key.lower()
    raise Http404


def _listed(
    plan: PartnerPlan, item: ItemDifference, reasons: dict[Named, AmendmentReason]
) -> Listed:
    committed = committed_fields(item)
    return Listed(
        item=item,
        fields=tuple(field for field in item.fields if field.name in committed),
        reason=reasons.get((item.kind, item.key)),
        edit_url=_edit_url(plan, item),
        reason_url=amendment_reason_url(plan, item.kind, item.key),
    )


def _title(item: ItemDifference) -> str:
    if item.kind == PART:
        return _("Introduction to part %(number)s") % {"number": item.number}
    return f"{item.number} {item.title}".strip()


def _edit_url(plan: PartnerPlan, item: ItemDifference) -> str:
    """Return where a changed thing is written; the workbench where it was taken out."""
    where: dict[str, object] = {"county": plan.agreement.county.slug, "year": plan.year}
    if item.sort == REMOVED:
        return bench_url(plan)
    if item.kind == TEXT:
        return text_edit_url(plan, item.key)
    if item.kind == PART:
        number = PartKind(item.key).number
        return reverse("plans:part_edit", kwargs={**where, "number": number})
    if item.kind == PLAN:
        return reverse("plans:title_edit", kwargs=where)
    name = "area_edit" if item.kind == AREA else "measure_edit"
    return reverse(f"plans:{name}", kwargs={**where, "key": item.key})
