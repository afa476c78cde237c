"""Backups made while the clinic works, restored onto either engine; and what is no backup."""

import asyncio
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.integration.operations.conftest import OpenClinic
from tests.servers.command_line import vestibule
from tests.servers.postgresql import PostgreSQL
from vestibule.accounts.users.service import UserService
from vestibule.assembly import build
from vestibule.foundation.clock import SystemClock
from vestibule.foundation.database import Database
from vestibule.foundation.errors import VestibuleError
from vestibule.foundation.ids import SystemIds
from vestibule.migrations import upgrade
from vestibule.operations import keeping
from vestibule.operations.archive import BadBackup, unpack, write_backup
from vestibule.operations.copying import NotCopied, copy, counts, snapshot
from vestibule.operations.keeping import put_in_place
from vestibule.server import CannotStart, own_folder
from vestibule.settings import Settings

pytestmark = pytest.mark.timeout(240)


def quietly(_part: str, _by: int) -> None:
    """No bar."""


async def work_on(clinic: OpenClinic, done: asyncio.Event) -> list[str]:
    """Make one room after the other until told to stop; their names."""
    domain = await clinic.vestibule.rooms.domains.primary()
    names = []
    while not done.is_set():
        room = await clinic.vestibule.rooms.definitions.create(domain.id)
        names.append(room.name)
    return names


