"""The SQL of accounts elsewhere that open accounts here."""

from sqlalchemy import insert, select

from vestibule.accounts.oidc.model import Identity
from vestibule.accounts.schema import oidc_identities
from vestibule.foundation.database import Transaction


def find_user_id(tx: Transaction, identity: Identity) -> str | None:
    """Whose account this identity opens."""
    statement = select(oidc_identities.c.user_id).where(
        oidc_identities.c.issuer == identity.issuer, oidc_identities.c.subject == identity.subject
    )
    found: str | None = tx.run(statement).scalar_one_or_none()
    return found


def link(tx: Transaction, identity: Identity, user_id: str) -> None:
    """From now on this identity opens this account."""
    tx.run(
        insert(oidc_identities).values(
            issuer=identity.issuer,
            subject=identity.subject,
            user_id=user_id,
            created_at=tx.now,
        )
    )
