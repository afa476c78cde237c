"""Webhooks from the socket of a person in a call to the books of a receiver in trouble."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.rooms.calls.people import Person, Visitors
from tests.servers.troubled_receiver import ELSEWHERE, TROUBLES
from tests.servers.vestibule import VestibuleProcess, free_port

ROOT = Path(__file__).parents[2]
ROOMS = ["is-calm", *TROUBLES]
A_MEETING = [
    *("meeting.started", "participant.joined", "participant.joined"),
    *("participant.left", "participant.left", "meeting.ended"),
]
PATIENCE_SECONDS = 100
TOLERANCE_SECONDS = 300


def verified(note: dict[str, Any], secret: str, *, now: float | None = None) -> dict[str, Any]:
    """The message, if its signature is right; ValueError if not.

    Written from the documented rule, in the manner of the `standardwebhooks` libraries: the key is
    the base64-decoded secret, signed are the timestamp, a dot and the raw body, and an old
    timestamp is refused.
    """
    headers, body = note["headers"], base64.b64decode(note["body"])
    timestamp = headers["x-webhook-timestamp"]
    if now is not None and abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise ValueError("too old, or of the future")
    expected = hmac.digest(
        base64.b64decode(secret, validate=True), f"{timestamp}.".encode() + body, hashlib.sha256
    )
    try:
        given = base64.b64decode(headers["x-webhook-signature"], validate=True)
    except binascii.Error:
        given = b""
    if not hmac.compare_digest(expected, given):
        raise ValueError("not signed by the holder of the secret")
    message: dict[str, Any] = json.loads(body)
    return message


class Receiver:
    """The receiver's process, and what it wrote down."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.servers.troubled_receiver"),
                *(str(self.port), str(self._log)),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self._process.stdout.close()

    async def death(self) -> None:
        """Wait until it has died by itself."""
        assert self._process is not None
        await asyncio.to_thread(self._process.wait, 60)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Every request about a room, in the order in which they came."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [note for note in map(json.loads, lines) if note["room"] is not None]

    def accepted(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room that were accepted, repetitions left out."""
        messages = [
            json.loads(base64.b64decode(note["body"]))
            for note in self.notes
            if note["accepted"] and note["room"] == room
        ]
        return list({message["id"]: message for message in messages}.values())


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path / "received")
    receiver.start()
    yield receiver
    receiver.kill()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[VestibuleProcess]:
    server = VestibuleProcess(
        tmp_path / "data",
        webhook_allow_private_targets="true",
        meeting_gap_seconds="1",
        reconnect_grace_seconds="2",
    )
    server.start()
    yield server
    server.kill()


def ask(server: VestibuleProcess, method: str, path: str, body: Any = None) -> Any:
    status, answer = server.request(method, path, key=server.demo["api_key"], body=body)
    assert status == 200, answer
    return answer


async def meet(server: VestibuleProcess, visitor: Visitors, room: str) -> tuple[Person, Person]:
    """Two people in a room of this name."""
    ask(server, "POST", "/v1/rooms", {"name": room})
    ada, ben = await visitor(), await visitor()
    await ada.joins("Ada", room=room)
    await ben.joins("Ben", room=room)
    await ada.hear("participant-joined")
    return ada, ben


@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_the_order_is_kept_whatever_dies(
    server: VestibuleProcess, receiver: Receiver
) -> None:
    """The receiver has a trouble in each room and dies of one; the server is killed as well."""
    hook = ask(server, "POST", "/v1/webhooks", {"url": f"http://127.0.0.1:{receiver.port}/hook"})
    visitor = Visitors(server.port)
    meetings = {room: await meet(server, visitor, room) for room in ROOMS}
    await receiver.death()
    for _, ben in meetings.values():
        await ben.say("leave")
        await ben.closed()
    for ada, _ in meetings.values():
        await ada.hear("participant-left")
    ada, _ = meetings["is-calm"]
    await ada.say("leave")
    await ada.closed()
    server.kill()  # before it could tell, and with people in its calls who never come back
    await visitor.see_off()
    server.start()
    receiver.start()

    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(  # noqa: ASYNC110
            len(receiver.accepted(room)) == len(A_MEETING) for room in ROOMS
        ):
            await asyncio.sleep(0.2)  # another process writes the file

    for room in ROOMS:
        check_meeting(receiver.accepted(room))
    for note in receiver.notes:
        message = verified(note, hook["hmac"])
        assert verified(note, hook["hmac"], now=message["event_ts"]) == message
        with pytest.raises(ValueError, match="too old"):
            verified(note, hook["hmac"], now=message["event_ts"] + 600)
        forged = {**note, "body": base64.b64encode(b'{"type":"meeting.ended"}').decode()}
        with pytest.raises(ValueError, match="not signed"):
            verified(forged, hook["hmac"])
    troubled = {note["room"] for note in receiver.notes if not note["accepted"]}
    assert troubled == set(TROUBLES)
    assert ELSEWHERE not in {note["path"] for note in receiver.notes}
    assert ask(server, "GET", "/v1/meetings?ongoing=true")["total_count"] == 0


def check_meeting(messages: list[dict[str, Any]]) -> None:
    """Everything that happened, once, in its order, about the same people and meeting."""
    assert [message["type"] for message in messages] == A_MEETING
    started, joined, joined_too, left, left_too, ended = (each["payload"] for each in messages)
    assert (joined["user_name"], joined_too["user_name"]) == ("Ada", "Ben")
    assert (left["session_id"], left_too["session_id"]) == (
        joined_too["session_id"],
        joined["session_id"],
    )
    assert left["duration"] >= 0
    assert ended["meeting_id"] == started["meeting_id"]
    assert ended["end_ts"] >= left_too["joined_at"] + left_too["duration"] - 0.001
