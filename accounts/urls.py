"""The account pages' addresses, below /konto/; allauth's own are in login/urls.py."""

from allauth.account import views
from django.urls import path

from accounts.login import typed

app_name = "accounts"

urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("innskrive/<str:key>/", typed.send_again, name="typed"),
]
