"""The doctor, with every part well, and with each part broken."""

import asyncio
import base64
import json
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.servers.certificates import write_certificate
from tests.servers.command_line import vestibule
from tests.servers.coturn import Coturn
from tests.servers.janus import Janus
from tests.servers.mail_server import running_mail_server
from tests.servers.vestibule import VestibuleProcess, free_port
from tests.servers.webhook_receiver import WebhookReceiver
from vestibule.operations.doctor.commands import findings
from vestibule.operations.doctor.headless_call import check_call
from vestibule.operations.doctor.media_server import check_media_servers
from vestibule.operations.doctor.model import Finding
from vestibule.operations.doctor.reaching import check_address, check_mail, check_turn
from vestibule.operations.doctor.several import check_redis
from vestibule.settings import IceServer, Settings

pytestmark = [pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(
        tmp_path_factory.mktemp("doctor") / "clinic", webhook_allow_private_targets="true"
    )
    process.start()
    process.data.chmod(0o700)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Coturn, Path]]:
    certificate, key = write_certificate(tmp_path_factory.mktemp("turn"))
    running = Coturn(certificate=(certificate, key))
    running.start()
    yield running, certificate
    running.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[WebhookReceiver]:
    running = WebhookReceiver()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="module")
def janus() -> Iterator[Janus]:
    running = Janus()
    running.start()
    yield running
    running.stop()


def ice_server(turn: Coturn, password: str | None = None) -> dict[str, Any]:
    name, right = turn.password()
    urls = [f"stun:127.0.0.1:{turn.port}", *turn.urls]
    return {"urls": urls, "username": name, "credential": password or right}


def variables(server: VestibuleProcess) -> dict[str, str]:
    return {
        "VESTIBULE_DATA": str(server.data),
        "VESTIBULE_PORT": str(server.port),
        "VESTIBULE_PRIMARY_DOMAIN": "restartix",
        "VESTIBULE_WEBHOOK_ALLOW_PRIVATE_TARGETS": "true",
    }


async def make_webhook(server: VestibuleProcess, receiver: WebhookReceiver) -> None:
    body = {"url": receiver.url}
    status, made = await asyncio.to_thread(
        server.request, "POST", "/v1/webhooks", key=server.demo["api_key"], body=body
    )
    assert status == 200, made


async def test_a_whole_installation_is_proved_part_by_part_and_a_dead_receiver_is_found(
    server: VestibuleProcess, turn: tuple[Coturn, Path], janus: Janus, receiver: WebhookReceiver
) -> None:
    await make_webhook(server, receiver)
    with running_mail_server() as mail:
        given = {
            **variables(server),
            "VESTIBULE_ICE_SERVERS": json.dumps([{"urls": [f"stun:127.0.0.1:{turn[0].port}"]}]),
            "VESTIBULE_TURN_URLS": json.dumps(turn[0].urls),
            "VESTIBULE_TURN_SECRET": turn[0].secret,
            "VESTIBULE_SFU": "janus",
            "VESTIBULE_JANUS_URLS": json.dumps([janus.url]),
            "VESTIBULE_JANUS_API_SECRET": janus.secret,
            "SSL_CERT_FILE": str(turn[1]),
            "VESTIBULE_MAIL_HOST": "127.0.0.1",
            "VESTIBULE_MAIL_PORT": str(mail.port),
            "VESTIBULE_MAIL_SECURITY": "none",
            "VESTIBULE_MAIL_FROM": "appointments@clinic.example",
        }
        result = await asyncio.to_thread(lambda: vestibule("doctor", "--json", **given))
        assert result.stdout, result.stderr
        said = json.loads(result.stdout)
        assert [found for found in said["findings"] if found["state"] == "failed"] == []
        assert (result.returncode, said["ok"]) == (0, True)
        assert [(found["name"], found["state"]) for found in said["findings"]] == [
            *(("settings", "ok"), ("folder", "ok"), ("master key", "ok")),
            *(("database", "ok"), ("migrations", "ok"), ("redis", "not set up")),
            *(("server", "ok"), ("mail", "ok")),
            *[("turn", "ok")] * 4,
            ("janus", "ok"),
            # the hook of our own appointments, and the one made here
            *(("webhooks", "ok"), ("webhooks", "ok"), ("call", "ok")),
        ]
        assert mail.taken() == [], "nobody got mail"

    await receiver.stop()
    person = await asyncio.to_thread(lambda: vestibule("doctor", **variables(server)))
    await receiver.start()
    assert person.returncode == 1
    assert "webhooks" in person.stdout
    assert "mend the receiver" in person.stdout


