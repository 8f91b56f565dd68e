"""The talk with the provider's endpoints."""

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Client

from accounts.oidc.tokens import client_assertion

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Client(OAuth2Client):
    """Exchanges the code for tokens, as a client with a key if it has one."""

    # PEM, the key's name at the provider, and whom the assertion is for.
    private_key = ""
    key_id = ""
    audience = ""

    def get_access_token(
        self,
        code: str,
        pkce_code_verifier: str | None = None,
        extra_data: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Return the token endpoint's answer. Raises ``OAuth2Error`` for a refusal."""
        extra = dict(extra_data or {})
        if self.private_key:
            extra["client_assertion_type"] = ASSERTION_TYPE
            extra["client_assertion"] = client_assertion(
                client_id=self.consumer_key,
                audience=self.audience,
                private_key=self.private_key,
                key_id=self.key_id,
            )
        tokens: dict[str, Any] = super().get_access_token(code, pkce_code_verifier, extra)
        return tokens
