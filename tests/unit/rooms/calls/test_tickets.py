"""Resume tickets prove what was admitted, to the server that signed them, for a limited time."""

import base64
import json
from dataclasses import replace

import pytest

from vestibule.foundation.encryption import KEY_BYTES, Keyring
from vestibule.foundation.signed_texts import SignedTexts
from vestibule.rooms.calls.tickets import LIFETIME_SECONDS, PURPOSE, Ticket, Tickets

NOW = 1_800_000_000.25
OLD = {"k1": b"1" * KEY_BYTES}
TICKET = Ticket(
    session_id="s-1",
    room_id="r-1",
    stage="call",
    user_name="Ștefania",
    token={"is_owner": True, "permissions": {"canAdmin": ["participants"]}},
    since=NOW - 10,
    eject_at=None,
)


def tickets(keys: dict[str, bytes] | None = None, active: str = "k1") -> Tickets:
    return Tickets(Keyring(keys or OLD, active=active))


@pytest.mark.parametrize("ticket", [TICKET, replace(TICKET, stage="lobby", token=None)])
def test_a_ticket_is_read_as_it_was_signed_by_another_process_too(ticket: Ticket) -> None:
    assert tickets().read(tickets().sign(ticket, NOW), NOW) == ticket


@pytest.mark.parametrize(
    ("eject_at", "lives_seconds"),
    [(None, LIFETIME_SECONDS), (int(NOW) + 60, 59.75), (int(NOW) + 10**6, LIFETIME_SECONDS)],
)
def test_a_ticket_ends_with_the_stay_and_at_the_latest_after_half_a_day(
    eject_at: int | None, lives_seconds: float
) -> None:
    text = tickets().sign(replace(TICKET, eject_at=eject_at), NOW)

    assert tickets().read(text, NOW + lives_seconds - 0.01) is not None
    assert tickets().read(text, NOW + lives_seconds) is None


def test_a_ticket_outlives_the_rotation_of_the_master_key() -> None:
    text = tickets().sign(TICKET, NOW)
    rotated = tickets({"k2": b"2" * KEY_BYTES, **OLD}, active="k2")

    assert rotated.read(text, NOW) == TICKET
    assert tickets({"k2": b"2" * KEY_BYTES}, active="k2").read(text, NOW) is None


def test_nothing_in_a_ticket_can_be_changed() -> None:
    key_id, payload, signature = tickets().sign(replace(TICKET, token=None), NOW).split(".")
    until, ticket = json.loads(base64.urlsafe_b64decode(payload))
    owner = json.dumps({**json.loads(ticket), "token": {"is_owner": True}})
    forged = base64.urlsafe_b64encode(json.dumps([until, owner]).encode()).decode()

    assert tickets().read(f"{key_id}.{forged}.{signature}", NOW) is None


@pytest.mark.parametrize(
    "text", ["", ".", "..", "k1..", "k9.e30=.00", "k1.ä.ö", "k1.e30=.", "x" * 99]
)
def test_what_is_no_ticket_proves_nothing(text: str) -> None:
    assert tickets().read(text, NOW) is None


@pytest.mark.parametrize("content", ["{}", "no JSON", ""])
def test_what_we_signed_but_cannot_read_proves_nothing(content: str) -> None:
    proof = SignedTexts(Keyring(OLD, active="k1"), PURPOSE).sign(content, until=NOW + 9)

    assert tickets().read(proof, NOW) is None
