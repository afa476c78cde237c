"""Which addresses, names and passwords are accepted, and when signing in pauses."""

from datetime import UTC, datetime, timedelta

import pytest

from vestibule.accounts.users.model import (
    Attempts,
    check_new_password,
    clean_email,
    clean_name,
    lock_ends,
)
from vestibule.foundation.errors import Invalid

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ada@clinic.example", "ada@clinic.example"),
        ("  Ada.Popescu@Clinic.EXAMPLE ", "ada.popescu@clinic.example"),
        ("ada+video@localhost", "ada+video@localhost"),
    ],
)
def test_an_address_is_stored_trimmed_and_in_lower_case(typed: str, stored: str) -> None:
    assert clean_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ada", "ada@", "@clinic.example", "a da@clinic.example", "ada@clinic@example"),
        *("ada@.example", "a" * 251 + "@b.c"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="e-mail address"):
        clean_email(typed)


def test_a_name_is_trimmed_and_must_not_be_empty() -> None:
    assert clean_name("  Ada   Popescu ") == "Ada Popescu"
    for typed in ("", "   ", "a" * 101):
        with pytest.raises(Invalid, match="name"):
            clean_name(typed)


@pytest.mark.parametrize(
    "password",
    ["eleven char", "a" * 257, "aaaaaaaaaaaaaaaa", "ADA@clinic.example"],
)
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="unrelated words"):
        check_new_password(password, email="ada@clinic.example")


def test_every_keyboard_types_the_same_password() -> None:
    composed, decomposed = "caf\u00e9 au lait noir", "cafe\u0301 au lait noir"
    assert check_new_password(composed, email="") == check_new_password(decomposed, email="")


@pytest.mark.parametrize(
    ("count", "age", "locked"),
    [
        (9, timedelta(0), False),
        (10, timedelta(0), True),
        (10, timedelta(minutes=15, seconds=-1), True),
        (10, timedelta(minutes=15), False),
        (40, timedelta(minutes=1), True),
    ],
)
def test_ten_tries_lock_an_address_for_a_quarter_of_an_hour(
    count: int, age: timedelta, locked: bool
) -> None:
    end = lock_ends(Attempts(count=count, last_at=NOW - age), NOW)
    assert (end is not None) is locked
    assert end is None or end == NOW - age + timedelta(minutes=15)


def test_an_address_never_tried_is_not_locked() -> None:
    assert lock_ends(Attempts(count=0, last_at=NOW), NOW) is None
