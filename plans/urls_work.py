"""The workbench's addresses, below /arbeid/. Every one asks for log-in."""

from django.urls import include, path

from plans.enums import MemoKind
from plans.views import (
    amendment,
    capacity,
    compare,
    drafts,
    focus_areas,
    history,
    life,
    measures,
    memos,
    restore,
    rollover,
    texts,
    work,
)

PLAN = "<slug:county>/<int:year>/"
AREA = f"{PLAN}satsingsomrade/<uuid:key>/"
MEASURE = f"{PLAN}tiltak/<uuid:key>/"
ROLLOVER = f"{PLAN}vidare/"
MEMO = f"{PLAN}orientering/"

urlpatterns = [
    path("", work.work, name="work"),
    path("ny-plan/", work.new_plan, name="plan_new"),
    path("kladdar/", drafts.drafts, name="drafts"),
    path("kladdar/<int:pk>/", drafts.draft, name="draft"),
    path(PLAN, work.bench, name="bench"),
    path(f"{PLAN}historikk/", history.plan_history, name="plan_history"),
    path(f"{PLAN}tittel/", texts.title_edit, name="title_edit"),
    path(f"{PLAN}tekst/<slug:kind>/", texts.text_edit, name="text_edit"),
    path(f"{PLAN}del/<int:number>/", texts.part_edit, name="part_edit"),
    path(f"{PLAN}del/<int:number>/nytt/", focus_areas.area_new, name="area_new"),
    path(AREA, focus_areas.area_edit, name="area_edit"),
    path(f"{AREA}flytt/", focus_areas.area_move, name="area_move"),
    path(f"{AREA}slett/", focus_areas.area_delete, name="area_delete"),
    path(f"{AREA}hent-tilbake/", focus_areas.area_restore, name="area_restore"),
    path(f"{AREA}nytt-tiltak/", measures.measure_new, name="measure_new"),
    path(MEASURE, measures.measure_edit, name="measure_edit"),
    path(f"{MEASURE}historikk/", history.measure_history, name="measure_history"),
    path(f"{MEASURE}flytt/", measures.measure_move, name="measure_move"),
    path(f"{MEASURE}slett/", measures.measure_delete, name="measure_delete"),
    path(f"{MEASURE}hent-tilbake/", measures.measure_restore, name="measure_restore"),
    path(f"{PLAN}gang/", life.life, name="life"),
    path(f"{PLAN}gang/<slug:to>/", life.move, name="move"),
    path(f"{PLAN}lup-dagar/", capacity.lup_days, name="lup_days"),
    path(f"{PLAN}lup-dagar/endre/", capacity.lup_days_edit, name="lup_days_edit"),
    path(f"{PLAN}historikk/samanlikn/", compare.plan_compare, name="plan_compare"),
    path(f"{MEASURE}historikk/samanlikn/", compare.measure_compare, name="measure_compare"),
    path(
        f"{PLAN}historikk/<int:event>/<slug:field>/<slug:side>/",
        restore.field_restore,
        name="field_restore",
    ),
    path("", include("plans.urls_talk")),
    path(f"{PLAN}tabell/", include("plans.urls_table")),
    path(f"{PLAN}naerver/", drafts.presence, name="presence"),
    path(ROLLOVER, rollover.rollover, name="rollover"),
    path(f"{ROLLOVER}tiltak/<uuid:key>/", rollover.decide, name="rollover_decide"),
    path(f"{ROLLOVER}fleire/", rollover.several, name="rollover_several"),
    path(f"{ROLLOVER}anna/", rollover.rest, name="rollover_rest"),
    path(f"{ROLLOVER}samandrag/", rollover.summary, name="rollover_summary"),
    path(f"{ROLLOVER}avbryt/", rollover.cancel, name="rollover_cancel"),
    path(f"{PLAN}signering/", include("plans.urls_signing")),
    path(f"{PLAN}endring/", amendment.amendment, name="amendment"),
    path(
        f"{PLAN}endring/grunn/<slug:kind>/<slug:key>/",
        amendment.reason_edit,
        name="amendment_reason",
    ),
    path(f"{PLAN}orientering.pdf", memos.pdf, {"kind": MemoKind.PLAN}, name="memo_pdf"),
    path(f"{PLAN}orientering.docx", memos.docx, {"kind": MemoKind.PLAN}, name="memo_docx"),
    path(MEMO, memos.memo, {"kind": MemoKind.PLAN}, name="memo"),
    path(f"{MEMO}sak/", memos.case_edit, {"kind": MemoKind.PLAN}, name="memo_case"),
    path(f"{MEMO}<slug:slug>/", memos.section_edit, {"kind": MemoKind.PLAN}, name="memo_section"),
    path(
        f"{MEMO}<slug:slug>/hent-tilbake/",
        memos.section_reset,
        {"kind": MemoKind.PLAN},
        name="memo_reset",
    ),
]