def names_in(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


async def test_a_backup_of_a_working_clinic_is_restored_onto_the_other_engine(
    clinic: OpenClinic, other_engine: str | None, tmp_path: Path
) -> None:
    track = clinic.settings.data / "recordings" / "one" / "a.track"
    track.parent.mkdir(parents=True)
    track.write_bytes(bytes(range(256)) * 5000)
    file, done = tmp_path / "one.backup", asyncio.Event()
    working = asyncio.create_task(work_on(clinic, done))
    manifest = await asyncio.to_thread(
        write_backup, clinic.settings.database, clinic.settings.data, file, quietly
    )
    done.set()
    made = await working
    assert made, "the clinic went on working"
    assert names_in(tmp_path, "*one.backup*") == [file.name]
    assert file.stat().st_mode & 0o077 == 0

    elsewhere = Settings(data=tmp_path / "elsewhere", database_url=other_engine)
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    assert await asyncio.to_thread(unpack, file, unpacked, quietly) == manifest
    await asyncio.to_thread(put_in_place, unpacked, elsewhere)

    restored = build(elsewhere)
    domain = await restored.rooms.domains.primary()
    key = await restored.rooms.domains.reveal_key(domain.id, "demonstration")
    assert key == clinic.demo.api_key, "the master key came too"
    with snapshot(elsewhere.database) as connection:
        rows = counts(connection)
        counted = connection.execute(text("SELECT sum(available) FROM room_counts")).scalar_one()
    assert rows == {name: content.rows for name, content in manifest.tables.items()}
    assert rows["rooms"] == counted, "the rooms and their count are of one moment"
    assert 1 <= rows["rooms"] <= len(made) + 1
    assert (elsewhere.data / "recordings/one/a.track").read_bytes() == track.read_bytes()
    booked = await restored.appointments.lifecycle.get(1, clinic.demo.appointment_id)
    assert restored.appointments.join_links.links(booked).patient == clinic.demo.patient_url
    await restored.rooms.definitions.create(domain.id, name="life-goes-on")
    await restored.stop()


@pytest.fixture
def backup(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A small backup."""
    data = tmp_path / "small"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "vestibule.sqlite3")
    (data / "master.key").write_text(f"k1:{'A' * 43}=\n")
    file = tmp_path / "small.backup"
    write_backup(f"sqlite:///{data / 'vestibule.sqlite3'}", data, file, quietly)
    return file


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_end(content: bytes) -> bytes:
    """As when the disk was full before the manifest was written."""
    return content[: content.index(b"manifest.json")]


def with_another_key(content: bytes) -> bytes:
    return content.replace(b"k1:AAAA", b"k1:BBBB")


def with_a_row_more(content: bytes) -> bytes:
    return content.replace(b'"rows": 0', b'"rows": 1', 1)


def of_a_newer_version(content: bytes) -> bytes:
    return content.replace(b'"format": 1', b'"format": 9')


def out_of_its_folder(_content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    return made.getvalue()


def something_else(_content: bytes) -> bytes:
    return b"nothing of ours" * 1000


@pytest.mark.parametrize(
    "harm",
    [
        *(cut, without_end, with_another_key, with_a_row_more),
        *(of_a_newer_version, out_of_its_folder, something_else),
    ],
)
def test_what_is_no_whole_backup_is_refused(
    backup: Path, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    unpack(backup, folder, quietly)
    shutil.rmtree(folder)
    folder.mkdir()
    before = backup.read_bytes()
    backup.write_bytes(harm(before))
    assert backup.read_bytes() != before
    with pytest.raises((BadBackup, NotCopied)):
        unpack(backup, folder, quietly)
    assert not (tmp_path / "escaped").exists()


def test_the_commands_back_up_prove_and_restore_and_never_write_over_anything(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, target = tmp_path / "small", tmp_path / "new" / "place"
    with pytest.raises(NotCopied, match="is there already"):
        keeping.backup(backup, data=data)
    keeping.backup(tmp_path / "two.backup", data=data, as_json=True)
    assert json.loads(capsys.readouterr().out)["files"] == 2
    keeping.restore(backup, check=True)
    assert "is whole" in capsys.readouterr().out
    with pytest.raises(NotCopied, match="is not empty"):
        keeping.restore(backup, data=data)
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(cut(backup.read_bytes()))
    with pytest.raises(BadBackup, match="cut off"):
        keeping.restore(damaged, data=target)
    assert list(target.parent.iterdir()) == []
    keeping.restore(backup, data=target)
    assert {path.name for path in target.iterdir()} >= {"vestibule.sqlite3", "master.key"}


async def test_a_move_to_postgresql_copies_all_and_numbers_go_on_where_they_were(
    tmp_path: Path, postgresql: PostgreSQL
) -> None:
    clock, ids, data = SystemClock(), SystemIds(), tmp_path / "data"
    data.mkdir()
    old = f"sqlite:///{data / 'vestibule.sqlite3'}"
    upgrade(old)
    database = Database(old, clock)
    settings = Settings(data=data)
    before = build(settings)
    organizations = [await before.appointments.organizations.create(name=n) for n in "abc"]
    users = UserService(database=database, ids=ids)
    await users.create("ada@clinic.example", "Ada Șerban 🩺", "correct horse battery")
    database.write_now(
        lambda tx: tx.run(text("DELETE FROM organizations WHERE id = :id"), {"id": 3})
    )
    database.close()
    await before.stop()

    new = postgresql.url(postgresql.create_database())
    moved = await asyncio.to_thread(
        lambda: vestibule("move", "--to", new, "--json", "--data", str(data))
    )
    assert moved.returncode == 0, moved.stderr
    assert json.loads(moved.stdout)["tables"]["organizations"] == 2
    after = build(Settings(data=data, database_url=new))
    assert (await after.shared.users.find_by_email("ada@clinic.example")).name == "Ada Șerban 🩺"
    next_one = await after.appointments.organizations.create(name="d")
    assert next_one.id == organizations[-1].id + 1, "no number is given twice"
    await after.stop()

    with pytest.raises(NotCopied, match="the target is not empty"):
        await asyncio.to_thread(lambda: keeping.move(new, data=data))
    with own_folder(data), pytest.raises(CannotStart, match="already uses the folder"):
        await asyncio.to_thread(lambda: keeping.move(new, data=data))


def test_a_copy_that_differs_is_noticed_and_taken_back(
    backup: Path, tmp_path: Path, migrated_sqlite: Path
) -> None:
    source, target = tmp_path / "source.sqlite3", tmp_path / "target.sqlite3"
    for file in (source, target):
        shutil.copy(migrated_sqlite, file)
    engine = create_engine(f"sqlite:///{source}")
    with engine.begin() as connection:
        connection.execute(text(INSERT_USER))
    engine.dispose()
    harmed = create_engine(f"sqlite:///{target}")
    with harmed.begin() as connection:
        connection.execute(text(CHANGE_USER))
    with (
        snapshot(f"sqlite:///{source}") as connection,
        pytest.raises(NotCopied, match="differs from its source in users"),
    ):
        copy(connection, f"sqlite:///{target}", quietly)
    with snapshot(f"sqlite:///{target}") as connection:
        assert counts(connection)["users"] == 0
    harmed.dispose()


CHANGE_USER = """
CREATE TRIGGER harm AFTER INSERT ON users
BEGIN UPDATE users SET name = 'Eve' WHERE id = NEW.id; END
"""
INSERT_USER = """
INSERT INTO users (id, email, name, password_hash, created_at)
VALUES ('u1', 'ada@clinic.example', 'Ada', 'none', '2026-01-01 00:00:00.000000')
"""


def test_a_database_of_another_version_is_not_copied(tmp_path: Path) -> None:
    file = tmp_path / "old" / "vestibule.sqlite3"
    file.parent.mkdir()
    upgrade(f"sqlite:///{file}", "0009")
    with pytest.raises(VestibuleError, match="vestibule migrate"):
        write_backup(f"sqlite:///{file}", file.parent, tmp_path / "x.backup", quietly)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
