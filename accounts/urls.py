"""The account pages' addresses, below /konto/."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from accounts.forms import LoginForm

app_name = "accounts"

urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            form_class=LoginForm,
            template_name="accounts/login.html",
            redirect_authenticated_user=True,
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
]
