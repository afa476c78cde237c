"""Sending one message to a real server that behaves well, badly, or has another address than said.

Needs no database.
"""

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.doubles.clock import FakeClock
from tests.servers.webhook_receiver import (
    WebhookReceiver,
    answer,
    answer_and_stall,
    answer_without_end,
    hang_up,
    is_signed,
    never_answer,
)
from vestibule.rooms.webhooks.model import Target
from vestibule.rooms.webhooks.sender import MAX_ANSWER_BYTES, SHOWN_CHARACTERS, Sender

SECRET = "c2VjcmV0IG9mIHRoZSBjbGluaWM="
HELLO = {"hello": "Păun", "float": 2.0}


def target(url: str, basic_auth: str | None = None) -> Target:
    return Target(url=url, hmac=SECRET, basic_auth=basic_auth)


class Names:
    """A name server that counts its look-ups and gives each answer once, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_a_message_arrives_signed_compact_and_with_its_credentials(
    receiver: WebhookReceiver, sender: Sender, clock: FakeClock
) -> None:
    result = await sender.post(target(receiver.url, "dXNlcjpwYXNz"), HELLO)
    (received,) = receiver.received
    assert (result.status, result.error, result.response) == (200, None, "ok")
    assert result.at == clock.now()
    assert received.body == '{"hello":"Păun","float":2}'.encode()
    assert received.path == "/hook?from=vestibule"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["x-webhook-timestamp"] == str(int(clock.now().timestamp()))
    assert received.headers["authorization"] == "Basic dXNlcjpwYXNz"
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert is_signed(received, SECRET)
    assert not is_signed(received, "b3RoZXI=")


async def test_a_receiver_that_says_nothing_is_left_after_the_time_limit(
    receiver: WebhookReceiver, clock: FakeClock
) -> None:
    receiver.behave = lambda _received: never_answer
    impatient = Sender(clock=clock, allow_private_targets=True, timeout_seconds=0.2)
    result = await impatient.post(target(receiver.url), HELLO)
    assert (result.status, result.error) == (None, "no answer within 0.2 seconds")


async def test_a_receiver_that_dies_while_answering_is_a_failure_with_a_reason(
    receiver: WebhookReceiver, sender: Sender
) -> None:
    receiver.behave = lambda _received: hang_up
    result = await sender.post(target(receiver.url), HELLO)
    assert result.status is None
    assert result.error


async def test_a_receiver_that_is_down_is_a_failure_with_a_reason(
    receiver: WebhookReceiver, sender: Sender
) -> None:
    await receiver.stop()
    result = await sender.post(target(receiver.url), HELLO)
    await receiver.start()
    assert result.status is None
    assert "no connection" in (result.error or "")


async def test_a_host_that_does_not_exist_is_a_failure_with_a_reason(clock: FakeClock) -> None:
    patient = Sender(clock=clock, allow_private_targets=True, timeout_seconds=60)
    result = await patient.post(target("http://nowhere.invalid/"), HELLO)
    assert result.status is None
    assert result.error == "the host name nowhere.invalid cannot be looked up"


async def test_a_redirect_is_not_followed(
    receiver: WebhookReceiver, elsewhere: WebhookReceiver, sender: Sender
) -> None:
    receiver.behave = lambda _received: answer(302, Location=elsewhere.url)
    result = await sender.post(target(receiver.url), HELLO)
    assert result.status == 302
    assert elsewhere.received == []


async def test_an_endless_answer_is_cut_off(receiver: WebhookReceiver, clock: FakeClock) -> None:
    """The time limit is far away here: only the limit on bytes can end it."""
    receiver.behave = lambda _received: answer_without_end
    sender = Sender(clock=clock, allow_private_targets=True, timeout_seconds=50)
    result = await sender.post(target(receiver.url), HELLO)
    assert result.status == 200
    assert result.response == "x" * SHOWN_CHARACTERS
    assert MAX_ANSWER_BYTES == 64 * 1024


async def test_an_answer_whose_body_never_comes_counts_by_its_status(
    receiver: WebhookReceiver, clock: FakeClock
) -> None:
    receiver.behave = lambda _received: answer_and_stall
    sender = Sender(clock=clock, allow_private_targets=True, timeout_seconds=2)
    result = await sender.post(target(receiver.url), HELLO)
    assert (result.status, result.error) == (200, None)


async def test_an_answer_that_is_no_text_is_shown_as_far_as_it_can_be(
    receiver: WebhookReceiver, sender: Sender
) -> None:
    receiver.behave = lambda _received: answer(500, b"\xff\x00broken")
    result = await sender.post(target(receiver.url), HELLO)
    assert result.response == "\ufffd\ufffdbroken"


@pytest.mark.parametrize(
    ("status", "wish", "seconds"),
    [
        (429, "120", 120),
        (503, "0", 0),
        (429, "Sat, 21 Nov 2026 10:01:30 GMT", 90),
        (429, "Sat, 21 Nov 2026 09:00:00 GMT", 0),
        (429, "soon", None),
        (429, "-5", None),
        (429, "\u0663", None),
        (200, "120", None),
        (500, "120", None),
    ],
)
async def test_a_wish_to_be_left_alone_is_understood_in_seconds_and_as_a_date(
    receiver: WebhookReceiver, sender: Sender, status: int, wish: str, seconds: float | None
) -> None:
    receiver.behave = lambda _received: answer(status, Retry_After=wish)
    result = await sender.post(target(receiver.url), HELLO)
    assert (result.status, result.wait_seconds) == (status, seconds)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"],
)
async def test_every_spelling_of_this_machine_is_refused(
    receiver: WebhookReceiver, clock: FakeClock, host: str
) -> None:
    careful = Sender(clock=clock)
    result = await careful.post(target(f"http://{host}:{receiver.port}/"), HELLO)
    assert result.status is None
    assert "is not on the public internet" in (result.error or "")
    assert receiver.received == []


async def test_a_name_with_one_private_address_among_public_ones_is_refused(
    receiver: WebhookReceiver, clock: FakeClock
) -> None:
    names = Names(["93.184.216.34", "127.0.0.1"])
    careful = Sender(clock=clock, resolve=names)
    result = await careful.post(target(f"http://clinic.example:{receiver.port}/"), HELLO)
    assert "is not on the public internet" in (result.error or "")
    assert receiver.received == []


async def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_led(
    receiver: WebhookReceiver, clock: FakeClock
) -> None:
    """A second look-up would lead to an address at which nobody listens."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    sender = Sender(clock=clock, allow_private_targets=True, resolve=names)
    result = await sender.post(target(f"http://clinic.example:{receiver.port}/hook"), HELLO)
    assert result.status == 200
    assert names.asked == [("clinic.example", receiver.port)]
    assert receiver.received[0].headers["host"] == f"clinic.example:{receiver.port}"


