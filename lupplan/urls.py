"""All addresses: those of the apps, and the site's own few pages."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from lupplan import views

# The admin site has no log-in of its own: it would know neither limits nor second factors.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler429 = "lupplan.views.too_many"

SITE_PAGES: list[URLPattern] = [
    path("tilgjengelegheit/", views.site_page, {"page": "accessibility"}, name="accessibility"),
    path("personvern/", views.site_page, {"page": "privacy"}, name="privacy"),
    path("hjelp/", views.site_page, {"page": "help"}, name="help"),
    path("om-data/", views.data, name="data"),
]

urlpatterns = [
    path("", include("plans.urls")),
    path("", include((SITE_PAGES, "lupplan"))),
    path("konto/", include("accounts.urls")),
    path("", include("accounts.people_urls")),
    path("konto/", include("accounts.login.urls")),
    # It changes nothing but the language of the visitor's own screen: so it needs no token, and
    # those who only read get no cookie.
    path("i18n/setlang/", csrf_exempt(login_not_required(set_language)), name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
