"""What a session is and how long it lasts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vestibule.accounts.users.model import User

LIFETIME = timedelta(hours=12)  # a working day; then the password again


@dataclass(frozen=True)
class Session:
    """One browser in which a user is signed in."""

    user_id: str
    created_at: datetime
    expires_at: datetime


def is_open(session: Session, user: User, now: datetime) -> bool:
    """Whether the session still stands for the user: not too old, the password unchanged.

    Who signs in elsewhere has no password.
    """
    if user.password_set_at is not None and session.created_at < user.password_set_at:
        return False
    return now < session.expires_at
