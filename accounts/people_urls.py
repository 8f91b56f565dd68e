"""The addresses of people, roles and one's own account."""

from django.urls import path

from accounts import notice_views, own_views, people_views

app_name = "people"

PEOPLE = "arbeid/folk/"
INVITATION = f"{PEOPLE}invitasjon/<int:pk>/"

urlpatterns = [
    path(PEOPLE, people_views.people, name="list"),
    path(f"{PEOPLE}inviter/", people_views.invite, name="invite"),
    path(f"{INVITATION}send/", people_views.invite_again, name="invite_again"),
    path(f"{INVITATION}trekk/", people_views.revoke, name="revoke"),
    path(f"{PEOPLE}rolle/<int:pk>/avslutt/", people_views.end_role, name="end_role"),
    path("konto/", own_views.account, name="account"),
    path("konto/mine-data.json", own_views.own_data, name="own_data"),
    path("konto/okter/<int:pk>/avslutt/", own_views.end_session, name="end_session"),
    path("konto/okter/avslutt-andre/", own_views.end_other_sessions, name="end_other_sessions"),
    path("konto/invitasjon/<str:token>/", own_views.accept, name="accept"),
    path("konto/varsel/", notice_views.notices, name="notices"),
    path("konto/varsel/stopp/<str:token>/", notice_views.stop_mail, name="stop_mail"),
]
