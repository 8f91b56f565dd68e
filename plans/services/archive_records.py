"""What an archive package tells of a plan's rows, record by record; nothing is read here."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit.models import Event
from plans.enums import PlanState, SigningParty
from plans.exports.archive.content import (
    ArchivedDocument,
    Note,
    PackageFile,
    Record,
    RecordKind,
    key_of,
)
from plans.exports.archive.names import safe_name
from plans.exports.archive.texts import as_json, as_lines, as_text
from plans.history import deed
from plans.models import (
    Contribution,
    ContributionFile,
    PartnerPlan,
    PlanVersion,
    Signature,
    VersionFile,
)
from plans.services.archive_people import People

MOVED = "plan.moved"
ASKED = "version.sign_asked"


def version_record(
    version: PlanVersion, file: VersionFile | None, people: People, *, screened: bool
) -> Record:
    """Return the record of a version: its PDF in ``file``, its data, and what is known of it.

    ``version`` comes with its files (without bytes), signatures and external evidence, and with who
    returned it.
    """
    folder = f"versjonar/{version.number}"
    title = _("Version %(number)s of the partner plan") % {"number": version.number}
    void = getattr(version, "void", None)
    documents = [
        _document(f"{folder}/plan.json", version.content.encode(), _("The plan as data"), "data"),
        _document(
            f"{folder}/fakta.json",
            as_json(_version_facts(version, people)),
            _("Facts of the version"),
            "data",
            is_screened=screened,
        ),
    ]
    if file is not None:
        content = bytes(file.content)
        pdf = PackageFile.of(f"{folder}/plan.pdf", content)
        documents.insert(
            0,
            ArchivedDocument(file=pdf, title=title, type="plan", format="pdf", is_lasting=True),
        )
    if not screened:
        documents.extend(_evidence(version, folder))
    county, programme = version.plan.agreement.county, version.plan.agreement.programme
    return Record(
        key=key_of(plan_key(version.plan), "version", version.number),
        # A version that was returned was never sent.
        kind=RecordKind.INTERNAL if void else RecordKind.OUT,
        title=f"{title} ({_('void')})" if void else title,
        at=version.frozen_at,
        documents=tuple(documents),
        sender=county.full_name,
        receiver="" if void else programme.name,
        notes=tuple(_version_notes(version, people)),
    )


def _evidence(version: PlanVersion, folder: str) -> Iterable[ArchivedDocument]:
    """Yield the files that signatories wanted kept with a version, and that aren't its PDF."""
    for number, kept in enumerate(version.evidence.all(), 1):
        path = f"{folder}/bevis/{safe_name(kept.file_name, number)}"
        title = f"{kept.file_name}: {kept.note}"
        yield _document(path, bytes(kept.content), title, "attachment")


def _version_facts(version: PlanVersion, people: People) -> dict[str, Any]:
    void = getattr(version, "void", None)
    return {
        "number": version.number,
        "fingerprint": version.fingerprint,
        "frozen_at": _time(version.frozen_at),
        "frozen_by": people.name(version.frozen_by, version.frozen_at),
        "files": [
            {
                "sequence": file.sequence,
                "kind": file.kind,
                "size": file.size,
                "sha256": file.sha256,
                "made_at": _time(file.made_at),
            }
            for file in version.files.all()
        ],
        "signatures": [
            {
                "party": signature.party,
                "name": people.signer(signature.name, signature.get_party_display()),
                "role": people.text(signature.role),
                "organisation": signature.organisation,
                "way": signature.way,
                "level": signature.level,
                "signed_at": _time(signature.signed_at),
            }
            for signature in version.signatures.all()
        ],
        "evidence": [
            {
                "party": kept.party,
                "name": people.file_name(kept.file_name),
                "note": people.text(kept.note),
                "size": kept.size,
                "sha256": kept.sha256,
                "by": people.name(kept.by, kept.at),
                "at": _time(kept.at),
            }
            for kept in version.evidence.all()
        ],
        "void": None
        if void is None
        else {
            "at": _time(void.at),
            "by": people.name(void.by, void.at),
            "reason": people.text(void.reason),
        },
    }


