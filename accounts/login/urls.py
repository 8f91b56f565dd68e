"""allauth's pages below /konto/, under the names that allauth looks them up by.

Only those that Lupplan uses: nobody signs up or changes their e-mail address by themselves.
"""

from allauth.account import views
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts.oidc import views as oidc

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("stengd/", views.account_inactive, name="account_inactive"),
    # Closed by the adapter; allauth's other pages look up its address.
    path("registrer/", views.signup, name="account_signup"),
    path("stadfest/", views.reauthenticate, name="account_reauthenticate"),
    path("passord/", views.password_change, name="account_change_password"),
    path("passord/nytt/", views.password_set, name="account_set_password"),
    path("passord/gloymt/", views.password_reset, name="account_reset_password"),
    path("passord/gloymt/sendt/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passord/lenkje/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passord/lagra/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("tenester/", social.connections, name="socialaccount_connections"),
    path("tenester/avbroten/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/<slug:provider_id>/", oidc.login, name="oidc_login"),
    path("oidc/<slug:provider_id>/tilbake/", oidc.callback, name="oidc_callback"),
    path("oidc/<slug:provider_id>/stadfest/", oidc.confirm, name="oidc_confirm"),
    path("tofaktor/", include("allauth.mfa.urls")),
]
