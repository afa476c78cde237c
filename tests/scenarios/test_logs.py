"""Every line of the log, after canaries were planted wherever people and programs write."""

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.servers.vestibule import VestibuleProcess, free_port

CANARY = "canary"
HOME = "/v1/organizations/1"
PERSON = {"name": "Canary Șerban", "email": "canary@home.example"}
PATIENCE_SECONDS = 60


def say(server: VestibuleProcess, room: str, token: str) -> None:
    """Enter with a telling name, write in the chat, and say something that is no message."""
    with connect(f"ws://127.0.0.1:{server.port}/signalling") as socket:
        hello = {"type": "hello", "versions": [1], "room": room, "token": token}
        join = {"type": "join", "user_name": "Canary", "media": {"audio": False, "video": False}}
        chat = {"type": "app-message", "data": {"chat": "canary of the chat"}, "to": None}
        for message, answer in ((hello, "welcome"), (join, "joined")):
            socket.send(json.dumps(message))
            while json.loads(socket.recv(PATIENCE_SECONDS))["type"] != answer:
                pass
        socket.send(json.dumps(chat))
        socket.send(json.dumps({"type": "canary", "canary": "canary"}))
        with contextlib.suppress(ConnectionClosedError):
            while True:
                socket.recv(PATIENCE_SECONDS)


def ask(server: VestibuleProcess, path: str, body: dict[str, Any], key: str, **more: str) -> int:
    status, _ = server.request("POST", path, key=key, body=body, headers=more)
    return status


def plant(server: VestibuleProcess) -> list[str]:
    """Write canaries wherever something can be written; the secrets of the clinic besides."""
    demo = server.demo
    key, token = demo["api_key"], demo["organization_token"]
    assert ask(server, f"{HOME}/patients", PERSON, token) == 200
    assert ask(server, f"{HOME}/patients", {"name": ["canary"]}, token) == 400
    assert ask(server, "/v1/rooms", {"name": "open-room"}, key) == 200
    properties = {"room_name": "open-room", "user_name": "Canary", "user_id": "canary"}
    body = {"properties": properties}
    inside = server.request("POST", "/v1/meeting-tokens", key=key, body=body)[1]["token"]
    server.request("GET", f"/v1/meeting-tokens/{inside}?canary=canary", key=key)
    say(server, "open-room", inside)
    assert ask(server, "/v1/rooms", {"name": "x"}, "canary-key") == 401
    dead = {"url": f"http://canary:canary@127.0.0.1:{free_port()}/canary?secret=canary"}
    ask(server, "/v1/webhooks", dead, key)
    ask(server, "/v1/errors/report", {"error_type": "canary", "message": "canary"}, "canary")
    for address in (demo["patient_url"], f"{demo['base_url']}/a/canary?t=canary"):
        with contextlib.suppress(URLError):
            urlopen(address, timeout=30).close()
    link = demo["patient_url"].rsplit("/", 1)[1]
    return [CANARY, "Șerban", key, token, inside, link, demo["admin"]["password"]]


def break_database(server: VestibuleProcess) -> None:
    """Let the next patient and the next room fail in the midst of their statements."""
    with sqlite3.connect(server.data / "vestibule.sqlite3") as database:
        for table in ("people", "rooms"):
            database.execute(
                f"CREATE TRIGGER harm_{table} BEFORE INSERT ON {table} "
                "BEGIN INSERT INTO gone VALUES (1); END"
            )
    database.close()


@pytest.mark.timeout(240)
def test_nothing_that_people_or_programs_write_reaches_the_log_even_when_all_fails(
    tmp_path: Path,
) -> None:
    server = VestibuleProcess(
        tmp_path / "clinic",
        log_level="debug",
        log_json="true",
        webhook_allow_private_targets="true",
        mail_host="127.0.0.1",
        mail_port=str(free_port()),
        mail_from="canary@clinic.example",
    )
    demo = server.start()
    secrets = plant(server)
    break_database(server)
    traced = {"X-Request-Id": "of-a-customer.0123456789"}
    token, key = demo["organization_token"], demo["api_key"]
    assert ask(server, f"{HOME}/patients", PERSON, token, **traced) == 500
    assert ask(server, "/v1/rooms", {"name": "canary-two"}, key, **traced) == 500
    server.stop()

    lines = server.log.read_text().splitlines()
    found = [line for line in lines for secret in secrets if secret.lower() in line.lower()]
    assert found == []
    told = [json.loads(line) for line in lines]
    failures = [line["exception"] for line in told if "exception" in line]
    assert any("OperationalError" in failure for failure in failures), lines
    assert all(".py:" in failure for failure in failures), "and where"
    requests = [line for line in told if line.get("request_id") == traced["X-Request-Id"]]
    assert {line["status"] for line in requests if "status" in line} == {500}