def _version_notes(version: PlanVersion, people: People) -> Iterable[Note]:
    for signature in version.signatures.all():
        yield Note(text=_signed(signature, people), at=signature.signed_at, by=_("Lupplan itself"))
    void = getattr(version, "void", None)
    if void is not None:
        reason = people.text(void.reason)
        text = _("The version was returned, and is void: %(reason)s") % {"reason": reason}
        yield Note(text=text, at=void.at, by=people.name(void.by, void.at))


def _signed(signature: Signature, people: People) -> str:
    return _("Signed for %(party)s by %(name)s, %(organisation)s, %(when)s (%(level)s)") % {
        "party": signature.get_party_display(),
        "name": people.signer(signature.name, signature.get_party_display()),
        "organisation": signature.organisation,
        "when": _said(signature.signed_at),
        "level": signature.get_level_display(),
    }


def input_record(contribution: Contribution, place: int, people: People, *, full: bool) -> Record:
    """Return the record of an input and its answer, the ``place``th of the plan's; with its
    attachments where ``full``."""
    folder = f"innspel/{place:02}"
    title = people.text(contribution.title)
    heading = _("Input from %(sender)s") % {"sender": contribution.party_name}
    text = as_text(f"{heading}: {title}", _input_texts(contribution, people))
    facts = as_json(_input_facts(contribution, people))
    documents = [
        _document(
            f"{folder}/innspel.txt", text, title, "input", is_lasting=True, is_screened=not full
        ),
        _document(
            f"{folder}/innspel.json", facts, _("The input as data"), "data", is_screened=not full
        ),
    ]
    if full:
        documents.extend(
            _attachment(file, f"{folder}/vedlegg/{safe_name(file.name, number)}")
            for number, file in enumerate(contribution.files.all(), 1)
        )
    at = contribution.sent_at or contribution.created_at
    return Record(
        key=key_of("input", contribution.key),
        kind=RecordKind.IN,
        title=f"{heading}: {title}",
        at=at,
        documents=tuple(documents),
        sender=contribution.party_name,
        receiver=contribution.plan.agreement.county.full_name,
    )


def _input_texts(contribution: Contribution, people: People) -> list[tuple[str, str]]:
    answered = contribution.answered_at
    by = people.name(contribution.answered_by, answered) if answered else ""
    said = [
        (_("Sender"), contribution.party_name),
        (_("Sent"), _said(contribution.sent_at)),
        (_("Area"), people.text(contribution.area)),
        (_("Need"), people.text(contribution.need)),
        (_("What it would give"), people.text(contribution.benefit)),
        (_("Who takes part"), people.text(contribution.participants)),
        (_("What became of it"), contribution.get_state_display()),
        (_("Answer"), people.text(contribution.answer)),
        (_("Answered"), f"{_said(answered)}, {by}" if answered else ""),
        (_("Measures that it led to"), "\n".join(_led_to(contribution))),
    ]
    return [(str(name), value) for name, value in said]


def _led_to(contribution: Contribution) -> list[str]:
    areas = [str(link.focus_area.title) for link in contribution.standing_areas]
    measures = [f"{use.measure.number} {use.measure.title}" for use in contribution.standing_uses]
    return [*areas, *measures]