async def only(check: AsyncIterator[Finding]) -> Finding:
    """The one finding of a check."""
    (found,) = [finding async for finding in check]
    assert (found.fix is not None) == (found.state == "failed")
    return found


async def all_findings(data: Path) -> dict[str, Finding]:
    return {finding.name: finding async for finding in findings(data)}


async def test_what_several_processes_share_is_tried(tmp_path: Path, redis_url: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    settings = Settings(
        data=tmp_path,
        database_url="postgresql+psycopg://somewhere/vestibule",
        master_key=SecretStr(f"k:{base64.b64encode(bytes(32)).decode()}"),
        recordings=False,
        redis_url=SecretStr(redis_url),
        peer_url=dead,
    )

    redis, peers = [finding async for finding in check_redis(settings)]
    assert (redis.state, peers.state) == ("ok", "failed")
    assert "VESTIBULE_PEER_URL" in str(peers.fix)

    nobody = SecretStr(f"redis://:canary@127.0.0.1:{free_port()}")
    found = await only(check_redis(settings.model_copy(update={"redis_url": nobody})))
    assert (found.state, "VESTIBULE_REDIS_URL" in str(found.fix)) == ("failed", True)
    assert "canary" not in found.said


@pytest.mark.parametrize(
    ("answer_to", "answer", "fix"),
    [
        ("MAIL", b"550 not you", "VESTIBULE_MAIL_FROM"),
        ("AUTH", b"535 no", "VESTIBULE_MAIL_PASSWORD"),
        ("EHLO", b"", "VESTIBULE_MAIL_HOST"),
    ],
)
async def test_mail_that_would_not_go_out_is_found(
    tmp_path: Path, answer_to: str, answer: bytes, fix: str
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := (await reader.readline()).decode().upper():
            if line.startswith(answer_to):
                writer.write(answer + b"\r\n")
                break
            writer.write(b"250-here\r\n250 AUTH PLAIN\r\n" if line[0] == "E" else b"235 in\r\n")
        writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", 0)
    settings = Settings(
        data=tmp_path,
        mail_host="127.0.0.1",
        mail_port=listener.sockets[0].getsockname()[1],
        mail_security="none",
        mail_from="a@b.example",
        mail_username="a",
        mail_password="canary",  # type: ignore[arg-type]
    )
    found = await only(check_mail(settings))
    listener.close()
    assert (found.state, fix in str(found.fix)) == ("failed", True), found
    assert "canary" not in found.said


async def test_a_janus_that_is_dead_closed_or_open_to_everybody_is_found(
    tmp_path: Path, janus: Janus
) -> None:
    def settings(url: str, **secret: Any) -> Settings:
        return Settings(data=tmp_path, sfu="janus", janus_urls=[url], **secret)

    dead = f"ws://127.0.0.1:{free_port()}"
    open_ = Janus(secret="")
    open_.start()
    found = {
        "none": await only(check_media_servers(Settings(data=tmp_path))),
        "dead": await only(check_media_servers(settings(dead))),
        "closed": await only(check_media_servers(settings(janus.url, janus_api_secret="x"))),
        "open": await only(check_media_servers(settings(open_.url))),
    }
    open_.stop()
    assert {case: finding.state for case, finding in found.items()} == {
        "none": "not set up",
        **dict.fromkeys(("dead", "closed", "open"), "failed"),
    }
    assert "does not answer" in found["dead"].said
    assert "refuses us" in found["closed"].said
    assert "without a secret" in found["open"].said


async def test_a_turn_server_that_is_dead_or_knows_other_passwords_is_found_per_transport(
    tmp_path: Path, turn: tuple[Coturn, Path]
) -> None:
    wrong = IceServer(**ice_server(turn[0], password="another"))
    found = [f async for f in check_turn(Settings(data=tmp_path, ice_servers=[wrong]))]
    assert [finding.state for finding in found] == ["ok", "failed", "failed", "failed"]
    assert "credential" in str(found[1].fix)
    assert "CERT" in found[3].said.upper() or "SSL" in found[3].said.upper()
    dead = [f"turn:127.0.0.1:{free_port()}?transport={by}" for by in ("udp", "tcp")]
    silent = IceServer(urls=[*dead, "turn:"], username="me", credential="word")
    found = [f async for f in check_turn(Settings(data=tmp_path, ice_servers=[silent]))]
    assert [finding.state for finding in found] == ["failed"] * 3
    assert "firewall" in str(found[0].fix)


async def test_a_server_that_is_not_there_or_is_not_ours_is_found(tmp_path: Path) -> None:
    found = await only(check_address(Settings(data=tmp_path, port=free_port())))
    assert "vestibule serve" in str(found.fix)
    async with other_server({}) as port:
        found = await only(check_address(Settings(data=tmp_path, port=port)))
        assert "something else" in found.said
    ready = {"status": "not ready", "parts": {"database": "does not answer", "server": "ok"}}
    async with other_server(ready) as port:
        found = await only(check_address(Settings(data=tmp_path, port=port)))
        assert "database does not answer" in found.said


async def test_a_way_in_that_passes_no_web_sockets_is_found_by_the_call(
    server: VestibuleProcess,
) -> None:
    async with other_server({"parts": {"server": "ok"}}) as port:
        settings = Settings(data=server.data, port=port, primary_domain="restartix")
        assert (await only(check_address(settings))).state == "ok"
        found = await only(check_call(settings))
    assert (found.name, found.state) == ("call", "failed")
    assert "pass WebSockets" in str(found.fix)


class other_server:  # noqa: N801 - used like a function
    """A server that answers this JSON to everything."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self._body = json.dumps(answer).encode()

    async def __aenter__(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(self._body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + self._body)
        await writer.drain()
        writer.close()


def lose_key(data: Path) -> None:
    (data / "master.key").unlink()


def open_folder(data: Path) -> None:
    data.chmod(0o755)


def lose_database(data: Path) -> None:
    (data / "vestibule.sqlite3").unlink()


def damage_database(data: Path) -> None:
    file = data / "vestibule.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 4096)
    file.write_bytes(content)


def age_schema(data: Path) -> None:
    with sqlite3.connect(data / "vestibule.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.parametrize(
    ("harm", "name", "fix"),
    [
        (lose_key, "master key", "restore it from a backup"),
        (open_folder, "folder", "chmod 700"),
        (lose_database, "database", "vestibule migrate"),
        (damage_database, "database", "vestibule restore"),
        (age_schema, "migrations", "vestibule migrate"),
    ],
)
async def test_what_is_wrong_with_the_data_is_found_and_nothing_is_made_or_migrated(
    tmp_path: Path,
    migrated_sqlite: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path], None],
    name: str,
    fix: str,
) -> None:
    for variable in list(os.environ):
        if variable.startswith("VESTIBULE_"):
            monkeypatch.delenv(variable)
    monkeypatch.setenv("VESTIBULE_PORT", str(free_port()))
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, data / "vestibule.sqlite3")
    (data / "master.key").write_text(f"k1:{'A' * 43}=\n")
    harm(data)
    before = contents(data)
    found = await all_findings(data)
    assert found[name].state == "failed", found
    assert fix in str(found[name].fix)
    assert "not tried" in found["call"].said
    after = contents(data)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) <= {"vestibule.sqlite3-wal", "vestibule.sqlite3-shm"}


async def test_a_database_server_that_is_not_there_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql+psycopg://me:canary@127.0.0.1:{free_port()}/clinic"
    monkeypatch.setenv("VESTIBULE_DATABASE_URL", url)
    found = (await all_findings(tmp_path))["database"]
    assert (found.state, "psql" in str(found.fix)) == ("failed", True)
    assert "canary" not in found.said


async def test_a_wrong_setting_is_the_one_thing_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VESTIBULE_PORT", "many")
    found = await all_findings(tmp_path)
    assert list(found) == ["settings"]
    assert "port" in found["settings"].said
