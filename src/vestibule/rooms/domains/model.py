"""What a domain is, and which keys speak for it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vestibule.foundation.errors import Invalid

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ORIGIN: Final = re.compile(rf"https?://(?:\*\.)?{_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?")
NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

MAX_LABEL_CHARACTERS: Final = 100


@dataclass(frozen=True)
class Domain:
    """An owner of rooms. Its name is a label of a host name."""

    id: str
    name: str

    @property
    def scope(self) -> str:
        """How memberships name it: whoever has a role there belongs to the domain's team."""
        return f"domain:{self.id}"


@dataclass(frozen=True)
class ApiKey:
    """An API key, without what is secret about it."""

    id: str
    label: str
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class TokenKeys:
    """The secrets that may have signed a meeting token of a domain."""

    signing: str
    """The domain's own key, for the tokens that the Rooms API hands out."""
    api_keys: tuple[str, ...]
    """The active API keys, for tokens that customers sign themselves."""


def check_name(name: str) -> None:
    """Raise Invalid unless a domain may have this name."""
    if not NAME.fullmatch(name):
        raise Invalid(
            f"{name[:63]!r} cannot name a domain: use 1 to 63 of a-z, 0-9 and '-', "
            "with a letter or digit at both ends"
        )


def clean_label(label: str) -> str:
    """What a key is for, as lists show it."""
    cleaned = " ".join(label.split())
    if not 0 < len(cleaned) <= MAX_LABEL_CHARACTERS or not cleaned.isprintable():
        raise Invalid(
            f"say in 1 to {MAX_LABEL_CHARACTERS} characters what the key is for, such as the name "
            "of the program that uses it"
        )
    return cleaned


def clean_origin(text: str) -> str:
    """An origin such as https://portal.example.org, or https://*.example.org for all below one."""
    origin = text.strip().lower().rstrip("/")
    if not ORIGIN.fullmatch(origin):
        raise Invalid(
            f"{text[:100]!r} is not an origin: write https://, a host name, and a port if needed, "
            "such as https://portal.example.org"
        )
    return origin