def _input_facts(contribution: Contribution, people: People) -> dict[str, Any]:
    return {
        "key": str(contribution.key),
        "sender": contribution.party_name,
        "sender_code": contribution.party_code,
        "on_behalf": contribution.on_behalf,
        "written_by": people.name(contribution.written_by, contribution.sent_at),
        "title": people.text(contribution.title),
        "area": people.text(contribution.area),
        "need": people.text(contribution.need),
        "benefit": people.text(contribution.benefit),
        "participants": people.text(contribution.participants),
        "language": contribution.language,
        "state": contribution.state,
        "sent_at": _time(contribution.sent_at),
        "times_sent": contribution.times_sent,
        "answer": people.text(contribution.answer),
        "answered_at": _time(contribution.answered_at),
        "answered_by": people.name(contribution.answered_by, contribution.answered_at)
        if contribution.answered_at
        else None,
        "measures": [
            {
                "key": str(use.measure.key),
                "number": use.measure.number,
                "title": use.measure.title,
                "extent": use.extent,
                "note": people.text(use.note),
            }
            for use in contribution.standing_uses
        ],
        "focus_areas": [link.focus_area.title for link in contribution.standing_areas],
        "files": [
            {
                "name": people.file_name(file.name),
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in contribution.files.all()
        ],
    }


def _attachment(file: ContributionFile, path: str) -> ArchivedDocument:
    extension = path.rpartition(".")[2]
    kept = PackageFile(path=path, size=file.size, sha256=file.sha256, open=file.open)
    return ArchivedDocument(
        file=kept,
        title=file.name,
        type="attachment",
        format=extension,
        is_lasting=extension == "txt",
    )


def course_record(
    plan: PartnerPlan, events: Sequence[Event], at: datetime, people: People, *, full: bool
) -> Record:
    """Return the record of the plan's course: its moves with their reasons, and all that the log
    tells. ``events`` come oldest first, with who acted."""
    moves = [event for event in events if event.verb == MOVED]
    documents = (
        _document(
            "saksgang/gang.txt",
            as_text(_("The plan's course"), [_move_text(move, people) for move in moves]),
            _("The plan's course"),
            "course",
            is_lasting=True,
            is_screened=not full,
        ),
        _document(
            "saksgang/gang.json",
            as_json([_move(move, people) for move in moves]),
            _("The course as data"),
            "data",
            is_screened=not full,
        ),
        _document(
            "saksgang/hendingar.jsonl",
            as_lines(_line(event, people, full=full) for event in events),
            _("Extract of the log"),
            "log",
            is_screened=not full,
        ),
    )
    return Record(
        key=key_of(plan_key(plan), "course"),
        kind=RecordKind.INTERNAL,
        title=_("The plan's course, and extract of the log"),
        at=at,
        documents=documents,
    )


def _move(event: Event, people: People) -> dict[str, Any]:
    return {
        "at": _time(event.at),
        "by": people.name(event.actor, event.at),
        "from": event.old.get("state", ""),
        "to": event.new.get("state", ""),
        "reason": people.text(event.new.get("reason", "")),
        "override_reason": people.text(event.new.get("override_reason", "")),
    }


def _move_text(event: Event, people: People) -> tuple[str, str]:
    move = _move(event, people)
    names = dict(PlanState.choices)
    lines = [
        f"{names.get(move['from'], move['from'])} → {names.get(move['to'], move['to'])}",
        move["by"],
        move["reason"],
        move["override_reason"],
    ]
    return _said(event.at), "\n".join(line for line in lines if line)


def _line(event: Event, people: People, *, full: bool) -> dict[str, Any]:
    """Return an event as a line of the extract: whole, so that its digest can be counted again; or
    without who it was and without the digest, from which what is left out might be guessed."""
    new = event.new
    if event.verb == ASKED:
        # As it was typed: perhaps nobody's whom Lupplan knows, and on no signature.
        party = str(SigningParty(new["party"]).label)
        new = {**new, "name": people.signer(new["name"], party)}
    line = {
        "id": event.pk,
        "at": event.at.isoformat(timespec="microseconds"),
        "verb": event.verb,
        "what": deed(event),
        "target_type": event.target_type,
        "target_id": event.target_id,
        "target_label": people.text(event.target_label),
        "old": people.value(event.old),
        "new": people.value(new),
        "role": people.role(event.actor, event.at),
    }
    if full:
        line |= {
            "actor_id": event.actor_id,
            "actor": people.name(event.actor, event.at),
            "previous_digest": event.previous_digest,
            "digest": event.digest,
        }
    return line


def _document(
    path: str,
    content: bytes,
    title: str,
    type_: str,
    *,
    is_lasting: bool = False,
    is_screened: bool = False,
) -> ArchivedDocument:
    return ArchivedDocument(
        file=PackageFile.of(path, content),
        title=title,
        type=type_,
        format=path.rpartition(".")[2],
        is_lasting=is_lasting,
        is_screened=is_screened,
    )


def plan_key(plan: PartnerPlan) -> UUID:
    """Return the key of the case that the plan is in the archive."""
    return key_of("plan", plan.agreement.county.slug, plan.year)


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _said(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
