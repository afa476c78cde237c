"""The SQL of sessions."""

from sqlalchemy import delete, insert, select

from vestibule.accounts.schema import sessions
from vestibule.accounts.sessions.model import Session
from vestibule.foundation.database import Transaction


def insert_session(tx: Transaction, token_hash: str, session: Session) -> None:
    """Add a session."""
    tx.run(
        insert(sessions).values(
            token_hash=token_hash,
            user_id=session.user_id,
            created_at=session.created_at,
            expires_at=session.expires_at,
        )
    )


def find_session(tx: Transaction, token_hash: str) -> Session | None:
    """The session with this token."""
    row = tx.run(select(sessions).where(sessions.c.token_hash == token_hash)).one_or_none()
    return row and Session(
        user_id=row.user_id, created_at=row.created_at, expires_at=row.expires_at
    )


def delete_session(tx: Transaction, token_hash: str) -> None:
    """Remove the session, if it is there."""
    tx.run(delete(sessions).where(sessions.c.token_hash == token_hash))


def delete_expired(tx: Transaction, user_id: str) -> None:
    """Remove the user's sessions that ended by themselves."""
    ended = (sessions.c.user_id == user_id) & (sessions.c.expires_at <= tx.now)
    tx.run(delete(sessions).where(ended))
