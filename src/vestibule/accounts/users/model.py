"""What a user is, which passwords are good enough, and when trying to sign in must pause."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from vestibule.foundation.errors import Invalid

MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 100
MAX_ADDRESS_CHARACTERS = 2000
MIN_PASSWORD_CHARACTERS = 12
MAX_PASSWORD_CHARACTERS = 256
ATTEMPTS_BEFORE_LOCK = 10
LOCK = timedelta(minutes=15)

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


class Role(StrEnum):
    """What a user may do in a scope."""

    ADMIN = "admin"  # everything there
    STAFF = "staff"  # an organization's daily work
    OWNER = "owner"  # of a domain's team
    MEMBER = "member"  # enters a domain's private rooms (E1)


ROLES_IN: Final = {
    "organization": frozenset({Role.ADMIN, Role.STAFF, Role.MEMBER}),
    "domain": frozenset({Role.OWNER, Role.MEMBER}),
}
"""Which roles there are, by the kind of place that a scope names."""


@dataclass(frozen=True)
class User:
    """Somebody who may sign in. A session begun before `password_set_at` is over."""

    id: str
    email: str
    name: str
    password_set_at: datetime | None
    avatar_src: str | None = None
    """Address of a picture of the person."""


@dataclass(frozen=True)
class Membership:
    """A user's role in one place: `organization:<id>` or `domain:<uuid>`."""

    scope: str
    role: Role


@dataclass(frozen=True)
class Attempts:
    """How often somebody lately tried to sign in with one e-mail address."""

    count: int
    last_at: datetime


def role_in(scope: str, role: str) -> Role:
    """The role of this name; Invalid if a place of this kind has no such role."""
    roles = ROLES_IN[scope.partition(":")[0]]
    if role not in roles:
        raise Invalid(f"there is no role {role!r} here; the roles are {', '.join(sorted(roles))}")
    return Role(role)


def clean_email(email: str) -> str:
    """The address as it is stored and looked up: trimmed, in lower case."""
    cleaned = email.strip().lower()
    if len(cleaned) > MAX_EMAIL_CHARACTERS or not _EMAIL.fullmatch(cleaned):
        raise Invalid(f"{email.strip()[:80]!r} is not an e-mail address")
    return cleaned


def clean_name(name: str) -> str:
    """The name as it is shown, trimmed."""
    cleaned = " ".join(name.split())
    if not 0 < len(cleaned) <= MAX_NAME_CHARACTERS:
        raise Invalid(f"the name must have 1 to {MAX_NAME_CHARACTERS} characters")
    return cleaned


def clean_avatar(address: str) -> str:
    """The address of a picture, fit to be shown by any page."""
    parts = urlsplit(address.strip())
    if parts.scheme != "https" or not parts.hostname or len(address) > MAX_ADDRESS_CHARACTERS:
        raise Invalid("the picture's address must begin with https:// and lead to a site")
    return parts.geturl()


def clean_password(password: str) -> str:
    """The password in one Unicode form, so that every keyboard types the same one."""
    return unicodedata.normalize("NFKC", password)


def check_new_password(password: str, *, email: str) -> str:
    """The cleaned password, if it is good enough to be set; else Invalid says why not."""
    cleaned = clean_password(password)
    if not MIN_PASSWORD_CHARACTERS <= len(cleaned) <= MAX_PASSWORD_CHARACTERS:
        raise Invalid(
            f"the password must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} "
            "characters; a few unrelated words make a good one"
        )
    if cleaned.lower() == email or len(set(cleaned)) < 5:
        raise Invalid("the password is too easy to guess; a few unrelated words make a good one")
    return cleaned


def lock_ends(attempts: Attempts, now: datetime) -> datetime | None:
    """When this address may be tried again; None if it may be tried now."""
    if attempts.count < ATTEMPTS_BEFORE_LOCK:
        return None
    end = attempts.last_at + LOCK
    return end if end > now else None
