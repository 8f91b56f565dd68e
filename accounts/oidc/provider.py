"""Our OpenID Connect provider for allauth, and its adapter to one log-in."""

import json
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.oidc.client import Client
from accounts.oidc.organisations import represented
from accounts.oidc.tokens import BadToken, nonce_of, verified_claims


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """One log-in: from the code to claims that can be trusted."""

    client_class = Client
    basic_auth = False
    _verifier = ""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider sends the browser back to."""
        address = reverse("oidc_callback", kwargs={"provider_id": self.provider_id})
        url: str = build_absolute_uri(request, address)
        return url

    def get_client(self, request: HttpRequest, app: SocialApp) -> Client:
        """Return the client, with our key if we have one."""
        client: Client = super().get_client(request, app)
        client.private_key = app.settings.get("private_key", "")
        client.key_id = app.settings.get("key_id", "")
        client.audience = self.openid_config["issuer"]
        return client

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's metadata; of the very issuer that we were set up with."""
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise OAuth2Error("the metadata are another issuer's")
        return config

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: Client,
        pkce_code_verifier: str | None = None,
    ) -> dict[str, Any]:
        """Exchange the code; only for a log-in that was begun with PKCE."""
        if not pkce_code_verifier:
            raise OAuth2Error("the log-in was begun without PKCE")
        self._verifier = pkce_code_verifier
        data: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier=pkce_code_verifier
        )
        return data

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Return who logs in, by the id_token alone. Raises ``OAuth2Error``."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no id_token")
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = answer.json()
        try:
            claims = verified_claims(
                id_token,
                keys=keys,
                issuer=app.settings["issuer"],
                client_id=app.client_id,
                nonce=nonce_of(self._verifier),
                acr_values=app.settings.get("acr_values", []),
            )
        except BadToken as error:
            raise OAuth2Error(str(error)) from error
        login: SocialLogin = self.get_provider().sociallogin_from_response(
            request, {"id_token": claims}
        )
        # When they showed the provider who they are; it says so where it was asked for max_age.
        login.auth_time = claims.get("auth_time")
        return login


class OidcProvider(OpenIDConnectProvider):
    """A log-in service named in OIDC_PROVIDERS."""

    id = "oidc"
    name = "OpenID Connect"
    oauth2_adapter_class = OidcAdapter
    supports_token_authentication = False

    @property
    def server_url(self) -> str:
        """Where the provider's metadata lie."""
        return f"{self.app.settings['issuer'].rstrip('/')}/.well-known/openid-configuration"

    def get_pkce_params(self) -> dict[str, Any]:
        """Always PKCE with S256, and the nonce that goes with it."""
        params: dict[str, Any] = generate_code_challenge()
        params["nonce"] = nonce_of(params["code_verifier"])
        return params

    def get_auth_params(self) -> dict[str, str]:
        """Return what we ask for: the level, on whose behalf, in which language."""
        params = {"ui_locales": get_language() or "nb"}
        if levels := self.app.settings.get("acr_values"):
            params["acr_values"] = " ".join(levels)
        if asked := self.app.settings.get("authorization_details"):
            params["authorization_details"] = json.dumps(asked)
        return params

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Return the same: what the browser would add (``?auth_params=``) is not heard."""
        return self.get_auth_params()

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Return our scopes: nor is ``?scope=``."""
        scope: list[str] = self.get_scope()
        return scope

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep whom they represent and which roles that has given; no more of the person.

        ID-porten's claims hold the national identity number, which we have no need of.
        """
        claims = data["id_token"]
        known = SocialAccount.objects.filter(provider=self.sub_id, uid=str(claims["sub"])).first()
        return {
            "organisations": represented(
                claims, asked=self.app.settings.get("authorization_details", [])
            ),
            "memberships": known.extra_data.get("memberships", []) if known else [],
        }


provider_classes = [OidcProvider]
