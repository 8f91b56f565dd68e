"""What a report on a PDF says to people."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.services.verification import Origin, Report, Standing
from plans.signing.verdict import Belief, Change, Fault

FAULTS: dict[Fault, Promise] = {
    Fault.TOO_LARGE: gettext_lazy("The file is larger than any plan. It was not read."),
    Fault.NOT_A_PDF: gettext_lazy("The file isn't a PDF."),
    Fault.NOT_SEALED: gettext_lazy(
        "The file doesn't begin with what Lupplan sealed: it is another file, or it was changed "
        "before it was signed, or printed or saved anew by another program."
    ),
    Fault.SEAL_BROKEN: gettext_lazy("The seal that Lupplan put on the file is broken."),
    Fault.UNKNOWN_FIELD: gettext_lazy(
        "There is a signature or a form field in the file that doesn't belong to the plan."
    ),
    Fault.SIGNATURE_BROKEN: gettext_lazy(
        "A signature doesn't fit what it signs: something was changed after it was made."
    ),
    Fault.NOT_ALL_SIGNED: gettext_lazy("A signature leaves out some of the file."),
    Fault.CHANGED_AFTERWARDS: gettext_lazy(
        "Something else than signatures was added after the file was sealed."
    ),
    Fault.BYTES_APPENDED: gettext_lazy(
        "The file doesn't end where the last signature ends: something was hung on, or it was cut."
    ),
    Fault.UNTRUSTED: gettext_lazy(
        "Nobody whom Lupplan trusts vouches for the certificate of a signature."
    ),
    Fault.REVOKED: gettext_lazy("The certificate of a signature was withdrawn by its issuer."),
    Fault.EXPIRED: gettext_lazy(
        "The certificate of a signature wasn't valid, and no time stamp proves that it once was."
    ),
    Fault.REVOCATION_UNKNOWN: gettext_lazy(
        "Whether the certificate of a signature was withdrawn couldn't be learnt now. That says "
        "nothing about the file; try again later."
    ),
    Fault.WRONG_SIGNER: gettext_lazy(
        "A signature was made by an organisation that isn't a party to the plan."
    ),
    Fault.WRONG_PLACE: gettext_lazy("A party's signature stands where the other party signs."),
    Fault.BAD_TIME_STAMP: gettext_lazy("A time stamp in the file isn't to be believed."),
    Fault.TOO_HEAVY: gettext_lazy("The check was stopped: the file takes too much time or memory."),
    Fault.UNREADABLE: gettext_lazy("The file is damaged and can't be read."),
}
CHANGES: dict[Change, Promise] = {
    Change.PAGES: gettext_lazy("what stands on the pages"),
    Change.ANNOTATIONS: gettext_lazy("notes or links on the pages"),
    Change.FIELDS: gettext_lazy("form fields"),
    Change.STAMP: gettext_lazy("what is seen of a signature"),
    Change.LANGUAGE: gettext_lazy("the document's language"),
    Change.METADATA: gettext_lazy("the document's title or author"),
    Change.ATTACHMENTS: gettext_lazy("attached files"),
    Change.OTHER: gettext_lazy("the document's structure"),
}
BELIEFS: dict[Belief, Promise] = {
    Belief.TRUSTED: gettext_lazy("Lupplan trusts the issuer of the certificate."),
    Belief.DEMO: gettext_lazy("A demo's certificate: it proves nothing outside the demo."),
    Belief.UNTRUSTED: gettext_lazy("The certificate isn't trusted."),
}
# Of alerts, each of which has a sign of its own.
_GOOD, _NOTE, _DOUBT, _BAD = "success", "info", "warning", "danger"


@dataclass(frozen=True)
class Headline:
    """The verdict in one line; ``advice`` is what to do."""

    colour: str
    text: str
    advice: str = ""


def headline(report: Report) -> Headline:
    """Return the verdict in one line."""
    if report.origin in (Origin.STORED, Origin.SEALED):
        return _of_ours(report)
    how, text, advice = _OTHERS[report.origin]
    return Headline(how, str(text), str(advice))


def _of_ours(report: Report) -> Headline:
    verdict = report.verdict
    if verdict.tampered:
        return Headline(
            _BAD,
            _("Don't trust this file: it isn't as it was sealed and signed."),
            _("Fetch the plan where it is published, and ask where this file came from."),
        )
    if not verdict.untouched:
        return Headline(
            _DOUBT, _("The file couldn't be checked to the end."), _("Try again later.")
        )
    if report.standing == Standing.VOID:
        return Headline(_DOUBT, _("A genuine file, but this version was withdrawn."))
    if not verdict.complete:
        return Headline(_DOUBT, _signed_by_some(len(verdict.signed)), _fetch(report))
    if report.standing == Standing.IN_FORCE:
        return Headline(_GOOD, _("Genuine: this is the plan in force, signed by both parties."))
    if report.standing == Standing.REPLACED:
        text = _("Genuine and signed by both parties, but a newer version has replaced it.")
        return Headline(_NOTE, text)
    return Headline(_NOTE, _("Genuine and signed by both parties, but not yet in force."))


def _signed_by_some(count: int) -> str:
    if not count:
        return _("The file is unchanged, but nobody has signed it.")
    return ngettext(
        "The file is unchanged, but signed by %(count)s of two only.",
        "The file is unchanged, but signed by %(count)s of two only.",
        count,
    ) % {"count": count}


def _fetch(report: Report) -> str:
    if report.standing in (Standing.IN_FORCE, Standing.REPLACED):
        return _("Both parties have signed this version: fetch the file where it is published.")
    return ""


_OTHERS: dict[Origin, tuple[str, str | Promise, str | Promise]] = {
    Origin.UNKNOWN: (_BAD, gettext_lazy("This isn't a plan that Lupplan has sealed."), ""),
    Origin.SAME_CONTENT: (
        _DOUBT,
        gettext_lazy("The data in it are those of a version, but this isn't the signed file."),
        gettext_lazy(
            "Nothing proves what stands on its pages. Fetch the signed file where it is published."
        ),
    ),
    Origin.OTHER_CONTENT: (
        _BAD,
        gettext_lazy("Don't trust this file: it says that it is a version, and isn't."),
        gettext_lazy("Fetch the plan where it is published, and ask where this file came from."),
    ),
    Origin.DRAFT: (
        _NOTE,
        gettext_lazy("An unsigned printout of a plan: nobody has sealed or signed it."),
        gettext_lazy("What it says may have changed, and binds nobody."),
    ),
    Origin.HIDDEN: (
        _NOTE,
        gettext_lazy("A file from Lupplan, of something that isn't published."),
        gettext_lazy("Those who work with the plan learn more when they have logged in."),
    ),
}
