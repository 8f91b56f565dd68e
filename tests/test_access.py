"""Every address × every role × GET and POST, against one explicit table.

A new address without a row here fails ``test_every_address_has_its_row``.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import Role
from accounts.models import User
from audit.services import record
from plans.enums import PartKind, PlanState
from plans.models import Comment, Measure, PartnerPlan, Proposal, Thread
from plans.services.attachments import attach
from tests.factories.accounts import UserFactory, user_with
from tests.factories.contributions import make_contribution, make_round
from tests.factories.municipalities import CountyFactory, MunicipalityFactory
from tests.factories.municipalities import ProcurementCooperationFactory as CooperationFactory
from tests.factories.plans import area_of, make_plan
from tests.factories.versions import set_state

ANYONE = (
    "anonymous",
    "editor",
    "signatory",
    "adviser",
    "lup_signatory",
    "contributor",
    "contact",
    "foreign_contact",
    "administrator",
    "outsider",
    "former_editor",
    "inactive",
)
EDITOR = {"editor"}
COUNTY = {"editor", "signatory"}
LUP = {"adviser", "lup_signatory"}
# Somebody whose session is no good is somebody who hasn't logged in.
OUT = {"anonymous", "inactive"}
# They know of the plan from consultation on, and read their own measures of it.
PARTLY = {"contact", "contributor"}

States = dict[PlanState, set[str]]
DRAFT, CONSULTATION = PlanState.DRAFT, PlanState.CONSULTATION
NEGOTIATION, ACTIVE = PlanState.NEGOTIATION, PlanState.ACTIVE
FOR_SIGNATURE, AMENDING = PlanState.FOR_SIGNATURE, PlanState.AMENDING


@dataclass(frozen=True)
class Row:
    """Who gets in at an address, by the plan's state, and how it answers them.

    Others get 403 if they may know of the plan, else 404; on the workbench those who are out get
    the log-in page. ``get`` and ``post`` are the statuses for those who get in; 405 comes first.
    ``partly`` are the statuses of a GET of those who know of an unsigned plan but read only their
    own measures. ``knowers`` are those who know of the thing itself, where these aren't all who
    know of the plan. ``gets`` and ``posts`` are the statuses in states where they are others.
    """

    who: States
    get: int = 200
    post: int = 405
    posts: dict[PlanState, int] = field(default_factory=dict)
    log_in: bool = False
    partly: dict[str, int] = field(default_factory=dict)
    knowers: States | None = None
    gets: dict[PlanState, int] = field(default_factory=dict)


def by_state(
    draft: set[str],
    consultation: set[str],
    negotiation: set[str],
    active: set[str],
    for_signature: set[str] | None = None,
    amending: set[str] | None = None,
) -> States:
    """Return the states of these tests with who gets in.

    While a plan is for signature: those who get in both in negotiation and when it is in force,
    unless it says something else. While it is amended: those who do in negotiation, but for those
    who read only their own measures, who don't see a working copy.
    """
    if for_signature is None:
        for_signature = negotiation & active
    if amending is None:
        amending = negotiation - PARTLY
    each = (draft, consultation, negotiation, for_signature, active, amending)
    return dict(zip(STATES, each, strict=True))


STATES = (DRAFT, CONSULTATION, NEGOTIATION, FOR_SIGNATURE, ACTIVE, AMENDING)
READERS = by_state(COUNTY, COUNTY | LUP, COUNTY | LUP, set(ANYONE), amending=set(ANYONE))
WORKERS = by_state(COUNTY, COUNTY | LUP, COUNTY | LUP, COUNTY | LUP)
WRITERS = by_state(EDITOR, EDITOR, EDITOR, set())
# The measure of these tests is LUP's responsibility.
MEASURE_WRITERS = by_state(EDITOR, EDITOR, {"editor", "adviser"}, set())
ADVISER = {"adviser"}
SIGNERS = {"editor", "signatory", "lup_signatory"}
RETURNERS = by_state(COUNTY, SIGNERS, SIGNERS, SIGNERS)
# The thread of these tests is for the municipalities too, the contact's among them.
TALKERS = by_state(COUNTY, COUNTY | LUP | {"contact"}, COUNTY | LUP | {"contact"}, set())
_LATER = COUNTY | LUP | {"contact"}
TALK_READERS = {**TALKERS, FOR_SIGNATURE: _LATER, ACTIVE: _LATER}
PARTY_TALKERS = by_state(COUNTY, COUNTY | LUP, COUNTY | LUP, set())
NOBODY = by_state(set(), set(), set(), set())
ROLLERS = by_state(set(), set(), EDITOR, EDITOR)
KNOWERS = {
    state: who | (PARTLY if state not in (DRAFT, ACTIVE) else set())
    for state, who in READERS.items()
}

# The input of these tests was sent by the contributor's cooperation, and is not answered.
_INPUT = COUNTY | LUP | {"contributor"}
INPUT_READERS = by_state(COUNTY, _INPUT, _INPUT, _INPUT, amending=_INPUT)
# Input is settled when the plan is signed: an amendment takes none and answers none.
ANSWERERS = by_state(EDITOR, EDITOR, EDITOR, set(), amending=set())
INPUT_WRITERS = by_state(set(), {"contributor"}, {"contributor"}, set())
_NEW = EDITOR | PARTLY

READ = Row(READERS)
FORM = Row(WRITERS, post=422, log_in=True)
OWN_MUNICIPALITY = Row(READERS, partly={"contact": 200, "contributor": 404})
ACT = Row(WRITERS, get=405, post=302, log_in=True)
ASK = Row(WRITERS, post=302, log_in=True)

PLAN_ROWS = {
    "plan": READ,
    "pdf": READ,
    "json": READ,
    "measure": Row(READERS, partly={"contact": 200, "contributor": 200}),
    "own": Row(READERS, get=302, partly={"contact": 200, "contributor": 200}),
    "municipalities": READ,
    "municipality": OWN_MUNICIPALITY,
    "municipality_pdf": OWN_MUNICIPALITY,
    "bench": Row(WORKERS, post=200, log_in=True),
    "plan_history": Row(WORKERS, log_in=True),
    "measure_history": Row(WORKERS, log_in=True),
    "title_edit": FORM,
    "text_edit": FORM,
    "part_edit": FORM,
    "area_new": FORM,
    "area_edit": FORM,
    "area_move": ACT,
    "area_delete": ASK,
    "area_restore": ACT,
    "measure_new": FORM,
    "measure_edit": Row(MEASURE_WRITERS, post=422, log_in=True),
    "measure_move": ACT,
    "measure_delete": ASK,
    "measure_restore": ACT,
    "life": Row(WORKERS, log_in=True),
    # Sent without the reason that it takes, and where the plan isn't for signature.
    "move": Row(RETURNERS, get=405, post=409, posts={FOR_SIGNATURE: 422}, log_in=True),
    "lup_days": Row(WORKERS, log_in=True),
    "lup_days_edit": Row(by_state(set(), ADVISER, ADVISER, ADVISER), post=422, log_in=True),
    "plan_compare": Row(WORKERS, log_in=True),
    "measure_compare": Row(WORKERS, log_in=True),
    # Sent without the version that was shown: it asks again.
    "field_restore": Row(MEASURE_WRITERS, post=409, log_in=True),
    "contribution_inbox": Row(WORKERS, log_in=True),
    "round_edit": Row(by_state(EDITOR, EDITOR, set(), set()), post=422, log_in=True),
    "contribution_new": Row(
        by_state(set(), _NEW, _NEW, set(), amending=set()), post=422, log_in=True
    ),
    "contribution": Row(INPUT_READERS, log_in=True, knowers=INPUT_READERS),
    "contribution_edit": Row(
        INPUT_WRITERS, post=422, log_in=True, knowers=INPUT_READERS, gets={NEGOTIATION: 302}
    ),
    "contribution_answer": Row(ANSWERERS, post=422, log_in=True, knowers=INPUT_READERS),
    "contribution_measure": Row(ANSWERERS, post=422, log_in=True, knowers=INPUT_READERS),
    "contribution_consider": Row(ANSWERERS, get=405, post=302, log_in=True, knowers=INPUT_READERS),
    # There is nothing to take apart: who may do it is told so.
    "contribution_disconnect": Row(
        ANSWERERS, get=405, post=404, log_in=True, knowers=INPUT_READERS
    ),
    "contribution_file": Row(INPUT_READERS, log_in=True, knowers=INPUT_READERS),
    "contribution_file_add": Row(
        INPUT_WRITERS, get=405, post=302, log_in=True, knowers=INPUT_READERS
    ),
    "contribution_file_remove": Row(
        INPUT_WRITERS, get=405, post=302, log_in=True, knowers=INPUT_READERS
    ),
    "contribution_withdraw": Row(INPUT_WRITERS, post=302, log_in=True, knowers=INPUT_READERS),
    "comments": Row(WORKERS, log_in=True),
    "measure_comments": Row(TALK_READERS, log_in=True),
    "measure_thread_new": Row(TALKERS, post=422, log_in=True),
    "thread_new": Row(PARTY_TALKERS, post=422, log_in=True),
    "thread": Row(TALK_READERS, log_in=True),
    "thread_answer": Row(TALKERS, post=422, log_in=True),
    "thread_resolve": ACT,
    "thread_reopen": ACT,
    # Its author is none of these.
    "comment_edit": Row(NOBODY, post=302, log_in=True),
    "comment_delete": Row(NOBODY, post=302, log_in=True),
    "proposals": Row(WORKERS, log_in=True),
    "proposal": Row(WORKERS, log_in=True),
    "proposal_answer": Row(WRITERS, get=405, post=422, log_in=True),
    "proposal_withdraw": Row(NOBODY, get=405, post=302, log_in=True),
    "proposal_new": Row(by_state(set(), set(), {"adviser"}, set()), post=422, log_in=True),
}
# Many measures at once: also, of status alone, LUP's adviser of a plan in force.
_MANY = {"editor", "adviser"}
MANY_CHANGERS = by_state(EDITOR, EDITOR, EDITOR, _MANY, set(), amending=_MANY)
PLAN_ROWS |= {
    "table": Row(WORKERS, log_in=True),
    "bulk": Row(MANY_CHANGERS, get=405, post=302, log_in=True),
    "bulk_list": Row(WORKERS, log_in=True),
    # Nobody's change, and nobody's view.
    "bulk_undo": Row(MANY_CHANGERS, get=405, post=404, log_in=True),
    "view_list": Row(WORKERS, log_in=True),
    "view_new": Row(WORKERS, post=422, log_in=True),
    "view_edit": Row(WORKERS, get=404, post=404, log_in=True),
    "view_delete": Row(WORKERS, get=404, post=404, log_in=True),
    "presence": Row(WORKERS, log_in=True),
    # A POST begins it; the others lead there as long as nobody has begun, or when it is over.
    "rollover_decide": Row(ROLLERS, get=302, post=302, log_in=True),
    "rollover_several": Row(ROLLERS, get=302, post=302, log_in=True),
    "rollover_rest": Row(ROLLERS, get=302, post=302, log_in=True),
    "rollover_summary": Row(ROLLERS, get=302, post=302, log_in=True),
    "rollover_cancel": Row(ROLLERS, get=302, post=302, log_in=True),
    "rollover": Row(ROLLERS, post=302, log_in=True),
    # Where no amendment is made it leads to the plan's course.
    "amendment": Row(WORKERS, get=302, gets={AMENDING: 200}, log_in=True),
    # A measure that isn't changed needs none: it leads back.
    "amendment_reason": Row(
        by_state(set(), set(), set(), set(), amending=EDITOR), get=302, post=422, log_in=True
    ),
}
# The county's own: its writers in every state of these tests.
MEMO_READERS = by_state(COUNTY, COUNTY, COUNTY, COUNTY)
MEMO_WRITERS = by_state(EDITOR, EDITOR, EDITOR, EDITOR)
PLAN_ROWS |= {
    "memo": Row(MEMO_READERS, log_in=True),
    "memo_pdf": Row(MEMO_READERS, log_in=True),
    "memo_docx": Row(MEMO_READERS, log_in=True),
    # Sent without anything.
    "memo_case": Row(MEMO_WRITERS, post=422, log_in=True),
    "memo_section": Row(MEMO_WRITERS, post=422, log_in=True),
    # It follows the plan already.
    "memo_reset": Row(MEMO_WRITERS, get=302, post=302, log_in=True),
}
# The version of these tests waits for signatures while the plan does, and is in force with it.
_NONE = dict.fromkeys((DRAFT, CONSULTATION, NEGOTIATION), 404)
VERSION = Row(READERS, gets=_NONE)
PLAN_ROWS |= {
    "versions": READ,
    "version": VERSION,
    "version_pdf": VERSION,
    "version_json": VERSION,
    "version_compare": VERSION,
}
# Signing: nothing is there to take back, to try again or to look at.
COUNTY_SIGNERS = by_state(*[{"signatory"}] * 5)
_ASKED = {FOR_SIGNATURE: 422}
PLAN_ROWS |= {
    "signing": Row(WORKERS, log_in=True),
    "sign_here": Row(COUNTY_SIGNERS, get=405, post=302, posts=_ASKED, log_in=True),
    "sign_upload": Row(COUNTY_SIGNERS, get=405, post=302, posts=_ASKED, log_in=True),
    "sign_withdraw": Row(COUNTY_SIGNERS, get=405, post=302, log_in=True),
    "sign_retry": Row(RETURNERS, get=405, post=404, log_in=True),
    "signing_file": Row(WORKERS, get=404, log_in=True),
    "signing_evidence": Row(WORKERS, get=404, log_in=True),
}
# Once a version is signed by both, and while that one is amended.
_SEE_ARCHIVE = by_state(set(), set(), set(), COUNTY | LUP, amending=COUNTY | LUP)
_ARCHIVE = by_state(set(), set(), set(), COUNTY, amending=COUNTY)
PLAN_ROWS |= {
    "archive": Row(_SEE_ARCHIVE, log_in=True),
    "archive_package": Row(_ARCHIVE, log_in=True),
    # No variant is chosen: back to the page.
    "archive_deliver": Row(_ARCHIVE, get=405, post=302, log_in=True),
}
# Addresses that belong to no plan: everybody, but where it says something else.
OTHER_ROWS = {
    "plans:front": 200,
    "plans:index": 200,
    "plans:work": 200,
    "plans:plan_new": 403,
    "lupplan:accessibility": 200,
    "lupplan:privacy": 200,
    "lupplan:help": 200,
    "lupplan:data": 200,
    "healthz": 200,
    "readyz": 200,
    "accounts:login": 302,
    "accounts:typed": 404,
    "set_language": 302,
    "accounts:logout": 200,
    # allauth's pages, below the same /konto/
    "account_login": 302,
    "account_logout": 200,
    "account_inactive": 200,
    "account_signup": 302,
    "account_reauthenticate": 200,
    "account_change_password": 200,
    "account_set_password": 302,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "mfa_index": 200,
    "mfa_authenticate": 302,
    "mfa_reauthenticate": 302,
    "mfa_activate_totp": 302,
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_generate_recovery_codes": 302,
    "mfa_download_recovery_codes": 404,
    "mfa_list_webauthn": 200,
    "mfa_add_webauthn": 302,
    "mfa_reauthenticate_webauthn": 302,
    "mfa_remove_webauthn": 302,
    "mfa_edit_webauthn": 302,
    "mfa_login_webauthn": 302,
    "socialaccount_connections": 200,
    "socialaccount_login_cancelled": 200,
    "oidc_login": 404,
    "oidc_callback": 404,
    "oidc_confirm": 404,
    "admin:index": 302,
    "people:list": 403,
    "people:invite": 403,
    "people:account": 200,
    "people:notices": 200,
    "plans:contributions_own": 200,
    "plans:drafts": 200,
    "plans:draft": 404,  # nobody else's
    "plans:check": 200,
}
# What only takes a POST, or leads to somebody's row: nobody's, here.
PEOPLE_ROWS = {
    "people:invite_again": 403,
    "people:revoke": 403,
    "people:end_role": 403,
    "people:own_data": 200,
    "people:end_session": 404,
    "people:end_other_sessions": 302,
    "people:accept": 404,
    "people:stop_mail": 404,
}
PEOPLE_KWARGS: dict[str, dict[str, object]] = {
    "people:invite_again": {"pk": 0},
    "people:revoke": {"pk": 0},
    "people:end_role": {"pk": 0},
    "people:end_session": {"pk": 0},
    "people:accept": {"token": "gjetta"},
    "people:stop_mail": {"token": "gjetta"},
}
# Whoever has the address may come, logged in or not.
BY_TOKEN = ("people:accept", "people:stop_mail")
FOR_MANAGERS = ("people:invite_again", "people:revoke", "people:end_role")
MANAGERS = ("editor", "administrator", "outsider")
# What the addresses of that table are made of, where they need something: nobody's.
OTHER_KWARGS: dict[str, dict[str, object]] = {
    "accounts:typed": {"key": "0"},
    "account_reset_password_from_key": {"uidb36": "0", "key": "0"},
    "mfa_remove_webauthn": {"pk": 0},
    "mfa_edit_webauthn": {"pk": 0},
    "oidc_login": {"provider_id": "ukjend"},
    "oidc_callback": {"provider_id": "ukjend"},
    "oidc_confirm": {"provider_id": "ukjend"},
    "plans:draft": {"pk": 0},
}
# What it says to those who are out, where that is something else.
OUT_ROWS = {
    "accounts:login": 200,
    "accounts:typed": 302,
    "accounts:logout": 302,
    "account_login": 200,
    "account_logout": 302,
    "account_signup": 200,
    "account_reauthenticate": 302,
    "account_change_password": 302,
    "mfa_index": 302,
    "mfa_deactivate_totp": 302,
    "mfa_view_recovery_codes": 302,
    "mfa_download_recovery_codes": 302,
    "mfa_list_webauthn": 302,
    "socialaccount_connections": 302,
    "oidc_confirm": 302,
    "plans:drafts": 302,
    "plans:draft": 302,
}
# What a POST without any field gives those who are in, and those who are out.
POST_ROWS = {
    **dict.fromkeys(OTHER_ROWS, 405),
    **dict.fromkeys(("plans:work", "account_reauthenticate", "account_change_password"), 200),
    **dict.fromkeys(("account_reset_password", "socialaccount_connections", "people:account"), 200),
    "account_reset_password_from_key": 200,
    **dict.fromkeys(("plans:plan_new", "people:invite"), 403),
    **dict.fromkeys(("accounts:login", "accounts:logout", "account_login", "account_logout"), 302),
    **dict.fromkeys(("account_signup", "account_set_password", "set_language", "admin:index"), 302),
    **{
        name: 302
        for name in OTHER_ROWS
        if name.startswith("mfa_") and name not in {"mfa_index", "mfa_list_webauthn"}
    },
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_download_recovery_codes"), 404),
    **dict.fromkeys(("oidc_login", "oidc_callback", "oidc_confirm"), 404),
    "mfa_view_recovery_codes": 405,
    "people:notices": 302,
    "plans:draft": 404,
    "plans:check": 422,
}
OUT_POST_ROWS = {
    **POST_ROWS,
    **dict.fromkeys(("accounts:login", "account_login", "account_signup"), 200),
    **dict.fromkeys(("plans:work", "plans:plan_new", "accounts:typed", "people:list"), 302),
    **dict.fromkeys(("people:invite", "people:account", "socialaccount_connections"), 302),
    **dict.fromkeys(("account_reauthenticate", "account_change_password"), 302),
    **{name: 302 for name in OTHER_ROWS if name.startswith("mfa_")},
    "plans:contributions_own": 302,
    "oidc_confirm": 302,
    **dict.fromkeys(("plans:drafts", "plans:draft"), 302),
}
POST_EXCEPTIONS = {
    ("plans:plan_new", "editor"): 200,
    ("admin:index", "administrator"): 200,
    **{("people:invite", who): 200 for who in MANAGERS},
}
EXCEPTIONS = {
    ("plans:work", "anonymous"): 302,
    ("plans:work", "inactive"): 302,
    ("plans:contributions_own", "anonymous"): 302,
    ("plans:contributions_own", "inactive"): 302,
    ("plans:plan_new", "anonymous"): 302,
    ("plans:plan_new", "inactive"): 302,
    ("plans:plan_new", "editor"): 200,
    ("admin:index", "administrator"): 200,
    **{(name, who): 200 for name in ("people:list", "people:invite") for who in MANAGERS},
    **{
        (name, who): 302
        for name in ("people:list", "people:invite", "people:account", "people:notices")
        for who in ("anonymous", "inactive")
    },
}


@dataclass
class Scene:
    """A plan, what its addresses are made of, and everybody who might come."""

    plan: PartnerPlan
    people: dict[str, Callable[[], User | None]]
    kwargs: dict[str, dict[str, object]]

    def address(self, name: str) -> str:
        """Return the address of one of the plan's pages."""
        where = {"county": self.plan.agreement.county.slug, "year": self.plan.year}
        return reverse(f"plans:{name}", kwargs={**where, **self.kwargs.get(name, {})})

    def client(self, who: str) -> Client:
        """Return a client in which ``who`` is logged in, or nobody."""
        client = Client()
        user = self.people[who]()
        if user is not None:
            client.force_login(user)
        if user is not None and who == "inactive":
            User.objects.filter(pk=user.pk).update(is_active=False)
        return client


