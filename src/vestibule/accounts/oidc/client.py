"""Talks to the OpenID provider, server to server."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import httpx2

from vestibule.accounts.oidc.model import (
    NotBelieved,
    Pending,
    Provider,
    ProviderUnreachable,
    provider_of,
)
from vestibule.foundation.clock import Clock

TIMEOUT_SECONDS: Final = 10.0
KEPT: Final = timedelta(hours=1)

Keys = Sequence[Mapping[str, Any]]


class OpenIdClient:
    """Knows one provider; remembers its description for an hour."""

    def __init__(
        self, *, issuer: str, client_id: str, client_secret: str | None, clock: Clock
    ) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._provider: tuple[datetime, Provider] | None = None

    async def provider(self) -> Provider:
        """Where its endpoints are; ProviderUnreachable."""
        now = self._clock.now()
        if self._provider is None or self._provider[0] + KEPT <= now:
            at = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            self._provider = (now, provider_of(await self._json("GET", at), issuer=self.issuer))
        return self._provider[1]

    async def keys(self) -> Keys:
        """The keys that its tokens are signed with, as they are now."""
        answer = await self._json("GET", (await self.provider()).jwks_uri)
        keys = answer.get("keys") if isinstance(answer, dict) else None
        if not isinstance(keys, list):
            raise ProviderUnreachable("the OpenID provider has no keys to check with")
        return [key for key in keys if isinstance(key, dict)]

    async def redeem(self, code: str, pending: Pending, *, redirect_uri: str) -> str:
        """The id token for this code; NotBelieved if the provider does not know it."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client_id,
            "code_verifier": pending.verifier,
        }
        if self._client_secret is not None:
            form["client_secret"] = self._client_secret
        answer = await self._json("POST", (await self.provider()).token_endpoint, form)
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise NotBelieved("the provider has given no token for this sign-in")
        return token

    async def _json(self, method: str, address: str, form: dict[str, str] | None = None) -> Any:
        try:
            # No redirects: what is asked here carries secrets.
            async with httpx2.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                headers = {"Accept": "application/json"}
                answer = await client.request(method, address, data=form, headers=headers)
                said = answer.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderUnreachable("the OpenID provider does not answer as it must") from error
        if form is not None and 400 <= answer.status_code < 500:
            raise NotBelieved("the provider does not accept this sign-in")
        if answer.status_code != 200:
            raise ProviderUnreachable(f"the OpenID provider answers {answer.status_code}")
        return said
