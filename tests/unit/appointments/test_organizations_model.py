"""Which settings an organization may have."""

import pytest

from vestibule.appointments.organizations.model import (
    Caller,
    Organization,
    check_opening,
    check_prefix,
)
from vestibule.foundation.errors import Invalid


@pytest.mark.parametrize("prefix", ["restartix", "A-b_9", "x" * 32])
def test_a_prefix_may_hold_what_a_room_name_may(prefix: str) -> None:
    assert check_prefix(prefix) == prefix


@pytest.mark.parametrize("prefix", ["", "x" * 33, "a b", "a/b", "clinică", "a\n"])
def test_a_prefix_that_no_room_name_begins_with_is_refused(prefix: str) -> None:
    with pytest.raises(Invalid, match="1 to 32 letters"):
        check_prefix(prefix)


def test_links_open_up_to_a_day_before_the_start() -> None:
    assert [check_opening(minutes) for minutes in (0, 5, 1440)] == [0, 5, 1440]
    for minutes in (-1, 1441):
        with pytest.raises(Invalid, match="0 to 1440"):
            check_opening(minutes)


def test_a_caller_is_named_by_its_token() -> None:
    organization = Organization(
        id=1, name="Clinic", room_prefix="x", waiting_room=True, opens_minutes_before=5
    )
    assert Caller(organization, "booking platform").actor == "token:booking platform"