@pytest.fixture
def scene(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """The plan in the state that the test is parametrised with."""
    # Setting a PDF takes seconds and asks for no right; tests/plans/exports makes real ones.
    monkeypatch.setattr("plans.views.downloads.stored_pdf", lambda document: b"%PDF-")
    monkeypatch.setattr("plans.views.downloads.pdf_key", lambda document: "0" * 64)
    monkeypatch.setattr("plans.views.memos.stored_memo_pdf", lambda read: b"%PDF-")
    county = CountyFactory.create(slug="fjordane")
    municipality = MunicipalityFactory.create(county=county, number="6001")
    plan = make_plan(county=county, measures=2)
    Measure.objects.filter(part__plan=plan).update(responsible_kind="LUP")
    cooperation = CooperationFactory.create(county=county)
    measure = Measure.objects.in_plan(plan.pk)[0]
    measure.municipalities.add(municipality)
    measure.cooperations.add(cooperation)
    PartnerPlan.objects.filter(pk=plan.pk).update(state=CONSULTATION)
    make_round(plan)
    contribution = make_contribution(plan, cooperation)
    file = attach(
        contribution=contribution,
        upload=SimpleUploadedFile("behov.pdf", b"%PDF-"),
        by=contribution.written_by,
    )
    set_state(plan, getattr(request, "param", DRAFT))
    plan.refresh_from_db()
    people: dict[str, Callable[[], User | None]] = {
        "anonymous": lambda: None,
        "editor": lambda: user_with(Role.COUNTY_EDITOR, county=county),
        "signatory": lambda: user_with(Role.COUNTY_SIGNATORY, county=county),
        "adviser": lambda: user_with(Role.LUP_ADVISER),
        "lup_signatory": lambda: user_with(Role.LUP_SIGNATORY),
        "contributor": lambda: user_with(Role.CONTRIBUTOR, cooperation=cooperation),
        "contact": lambda: user_with(Role.MUNICIPAL_CONTACT, municipality=municipality),
        "foreign_contact": lambda: user_with(
            Role.MUNICIPAL_CONTACT, municipality=MunicipalityFactory.create()
        ),
        "administrator": lambda: user_with(Role.ADMINISTRATOR),
        "outsider": lambda: user_with(Role.COUNTY_EDITOR, county=CountyFactory.create()),
        "former_editor": lambda: user_with(
            Role.COUNTY_EDITOR, county=county, valid_to=date(2022, 1, 1)
        ),
        "inactive": lambda: user_with(Role.COUNTY_EDITOR, county=county),
    }
    told = record(by=None, verb="measure.changed", target=measure, old={"title": "Før"})
    other = Measure.objects.in_plan(plan.pk)[1]  # not LUP's: its adviser may propose a change
    Measure.objects.filter(pk=other.pk).update(responsible_kind="COUNTY")
    thread = Thread.objects.create(
        plan=plan, measure=measure, audience="CONCERNED", opened_by=UserFactory.create()
    )
    comment = Comment.objects.create(thread=thread, author=thread.opened_by, body="Ord")
    proposal = Proposal.objects.create(
        measure=other,
        made_by=thread.opened_by,
        base_version=1,
        base={"title": other.title},
        values={"title": "Anna"},
        reason="Ord",
    )
    area: dict[str, object] = {"key": area_of(plan, PartKind.MUNICIPALITIES).key}
    key: dict[str, object] = {"key": measure.key}
    kwargs: dict[str, dict[str, object]] = {
        "measure": {"number": "1.1"},
        "municipality": {"number": "6001"},
        "municipality_pdf": {"number": "6001"},
        "text_edit": {"kind": "background"},
        "part_edit": {"number": 1},
        "area_new": {"number": 1},
        **dict.fromkeys(
            ("area_edit", "area_move", "area_delete", "area_restore", "measure_new"), area
        ),
        **dict.fromkeys(("measure_edit", "measure_move", "measure_delete", "measure_restore"), key),
        "measure_history": key,
        "move": {"to": "tilbake"},
        "measure_compare": key,
        "field_restore": {"event": told.pk, "field": "title", "side": "for"},
        **{name: {"key": contribution.key} for name in PLAN_ROWS if "contribution" in name},
        "contribution_file": {"key": contribution.key, "file": file.key},
        "contribution_file_remove": {"key": contribution.key, "file": file.key},
        **dict.fromkeys(("measure_comments", "measure_thread_new"), key),
        **{f"thread{act}": {"pk": thread.pk} for act in ("", "_answer", "_resolve", "_reopen")},
        **{f"comment_{act}": {"pk": comment.pk} for act in ("edit", "delete")},
        **{f"proposal{act}": {"pk": proposal.pk} for act in ("", "_answer", "_withdraw")},
        "proposal_new": {"key": other.key},
        "bulk_undo": {"key": UUID(int=0)},
        "view_edit": {"pk": 0},
        "view_delete": {"pk": 0},
        "rollover_decide": key,
        "memo_section": {"slug": "bakgrunn"},
        "memo_reset": {"slug": "bakgrunn"},
        **{name: {"number": 1} for name in PLAN_ROWS if name.startswith("version_")},
        "version": {"number": 1},
        **{f"sign_{act}": {"party": "fylket"} for act in ("here", "upload", "withdraw")},
        "sign_retry": {"job": 0},
        "signing_file": {"sha256": "0" * 64},
        "signing_evidence": {"pk": 0},
        "amendment_reason": {"kind": "measure", **key},
        "archive_package": {"variant": "full"},
    }
    for name in ("contribution_inbox", "contribution_new"):
        del kwargs[name]
    return Scene(plan=plan, people=people, kwargs=kwargs)


def expected(row: Row, state: PlanState, who: str, method: str) -> int:
    """Return the status that the table promises."""
    if row.log_in and who in OUT:
        return 302
    in_state = row.gets.get(state, row.get), row.posts.get(state, row.post)
    status = in_state[0] if method == "get" else in_state[1]
    if status == 405 or who in row.who[state]:
        return status
    if who not in (row.knowers or KNOWERS)[state]:
        return 404
    return row.partly.get(who, 403) if who not in READERS[state] and method == "get" else 403


# The rights are the same code on both engines: PostgreSQL tries the states with most to hide.
TRIED = (FOR_SIGNATURE, AMENDING) if "TEST_DATABASE_URL" in os.environ else STATES


@pytest.mark.parametrize("scene", TRIED, indirect=True)
@pytest.mark.parametrize("who", ANYONE)
def test_every_address_of_a_plan_for_every_role(scene: Scene, who: str) -> None:
    state = PlanState(scene.plan.state)
    got, promised = {}, {}
    client = scene.client(who)
    # Forms are sent empty, which nobody may save; acts come last, for they change the plan.
    for method in ("get", "post"):
        for name, row in PLAN_ROWS.items():
            answer = getattr(client, method)(scene.address(name))
            got[method, name] = answer.status_code
            if answer.streaming:
                list(answer.streaming_content)  # what is handed out in pieces is then closed
            promised[method, name] = expected(row, state, who, method)
            if answer.status_code == 302 and row.log_in and who in OUT:
                assert answer["Location"].startswith(reverse("accounts:login"))
            # A plan that one may not know of, and one that isn't there, answer the same.
            if answer.status_code == 404:
                assert scene.plan.title not in answer.content.decode()
    assert got == promised


@pytest.mark.parametrize("who", ANYONE)
def test_every_other_address_for_every_role(scene: Scene, who: str) -> None:
    client = scene.client(who)
    got = {
        name: client.get(reverse(name, kwargs=OTHER_KWARGS.get(name))).status_code
        for name in OTHER_ROWS
    }
    rows = {**OTHER_ROWS, **(OUT_ROWS if who in OUT else {})}
    assert got == {name: EXCEPTIONS.get((name, who), status) for name, status in rows.items()}


@pytest.mark.parametrize("who", ANYONE)
def test_a_post_to_every_other_address_for_every_role(scene: Scene, who: str) -> None:
    cache.clear()  # the limits on tries are counted there, over all tests
    client = scene.client(who)
    leaving = ("accounts:logout", "account_logout")
    names = [name for name in OTHER_ROWS if name not in leaving]
    got = {
        name: client.post(reverse(name, kwargs=OTHER_KWARGS.get(name))).status_code
        for name in names
    }
    for name in leaving:  # each ends a session of its own
        got[name] = scene.client(who).post(reverse(name)).status_code
    rows = OUT_POST_ROWS if who in OUT else POST_ROWS
    assert got == {name: POST_EXCEPTIONS.get((name, who), rows[name]) for name in OTHER_ROWS}


@pytest.mark.parametrize("who", ANYONE)
def test_every_act_on_people_for_every_role(scene: Scene, who: str) -> None:
    client = scene.client(who)
    promised = dict(PEOPLE_ROWS)
    if who in OUT:
        promised = {name: status if name in BY_TOKEN else 302 for name, status in promised.items()}
    elif who in MANAGERS:
        # They may look after somebody's roles; this row is nobody's.
        promised |= dict.fromkeys(FOR_MANAGERS, 404)
    got = {
        name: client.post(reverse(name, kwargs=PEOPLE_KWARGS.get(name))).status_code
        for name in PEOPLE_ROWS
    }
    assert got == promised


@pytest.mark.parametrize("who", [who for who in ANYONE if who != "administrator"])
def test_the_admin_site_is_for_administrators(scene: Scene, who: str) -> None:
    client = scene.client(who)
    models = ("accounts_user", "plans_partnerplan", "municipalities_county", "audit_event")
    for model in (*models, "accounts_mail", "django_tasks_database_dbtaskresult"):
        answer = client.get(reverse(f"admin:{model}_changelist"))
        assert answer.status_code == 302
        log_in = reverse("accounts:login" if who in OUT else "admin:login")
        assert answer["Location"].startswith(log_in)
        # The admin site's own log-in page asks nobody for a password.
        assert client.get(reverse("admin:login")).status_code == (302 if who in OUT else 403)


def test_lists_and_counts_show_only_what_one_may_know_of(scene: Scene) -> None:
    for who in ANYONE:
        page = scene.client(who).get(reverse("plans:index"))
        assert (scene.plan in page.context["plans"]) == (who in READERS[DRAFT]), who


def test_a_key_of_another_countys_plan_opens_nothing(scene: Scene) -> None:
    own = make_plan(county=CountyFactory.create())
    client = Client()
    client.force_login(user_with(Role.COUNTY_EDITOR, county=own.agreement.county))
    where = {"county": own.agreement.county.slug, "year": own.year}
    assert client.get(scene.address("measure_history")).status_code == 404
    for name in ("area_edit", "area_delete", "measure_new", "measure_edit", "measure_delete"):
        address = reverse(f"plans:{name}", kwargs={**where, **scene.kwargs[name]})
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    for name in ("area_move", "area_restore", "measure_move", "measure_restore"):
        address = reverse(f"plans:{name}", kwargs={**where, **scene.kwargs[name]})
        assert client.post(address).status_code == 404


def test_every_address_has_its_row() -> None:
    rows = {f"plans:{name}" for name in PLAN_ROWS} | set(OTHER_ROWS) | set(PEOPLE_ROWS)
    assert set(_names(get_resolver(), "")) - rows == set()


def test_a_user_without_a_role_is_like_anybody_else(scene: Scene) -> None:
    client = Client()
    client.force_login(UserFactory.create())
    assert client.get(scene.address("plan")).status_code == 404
    assert client.get(scene.address("bench")).status_code == 404


def _names(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace == "admin":
            yield "admin:index"  # Django's own, tested as one
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern, inner)
