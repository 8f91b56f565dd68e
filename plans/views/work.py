"""One's own plans, and the workbench of one of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import COUNTY_ROLES, PROGRAMME_ROLES, Role
from accounts.rules import can_see_people
from plans import rules
from plans.capacity import quarters
from plans.completeness import missing
from plans.document import read_plan
from plans.enums import TextKind
from plans.forms.texts import NewPlanForm
from plans.models import Draft, Measure, PartnerPlan, PartnershipAgreement
from plans.models.surroundings import surroundings
from plans.services.plans import create_plan
from plans.urls_for import bench_url
from plans.views.access import get_working_plan
from plans.views.company import company_at
from plans.views.editing import WorkRequest, bench_crumbs
from plans.working_copy import working_copy


def work(request: WorkRequest) -> HttpResponse:
    """The plans that one works with: of one's county, or for LUP all that left the draft state; and
    those of which one may read one's own measures."""
    user = request.user
    in_part = PartnerPlan.objects.none()
    if user.has_role(Role.MUNICIPAL_CONTACT, Role.CONTRIBUTOR):
        in_part = PartnerPlan.objects.partly_visible_to(user).with_parties()
    plans = PartnerPlan.objects.visible_to(user).with_parties().with_measure_count()
    if not user.has_role(*PROGRAMME_ROLES):
        plans = plans.filter(agreement__county__in=user.counties_as(*COUNTY_ROLES))
    listed = list(plans.order_by("agreement__county__name", "-year"))
    years = {(plan.agreement.county_id, plan.year) for plan in listed}
    return render(
        request,
        "plans/work/index.html",
        {
            "plans": listed,
            "can_roll_over": {
                plan.pk
                for plan in listed
                if (plan.agreement.county_id, plan.year + 1) not in years
                and rules.can_roll_over(user, plan)
            },
            "in_part": in_part.order_by("agreement__county__name", "-year"),
            "can_see_people": can_see_people(user),
            "can_make_plan": user.has_role(Role.COUNTY_EDITOR),
            "gives_input": user.has_role(Role.CONTRIBUTOR, Role.MUNICIPAL_CONTACT),
            "draft_count": Draft.objects.of(user).count(),
        },
    )


def new_plan(request: WorkRequest) -> HttpResponse:
    """Make the plan of a year that has none."""
    user = request.user
    agreements = [
        agreement
        for agreement in PartnershipAgreement.objects.select_related("county")
        if rules.can_make_plan(user, agreement)
    ]
    if not agreements:
        raise PermissionDenied
    form = NewPlanForm(
        request.POST or None, agreements=agreements, cancel_url=reverse("plans:work")
    )
    if request.method == "POST" and form.is_valid():
        try:
            plan = create_plan(by=user, **form.cleaned_data)
        except IntegrityError:
            # Somebody else made it between the form's check and here.
            form.add_error("year", _("The county has a plan for that year already."))
        else:
            messages.success(request, _("The plan is made. Start with its texts."))
            return HttpResponseRedirect(bench_url(plan))
    return render(
        request,
        "plans/work/new_plan.html",
        {
            "form": form,
            "crumbs": [(_("My work"), reverse("plans:work")), (_("New plan"), "")],
        },
        status=422 if form.errors else 200,
    )


def bench(request: WorkRequest, county: str, year: int) -> HttpResponse:
    """The whole plan on one page, to be written; those who may not write see it without buttons."""
    plan = get_working_plan(request, county, year)
    read = read_plan(plan)
    around = surroundings(plan, rules.audiences(request.user, plan))
    return render(
        request,
        "plans/work/bench.html",
        {
            "plan": plan,
            "is_example": plan.is_example,
            "document": read.document,
            "progress": read.progress,
            "can_edit": rules.can_edit(request.user, plan),
            "can_roll_over": rules.can_roll_over(request.user, plan),
            "next_year": plan.year + 1,
            "editable": {
                key
                for key, row in read.rows.items()
                if rules.can_edit_measure(request.user, plan, row)
            },
            "deleted": read.deleted,
            "deleted_areas": read.deleted_areas,
            "text_rows": [
                {
                    "slug": kind.lower().replace("_", "-"),
                    "label": kind.label,
                    "text": read.document.text(kind),
                }
                for kind in TextKind
            ],
            "lup_quarters": quarters(read.document, around.capacity),
            "capacity": around.capacity,
            "undo": _undo(request, read.deleted),
            "missing": missing(
                read.document,
                to_rewrite={key for key, row in read.rows.items() if row.rewrite_note},
            ),
            "talk": around.talk,
            "company": company_at(request.user, plan),
            "copy": working_copy(plan, read.document),
            "crumbs": bench_crumbs(plan),
        },
    )


def _undo(request: WorkRequest, deleted: tuple[Measure, ...]) -> dict[str, object] | None:
    """Return the measure that was deleted a moment ago and where it stood, for the undo button."""
    key, place = request.GET.get("sletta", ""), request.GET.get("plass", "")
    row = next((row for row in deleted if str(row.key) == key), None)
    return {"measure": row, "place": place} if row and place.isdecimal() else None
