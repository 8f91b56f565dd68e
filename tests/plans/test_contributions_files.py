"""Files that come with input: which are taken, who gets them, and that none is half-kept."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from audit.services import verify
from plans.enums import PlanState
from plans.models import Contribution, ContributionFile, PartnerPlan
from plans.services.attachments import attach
from plans.services.filekinds import MOST_BYTES, FileRefused, checked_kind
from tests.factories.accounts import user_with
from tests.factories.contributions import make_contribution, make_round
from tests.factories.plans import make_plan
from tests.plans.conftest import World

LogIn = Callable[[User], Client]
PDF = b"%PDF-1.7\nhei"
PNG = b"\x89PNG\r\n\x1a\n...."


def archive(**parts: str) -> bytes:
    """Return a zip archive with those parts; two underscores stand for a slash, one for a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_", "."), text)
    return content.getvalue()


DOCX = archive(word__document_xml="<x/>")
ODT = archive(mimetype="application/vnd.oasis.opendocument.text", content_xml="<x/>")


def packed_odt(method: int) -> bytes:
    """Return a text document whose first part is packed in a way."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        file.writestr("content.xml", "<x/>")
    return content.getvalue()


@pytest.fixture
def plan(world: World) -> PartnerPlan:
    plan = make_plan(county=world.county, state=PlanState.CONSULTATION)
    make_round(plan)
    return plan


@pytest.fixture
def buyer(world: World) -> User:
    return user_with(Role.CONTRIBUTOR, cooperation=world.cooperation)


@pytest.fixture
def draft(world: World, plan: PartnerPlan, buyer: User) -> Contribution:
    return make_contribution(plan, world.cooperation, by=buyer, sent=False)


def url(name: str, plan: PartnerPlan, *rest: object) -> str:
    return reverse(f"plans:{name}", args=[plan.agreement.county.slug, plan.year, *rest])


def kept() -> list[str]:
    """Return the names of all that lies in the store."""
    folder = settings.RUN_DIR / "files" / "innspel"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture(autouse=True)
def empty_store() -> None:
    for name in kept():
        default_storage.delete(f"innspel/{name}")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Behov.pdf", PDF),
        ("Store bokstavar.PDF", PDF),
        ("Skisse æøå.png", PNG),
        ("bilete.jpg", b"\xff\xd8\xff\xe0"),
        ("bilete.jpeg", b"\xff\xd8\xff\xe0"),
        ("notat.docx", DOCX),
        ("tal.xlsx", archive(xl__workbook_xml="<x/>")),
        ("brev.odt", ODT),
        ("liste.txt", "Blåbær\nog bringebær\t".encode()),
        ("to.punktum.pdf", PDF),
    ],
)
def test_what_is_taken(name: str, data: bytes) -> None:
    assert checked_kind(name, data) == "." + name.rpartition(".")[2].lower()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("side.html", b"<script>alert(7)</script>"),
        ("teikning.svg", b"<svg onload='alert(7)'/>"),
        ("program.exe", b"MZ"),
        ("pakke.zip", DOCX),
        ("utan", PDF),
        (".pdf", PDF),
        ("...pdf", PDF),
        ("tom.pdf", b""),
        ("side.pdf", b"<html>%PDF-1.7"),
        ("side.png", b"<svg/>"),
        ("notat.docx", PDF),
        ("notat.docx", b"PK\x03\x04" + b"\x00" * 40),
        ("notat.docx", ODT),
        ("tal.xlsx", DOCX),
        ("makro.docx", archive(word__document_xml="x", word__vbaProject_bin="x")),
        ("brev.odt", archive(mimetype="text/html", content_xml="x")),
        ("brev.odt", archive(content_xml="x")),
        ("liste.txt", b"\xff\xfe\x00"),
        ("liste.txt", b"nul\x00midt i"),
        ("../../etc/passwd.pdf", PDF),
        ("..\\boot.pdf", PDF),
        ("fdp\u202egnp.pdf", PDF),
        ("linje\nskift.pdf", PDF),
        ("nul\x00.pdf", PDF),
        ("x" * 147 + ".pdf", PDF),
        ("stor.pdf", PDF + b"x" * MOST_BYTES),
    ],
)
def test_what_is_refused(db: None, name: str, data: bytes) -> None:
    with pytest.raises(FileRefused):
        checked_kind(name, data)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_archive_is_refused(db: None, method: int) -> None:
    """Whatever byte is damaged: never an error of the server."""
    whole = packed_odt(method)
    for place in range(4, len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        with suppress(FileRefused):
            checked_kind("brev.odt", bytes(damaged))


def test_an_archive_that_unpacks_without_end_is_refused(db: None) -> None:
    """Python unpacks these ways whole, a few kB to a hundred MB."""
    assert checked_kind("brev.odt", packed_odt(zipfile.ZIP_DEFLATED)) == ".odt"
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with pytest.raises(FileRefused):
            checked_kind("brev.odt", packed_odt(method))


def test_a_file_is_kept_under_a_name_of_ours_and_handed_out_to_be_saved(
    plan: PartnerPlan, draft: Contribution, buyer: User, browser_of: LogIn
) -> None:
    browser = browser_of(buyer)
    upload = SimpleUploadedFile('Behov "æ"; x.pdf', PDF, content_type="text/html")
    browser.post(url("contribution_file_add", plan, draft.key), {"file": upload})
    file = ContributionFile.objects.get()
    assert (file.name, file.size, file.media_type) == (
        'Behov "æ"; x.pdf',
        len(PDF),
        "application/pdf",
    )
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert kept() == [file.path.removeprefix("innspel/")]
    assert "Behov" not in file.path
    answer = browser.get(url("contribution_file", plan, draft.key, file.key))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    verify()


def test_a_refused_file_leaves_nothing_and_says_why(
    plan: PartnerPlan, draft: Contribution, buyer: User, browser_of: LogIn
) -> None:
    browser = browser_of(buyer)
    address = url("contribution_file_add", plan, draft.key)
    bad = SimpleUploadedFile("side.html", b"<script>alert(7)</script>")
    page = browser.post(address, {"file": [bad, SimpleUploadedFile("god.pdf", PDF)]}, follow=True)
    said = [message.level_tag for message in page.context["messages"]]
    assert said == ["error", "success"]
    assert ContributionFile.objects.count() == len(kept()) == 1
    assert browser.post(address, {}).status_code == 302
    assert browser.post(address, {"file": "ikkje ei fil"}).status_code == 302
    assert ContributionFile.objects.count() == 1


def test_five_files_and_no_more(
    plan: PartnerPlan, draft: Contribution, buyer: User, browser_of: LogIn
) -> None:
    files = [SimpleUploadedFile(f"{place}.pdf", PDF) for place in range(7)]
    address = url("contribution_file_add", plan, draft.key)
    browser_of(buyer).post(address, {"file": files})
    assert ContributionFile.objects.count() == len(kept()) == 5


def test_a_file_that_cannot_be_kept_leaves_nothing_half_written(
    draft: Contribution, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**values: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("plans.services.attachments.record", fail)
    with pytest.raises(OSError, match="full"):
        attach(contribution=draft, upload=SimpleUploadedFile("a.pdf", PDF), by=buyer)
    assert (ContributionFile.objects.count(), kept()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_is_gone_from_the_store_too(
    plan: PartnerPlan, draft: Contribution, buyer: User, browser_of: LogIn
) -> None:
    file = attach(contribution=draft, upload=SimpleUploadedFile("a.pdf", PDF), by=buyer)
    address = url("contribution_file_remove", plan, draft.key, file.key)
    assert browser_of(buyer).post(address).status_code == 302
    assert (ContributionFile.objects.count(), kept()) == (0, [])
    assert browser_of(buyer).post(address).status_code == 404


def test_only_those_who_read_the_input_get_its_files(
    world: World, plan: PartnerPlan, buyer: User, browser_of: LogIn
) -> None:
    sent = make_contribution(plan, world.cooperation, by=buyer)
    other = make_contribution(plan, world.municipalities[0])
    file = attach(contribution=sent, upload=SimpleUploadedFile("a.pdf", PDF), by=buyer)
    address = url("contribution_file", plan, sent.key, file.key)
    readers = (buyer, world.editor, world.signatory, world.adviser)
    assert [browser_of(user).get(address).status_code for user in readers] == [200] * 4
    contact = user_with(Role.MUNICIPAL_CONTACT, municipality=world.municipalities[0])
    outside = (contact, world.outsider, user_with(Role.ADMINISTRATOR))
    assert [browser_of(user).get(address).status_code for user in outside] == [404] * 3
    assert Client().get(address).status_code == 302
    # The way through one's own input leads to no other's file.
    assert (
        browser_of(contact).get(url("contribution_file", plan, other.key, file.key)).status_code
        == 404
    )
    remove = url("contribution_file_remove", plan, sent.key, file.key)
    assert browser_of(world.editor).post(remove).status_code == 403
    default_storage.delete(file.path)
    assert browser_of(buyer).get(address).status_code == 404