async def test_when_the_first_address_is_dead_the_next_one_is_tried(
    receiver: WebhookReceiver, clock: FakeClock
) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])
    sender = Sender(clock=clock, allow_private_targets=True, resolve=names)
    result = await sender.post(target(f"http://clinic.example:{receiver.port}/"), HELLO)
    assert result.status == 200
    assert len(receiver.received) == 1


async def test_a_proxy_of_the_environment_is_not_used(
    receiver: WebhookReceiver,
    elsewhere: WebhookReceiver,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{elsewhere.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    await Sender(clock=clock, allow_private_targets=True).post(target(receiver.url), HELLO)
    assert len(receiver.received) == 1
    assert elsewhere.received == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for clinic.example, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "clinic.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("clinic.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "clinic.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
async def secure_receiver(certificate: Path) -> AsyncIterator[WebhookReceiver]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    receiver = WebhookReceiver(tls=tls)
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.mark.parametrize(
    ("host", "arrives"), [("clinic.example", True), ("other.example", False), ("127.0.0.1", False)]
)
async def test_a_certificate_must_be_of_the_name_that_was_asked_for(
    secure_receiver: WebhookReceiver, certificate: Path, host: str, *, arrives: bool
) -> None:
    sender = Sender(
        clock=FakeClock(),
        allow_private_targets=True,
        resolve=Names(["127.0.0.1"]),
        tls=ssl.create_default_context(cafile=str(certificate)),
    )
    result = await sender.post(target(f"https://{host}:{secure_receiver.port}/"), HELLO)
    assert (result.status == 200) is arrives
    assert len(secure_receiver.received) == arrives
    assert arrives or "CERTIFICATE_VERIFY_FAILED" in (result.error or "")


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    secure_receiver: WebhookReceiver,
) -> None:
    sender = Sender(clock=FakeClock(), allow_private_targets=True, resolve=Names(["127.0.0.1"]))
    result = await sender.post(target(f"https://clinic.example:{secure_receiver.port}/"), HELLO)
    assert "CERTIFICATE_VERIFY_FAILED" in (result.error or "")
    assert secure_receiver.received == []
