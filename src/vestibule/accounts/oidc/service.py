"""Signing in with an account elsewhere: from the button to the session."""

from dataclasses import dataclass
from typing import Final

from vestibule.accounts.oidc import store
from vestibule.accounts.oidc.client import OpenIdClient
from vestibule.accounts.oidc.model import (
    LASTS,
    Identity,
    NoAccount,
    NotBelieved,
    Pending,
    check_return,
    identity_in,
    question,
)
from vestibule.accounts.sessions.service import SessionService
from vestibule.accounts.users.model import User
from vestibule.accounts.users.service import add_user, get_user, get_user_by_email
from vestibule.foundation.clock import Clock, unix_seconds
from vestibule.foundation.database import Database, Transaction
from vestibule.foundation.encryption import Keyring, UnreadableSecret
from vestibule.foundation.ids import Ids

BINDS: Final = "oidc.pending"
SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what it keeps until it comes back."""

    address: str
    kept: str


class OidcService:
    """The use cases of signing in with an account elsewhere."""

    def __init__(
        self,
        *,
        client: OpenIdClient,
        name: str,
        may_create: bool,
        database: Database,
        sessions: SessionService,
        keyring: Keyring,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self.name = name
        self._client = client
        self._may_create = may_create
        self._database = database
        self._sessions = sessions
        self._keyring = keyring
        self._clock = clock
        self._ids = ids

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the browser back; it must be told of this address."""
        return f"{self._sessions.public_url}/console/api/oidc/callback"

    async def begin(self) -> Begun:
        """The question to the provider; ProviderUnreachable."""
        pending = Pending(
            state=self._ids.secret(SECRET_BYTES),
            nonce=self._ids.secret(SECRET_BYTES),
            verifier=self._ids.secret(SECRET_BYTES),
            until=unix_seconds(self._clock.now() + LASTS),
        )
        address = question(
            await self._client.provider(),
            pending,
            client_id=self._client.client_id,
            redirect_uri=self.redirect_uri,
        )
        return Begun(address, self._keyring.seal(pending.stored(), binds=BINDS))

    async def finish(
        self, *, kept: str | None, state: str, code: str, issuer: str | None
    ) -> tuple[str, User]:
        """Begin a session; NotBelieved, NoAccount or ProviderUnreachable if that cannot be."""
        pending = self._opened(kept)
        now, of = self._clock.now(), self._client.issuer
        check_return(pending, state=state, issuer=issuer, of=of, now=now)
        token = await self._client.redeem(code, pending, redirect_uri=self.redirect_uri)
        identity = identity_in(
            token,
            await self._client.keys(),
            issuer=of,
            client_id=self._client.client_id,
            nonce=pending.nonce,
            now=self._clock.now(),
        )
        user = await self._database.write(lambda tx: self._user(tx, identity))
        return await self._sessions.begin(user), user

    def _opened(self, kept: str | None) -> Pending:
        try:
            return Pending.read(self._keyring.open(kept or "", binds=BINDS))
        except (UnreadableSecret, ValueError, TypeError) as error:
            raise NotBelieved("this browser has not begun to sign in; begin again") from error

    def _user(self, tx: Transaction, identity: Identity) -> User:
        """Who it is here: by an earlier sign-in, else by the verified address, else new."""
        known = store.find_user_id(tx, identity)
        user = get_user(tx, known) if known else None
        if user is not None:
            return user
        user = get_user_by_email(tx, identity.email) if identity.email else None
        if user is None and identity.email and self._may_create:
            name = identity.name or identity.email
            user = add_user(tx, user_id=self._ids.uuid(), email=identity.email, name=name)
        if user is None:
            raise NoAccount("nobody here has an account with this e-mail address")
        store.link(tx, identity, user.id)
        return user
