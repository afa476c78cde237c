"""What a message of the room provider means."""

from datetime import UTC, datetime

from vestibule.appointments.webhook_inbox.model import parse


def test_half_a_character_in_a_name_becomes_a_sign_that_can_be_kept() -> None:
    body = (
        b'{"type": "waiting-participant.joined", "id": "1", "event_ts": 1,'
        b' "payload": {"room": "consult", "user_name": "Ana \\ud83d"}}'
    )

    message = parse(body, now=datetime(2026, 11, 21, tzinfo=UTC))

    assert message is not None
    assert message.by == "Ana \ufffd"
