"""Webhooks from the command line: added, listed, changed, looked after, removed."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from vestibule.assembly import Vestibule, build
from vestibule.rooms.deliveries.commands import commands
from vestibule.rooms.outbox.service import record_event
from vestibule.rooms.webhooks.service import EndpointCheckFailed, WebhookNotFound
from vestibule.settings import Settings

UseCase = Callable[[Any], Awaitable[Any]]


class Receiver(ThreadingHTTPServer):
    """Answers every message with its present `status`."""

    status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answer(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=receiver.serve_forever, args=(0.05,))
    thread.start()
    yield receiver
    receiver.shutdown()
    thread.join()
    receiver.server_close()


@pytest.fixture
def on(database_url: str, tmp_path: Path) -> Callable[[str], Any]:
    """Runs use cases of a part of the installation, each on one of its own as the commands do."""
    settings = Settings(
        database_url=database_url, data=tmp_path, webhook_allow_private_targets=True
    )

    def on(part: str) -> Callable[[Path | None, UseCase], Any]:
        def run(_data: Path | None, use_case: UseCase) -> Any:
            async def use() -> Any:
                vestibule = build(settings)
                try:
                    return await use_case(attrgetter(part)(vestibule) if part else vestibule)
                finally:
                    await vestibule.stop()

            return asyncio.run(use())

        return run

    return on


def test_a_webhook_is_looked_after_from_the_command_line(
    on: Callable[[str], Any], receiver: Receiver
) -> None:
    domain = on("rooms.domains")(None, lambda domains: domains.primary())

    def webhooks(*arguments: str) -> Result:
        made = commands(
            on("rooms.webhooks"), on("rooms.deliveries"), lambda _data, _name: domain.id
        )
        return CliRunner().invoke(made, arguments)

    async def something_happens(vestibule: Vestibule) -> None:
        await vestibule.shared.database.write(
            lambda tx: record_event(
                tx,
                domain_id=domain.id,
                room_id="ward",
                room_name="ward-1",
                type="meeting.ended",
                payload={"room": "ward-1"},
            )
        )
        await deliver(vestibule)

    async def deliver(vestibule: Vestibule) -> None:
        while await vestibule.rooms.deliveries.step():
            await vestibule.rooms.deliveries.settled()

    receiver.status = 404
    assert isinstance(webhooks("create", receiver.url).exception, EndpointCheckFailed)
    receiver.status = 200
    made = webhooks("create", receiver.url, "--event", "meeting.ended").output.strip()
    uuid, secret = made.split("\t")
    shown = webhooks("list").output
    assert shown == f"{uuid}\tACTIVE\t0\tpersistent\t{receiver.url}\n"
    [listed] = [json.loads(line) for line in webhooks("list", "--json").output.splitlines()]
    assert (listed["hmac"], listed["eventTypes"]) == (secret, ["meeting.ended"])

    changed = webhooks("update", uuid, "--retry-type", "circuit-breaker").output
    assert changed.split("\t")[3] == "circuit-breaker"
    receiver.status = 500
    on("")(None, something_happens)
    [line] = webhooks("deliveries", uuid, "--state", "quarantined").output.splitlines()
    number, _at, state, what, room, _why = line.split("\t")
    assert (state, what, room) == ("quarantined", "meeting.ended", "ward-1")

    receiver.status = 200
    assert "sent again" in webhooks("replay", uuid, number).output
    on("")(None, deliver)
    [sent] = [json.loads(row) for row in webhooks("deliveries", uuid, "--json").output.splitlines()]
    assert (sent["state"], sent["replayed"]) == ("delivered", True)

    assert webhooks("delete", uuid).exit_code == 0
    assert webhooks("list").output == ""
    for gone in (("delete", uuid), ("update", "nonsense"), ("deliveries", "nonsense")):
        assert isinstance(webhooks(*gone).exception, WebhookNotFound)


def test_each_command_says_how_it_is_used(on: Callable[[str], Any]) -> None:
    made = commands(on(""), on(""), lambda _data, _name: "")
    for command in ("create", "update", "deliveries", "replay"):
        assert "Example:" in CliRunner().invoke(made, [command, "--help"]).output
