"""Inviting people: who may invite whom, a link that works once, and who was invited by whom."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.enums import Role
from accounts.models import Invitation, Membership, User
from accounts.services import invitations
from audit.models import Event
from audit.services import verify
from municipalities.models import County, Municipality
from tests.factories.accounts import UserFactory, user_with
from tests.factories.municipalities import (
    CountyFactory,
    MunicipalityFactory,
    ProcurementCooperationFactory,
)

pytestmark = pytest.mark.django_db
PASSWORD = "ei lang setning om fjordar"
ADDRESS = "ny@test.example"


@pytest.fixture
def county() -> County:
    return CountyFactory.create(name="Fjordane")


@pytest.fixture
def municipality(county: County) -> Municipality:
    return MunicipalityFactory.create(county=county, name="Vågen")


@pytest.fixture
def editor(county: County) -> User:
    return user_with(Role.COUNTY_EDITOR, county=county)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def place_of(municipality: Municipality) -> str:
    return f"MUNICIPAL_CONTACT:municipality:{municipality.pk}"


def invited(
    by: User,
    municipality: Municipality,
    capture: DjangoCaptureOnCommitCallbacks,
    email: str = ADDRESS,
) -> str:
    """Invite somebody through the page and return the link in the mail."""
    with capture(execute=True):
        answer = logged_in(by).post(
            reverse("people:invite"),
            {"email": email, "place": place_of(municipality), "language": "nn"},
        )
    assert answer.status_code == 302, answer.context["form"].errors
    return link_in(mail.outbox[-1])


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"http://testserver(/konto/invitasjon/\S+)", str(message.body))
    assert found is not None
    return found[1]


def html_of(message: mail.EmailMessage) -> str:
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((body, kind),) = message.alternatives
    assert kind == "text/html"
    return str(body)


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def roles_of(user: User) -> list[tuple[str, str]]:
    rows = Membership.objects.filter(user=user).select_related("municipality")
    return [(row.role, str(row.organisation)) for row in rows]


def test_from_invitation_to_account(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert link in html_of(message)
    guest = Client()
    assert guest.get(link).status_code == 200
    answer = guest.post(link, {"name": "Kontakt i Vågen", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, reverse("plans:work"))
    user = User.objects.get(email=ADDRESS)
    assert (user.name, user.check_password(PASSWORD)) == ("Kontakt i Vågen", True)
    assert roles_of(user) == [("MUNICIPAL_CONTACT", str(municipality))]
    assert guest.get(reverse("plans:work")).status_code == 200
    assert verbs() == ["invitation.sent", "user.made", "invitation.accepted", "role.given"]
    invitation = Invitation.objects.get()
    assert (invitation.invited_by, invitation.accepted_by) == (editor, user)
    verify()


def test_a_hostile_name_is_text_in_the_mail(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    name = '<script>alert(1)</script> & "x"'
    User.objects.filter(pk=editor.pk).update(name=name)
    editor.refresh_from_db()
    invited(editor, municipality, django_capture_on_commit_callbacks)
    (message,) = mail.outbox
    assert name in str(message.body)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;" in html_of(message)
    assert "<script" not in html_of(message)
    assert "\n" not in message.subject


def test_a_link_works_once(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    Client().post(link, {"name": "Den fyrste", "password": PASSWORD})
    for answer in (Client().get(link), Client().post(link, {"name": "X", "password": PASSWORD})):
        assert answer.status_code == 404
    assert User.objects.filter(name="X").count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
    ],
)
def test_dead_links_answer_like_made_up_ones(
    editor: User,
    municipality: Municipality,
    change: dict[str, object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    Invitation.objects.update(**change)
    made_up = reverse("people:accept", args=["gjetta"])
    answers = [Client().get(address) for address in (link, made_up)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert [answer.templates[0].name for answer in answers] == ["accounts/people/dead.html"] * 2


def test_the_secret_of_the_link_is_not_kept(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    token = link.split("/")[3]
    row = Invitation.objects.values().get()
    assert token not in repr(row) + repr(list(Event.objects.values()))
    assert ADDRESS not in repr(list(Event.objects.values()))


def test_who_has_an_account_logs_in_and_accepts(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    user = UserFactory.create(email="Kjend@Test.example")
    link = invited(
        editor, municipality, django_capture_on_commit_callbacks, email="kjend@test.example"
    )
    page = Client().get(link)
    assert f"{reverse('accounts:login')}?next={link}" in page.content.decode()
    # Nobody sets a new password for an account by an invitation.
    answer = Client().post(link, {"name": "Tjuv", "password": PASSWORD})
    user.refresh_from_db()
    assert (answer.status_code, user.check_password(PASSWORD), roles_of(user)) == (200, False, [])
    assert logged_in(user).get(link).status_code == 200
    assert roles_of(user) == []  # looking accepts nothing
    assert logged_in(user).post(link).status_code == 302
    assert roles_of(user) == [("MUNICIPAL_CONTACT", str(municipality))]


def test_nobody_accepts_what_was_sent_to_another_address(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = UserFactory.create()
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    client = logged_in(other)
    assert [client.get(link).status_code, client.post(link).status_code] == [403, 403]
    with pytest.raises(invitations.OtherAddress):
        invitations.accept_as(token=link.split("/")[3], user=other)
    assert roles_of(other) == []


def test_inviting_tells_nobody_who_has_an_account(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    UserFactory.create(email="kjend@test.example", language="nn")
    for email in ("kjend@test.example", "ukjend@test.example"):
        invited(editor, municipality, django_capture_on_commit_callbacks, email=email)
    first, second = (str(message.body) for message in mail.outbox)
    link = re.compile(r"http\S+")
    assert link.sub("", first) == link.sub("", second)
    page = logged_in(editor).get(reverse("people:list")).content.decode()
    rows = re.findall(r'<th scope="row">(\w+)@test.example</th>(.*?)</tr>', page, re.DOTALL)
    words = {re.sub(r'value="\w+"|\d+|\b(u?kjend)\b', "", row) for _name, row in rows}
    assert ([name for name, _row in rows], len(words)) == (["ukjend", "kjend"], 1)


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_the_mail_is_in_the_language_that_was_chosen(
    editor: User,
    municipality: Municipality,
    language: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        logged_in(editor).post(
            reverse("people:invite"),
            {"email": ADDRESS, "place": place_of(municipality), "language": language},
        )
    assert f'<html lang="{language}">' in html_of(mail.outbox[0])


def test_an_editor_invites_to_own_countys_bodies_and_nothing_else(
    editor: User, county: County, municipality: Municipality
) -> None:
    cooperation = ProcurementCooperationFactory.create(county=county)
    foreign = MunicipalityFactory.create()
    gone = MunicipalityFactory.create(county=county, ended=True)
    page = logged_in(editor).get(reverse("people:invite"))
    assert {key for key, _label in page.context["form"].fields["place"].choices if key} == {
        place_of(municipality),
        f"CONTRIBUTOR:cooperation:{cooperation.pk}",
    }
    for place in (
        place_of(foreign),
        place_of(gone),
        f"COUNTY_EDITOR:county:{county.pk}",
        "ADMINISTRATOR::",
        "tull",
    ):
        answer = logged_in(editor).post(
            reverse("people:invite"), {"email": ADDRESS, "place": place, "language": "nn"}
        )
        assert answer.status_code == 422, place
    assert Invitation.objects.count() == 0


def test_the_administrator_invites_everybody(county: County) -> None:
    administrator = user_with(Role.ADMINISTRATOR)
    page = logged_in(administrator).get(reverse("people:invite"))
    offered = {key.partition(":")[0] for key, _ in page.context["form"].fields["place"].choices}
    assert offered == {"", *Role.values} - {"MUNICIPAL_CONTACT", "CONTRIBUTOR"}
    answer = logged_in(administrator).post(
        reverse("people:invite"),
        {"email": ADDRESS, "place": f"COUNTY_EDITOR:county:{county.pk}", "language": "nb"},
    )
    assert answer.status_code == 302
    assert Invitation.objects.get().county == county


def test_sent_again_it_has_a_new_link_and_the_old_one_is_dead(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    old = invited(editor, municipality, django_capture_on_commit_callbacks)
    invitation = Invitation.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        logged_in(editor).post(reverse("people:invite_again", args=[invitation.pk]))
    new = link_in(mail.outbox[-1])
    assert [Client().get(link).status_code for link in (old, new)] == [404, 200]


def test_withdrawn_it_is_dead(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    logged_in(editor).post(reverse("people:revoke", args=[Invitation.objects.get().pk]))
    assert Client().get(link).status_code == 404
    assert verbs() == ["invitation.sent", "invitation.revoked"]


def test_another_countys_invitations_are_not_there(
    editor: User,
    municipality: Municipality,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    invited(editor, municipality, django_capture_on_commit_callbacks)
    outsider = logged_in(user_with(Role.COUNTY_EDITOR, county=CountyFactory.create()))
    pk = Invitation.objects.get().pk
    answers = [
        outsider.post(reverse(f"people:{name}", args=[pk])).status_code
        for name in ("invite_again", "revoke")
    ]
    assert answers == [404, 404]
    assert ADDRESS not in outsider.get(reverse("people:list")).content.decode()


def test_nobody_sends_more_than_the_limit_within_an_hour(
    editor: User, municipality: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_PER_HOUR", 2)
    client = logged_in(editor)
    form = {"email": ADDRESS, "place": place_of(municipality), "language": "nn"}
    statuses = [client.post(reverse("people:invite"), form).status_code for _ in range(3)]
    client.post(reverse("people:invite_again", args=[Invitation.objects.all()[0].pk]))
    assert (statuses, Invitation.objects.count()) == ([302, 302, 422], 2)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(hours=1))
    assert client.post(reverse("people:invite"), form).status_code == 302


@pytest.mark.parametrize("password", ["kort", "12345678901234", ADDRESS, "passordpassord1"[:8]])
def test_a_weak_password_makes_no_account(
    editor: User,
    municipality: Municipality,
    password: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    link = invited(editor, municipality, django_capture_on_commit_callbacks)
    answer = Client().post(link, {"name": "Ny", "password": password})
    assert (answer.status_code, User.objects.filter(email=ADDRESS).exists()) == (422, False)
    assert Client().get(link).status_code == 200
