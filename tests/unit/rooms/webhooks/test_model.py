"""What a webhook may be set to, and how its messages are written and signed."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vestibule.foundation.errors import Invalid
from vestibule.rooms.outbox.model import Event, EventType
from vestibule.rooms.webhooks.model import (
    Answer,
    RetryType,
    Webhook,
    WebhookState,
    check_basic_auth,
    check_event_types,
    check_hmac,
    check_retry_type,
    check_url,
    signature,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
EVENT = Event(
    number=1,
    id="met-sta-1",
    domain_id="d",
    room_id="r",
    room_name="room",
    sequence=1,
    type=EventType.MEETING_STARTED,
    payload={},
    created_at=NOW,
)
WEBHOOK = Webhook(
    id="w",
    domain_id="d",
    url="https://clinic.example/hook",
    hmac_sealed="",
    basic_auth_sealed=None,
    retry_type=RetryType.PERSISTENT,
    event_types=None,
    state=WebhookState.ACTIVE,
    failed_count=0,
    last_pushed_at=None,
    paused_until=None,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.mark.parametrize(
    "url",
    [
        "https://clinic.example/hook",
        "http://clinic.example",
        "HTTPS://clinic.example:8443/a/b?c=d",
        "https://xn--bcher-kva.example/",
        "http://10.0.0.1/",  # refused when it is sent to, not here
        "http://[2606:4700::1111]:80/hook",
    ],
)
def test_an_address_of_the_web_is_taken(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "clinic.example/hook",
        "//clinic.example/hook",
        "ftp://clinic.example/",
        "file:///etc/passwd",
        "gopher://clinic.example/",
        "https://",
        "https:///hook",
        "https://user@clinic.example/",
        "https://user:secret@clinic.example/",
        "https://clinic.example:99999/",
        "https://clinic.example:port/",
        "https://[::1/",
        "https://clinic.example/a b",
        "https://clinic.example/\r\nX-Evil: 1",
        "https://clinic.example/\0",
        "https://bücher.example/",
        "https://clinic.example/" + "x" * 2048,
    ],
)
def test_what_cannot_be_sent_to_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="url"):
        check_url(url)


@pytest.mark.parametrize("secret", ["c2VjcmV0", "AA==", "+/+/", "A" * 1024])
def test_a_secret_in_base64_is_taken(secret: str) -> None:
    assert check_hmac(secret) == secret


@pytest.mark.parametrize("secret", ["", "====", "c2VjcmV", "c2Vj cmV0", "séc=", "_-_-", "A" * 1028])
def test_a_secret_that_receivers_could_read_in_two_ways_is_refused(secret: str) -> None:
    with pytest.raises(Invalid, match="hmac"):
        check_hmac(secret)


@pytest.mark.parametrize("credentials", ["dXNlcjpwYXNz", "with inner space", "x"])
def test_credentials_that_fit_a_header_are_taken(credentials: str) -> None:
    assert check_basic_auth(credentials) == credentials


@pytest.mark.parametrize("credentials", ["", " ", "a\r\nX-Evil: 1", "a\n", "ü", "a\0", "A" * 1025])
def test_credentials_that_would_break_a_header_are_refused(credentials: str) -> None:
    with pytest.raises(Invalid, match="basicAuth") as error:
        check_basic_auth(credentials)
    assert "Evil" not in error.value.info


def test_event_types_keep_their_order_and_lose_their_doubles() -> None:
    names = ["participant.left", "meeting.started", "participant.left"]
    assert check_event_types(names) == (EventType.PARTICIPANT_LEFT, EventType.MEETING_STARTED)


def test_no_event_types_mean_every_type() -> None:
    assert check_event_types([]) is None


def test_an_unknown_event_type_is_named_beside_those_that_exist() -> None:
    with pytest.raises(Invalid) as error:
        check_event_types(["meeting.started", "meeting.begun"])
    assert '"eventTypes[1]" must be one of [meeting.started, ' in error.value.info
    assert '[Received "meeting.begun"]' in error.value.info


def test_an_unknown_retry_type_is_named_beside_those_that_exist() -> None:
    assert check_retry_type("exponential") is RetryType.EXPONENTIAL
    with pytest.raises(Invalid, match=r"persistent, circuit-breaker, exponential.*sometimes"):
        check_retry_type("sometimes")


def test_a_webhook_wants_the_types_it_was_given() -> None:
    chosen = replace(WEBHOOK, event_types=(EventType.PARTICIPANT_LEFT,))
    assert WEBHOOK.wants(EVENT)
    assert not chosen.wants(EVENT)
    assert chosen.wants(replace(EVENT, type=EventType.PARTICIPANT_LEFT))


def test_a_webhook_does_not_want_what_happened_before_it_was_made() -> None:
    assert not WEBHOOK.wants(replace(EVENT, created_at=NOW - timedelta(microseconds=1)))


@pytest.mark.parametrize(
    ("secret", "timestamp", "body"),
    [
        ("c2VjcmV0", "1732183200", b'{"test":"test"}'),
        (base64.b64encode(bytes(range(64))).decode(), "0", b""),
        ("AA==", "1795255200", '{"name":"Ana Păun 👩"}'.encode()),
    ],
)
def test_the_signature_is_the_documented_one(secret: str, timestamp: str, body: bytes) -> None:
    key = base64.b64decode(secret)
    expected = hmac.new(key, f"{timestamp}.".encode() + body, hashlib.sha256).digest()
    assert signature(secret, timestamp, body) == base64.b64encode(expected).decode()


def test_the_signature_agrees_with_openssl() -> None:
    """Made once with `printf '1732183200.{"test":"test"}' | openssl dgst -sha256 -hmac secret`."""
    given = signature("c2VjcmV0", "1732183200", b'{"test":"test"}')
    assert base64.b64decode(given).hex() == (
        "87814f8f11ec1635b9cb434573553afb57483ac06135cce634e653e42c89c01c"
    )


@pytest.mark.parametrize(
    ("status", "is_success"),
    [(200, True), (204, True), (301, False), (404, False), (500, False), (None, False)],
)
def test_only_an_answer_in_the_two_hundreds_is_a_success(
    status: int | None, *, is_success: bool
) -> None:
    answer = Answer(at=NOW, milliseconds=1, status=status, error=None)
    assert answer.is_success is is_success
