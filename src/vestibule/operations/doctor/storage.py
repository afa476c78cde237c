"""Checks of what keeps data: the folder, the database and its schema."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from vestibule.foundation.encryption import parse_keyring
from vestibule.migrations import revisions
from vestibule.operations.doctor.model import Finding, failed, ok, reason
from vestibule.settings import Settings

LEAST_FREE_BYTES: Final = 1 << 30


async def check_folder(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the data folder can be written, is private and has room, and its key can be read."""
    folder = settings.data.resolve()
    if not folder.is_dir():
        yield failed("folder", f"{folder} is not there", fix="run 'vestibule migrate' to make it")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield failed("folder", f"{folder} cannot be written", fix=f"chown it to {os.geteuid()}")
        return
    if folder.stat().st_mode & 0o077:
        said = f"other users of this machine can look into {folder}"
        yield failed("folder", said, fix=f"chmod 700 {folder}")
        return
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        said = f"the disk of {folder} has {free >> 20} MiB left"
        yield failed("folder", said, fix="make room; 1 GiB is the least to go on with")
        return
    yield ok("folder", f"{folder}, {free >> 30} GiB free")
    yield key_finding(settings, folder / "master.key")


def key_finding(settings: Settings, file: Path) -> Finding:
    """Whether there is a master key."""
    if settings.master_key is not None:
        return ok("master key", "from the setting")
    fix = "restore it from a backup: without it no stored secret can be opened"
    try:
        parse_keyring(file.read_text())
    except FileNotFoundError:
        if settings.database_url is None and not (file.parent / "vestibule.sqlite3").exists():
            return ok("master key", "it will be made at the first start")
        return failed("master key", f"{file} is not there", fix=fix)
    except (OSError, ValueError) as error:
        return failed("master key", f"{file} cannot be read: {reason(error)}", fix=fix)
    return ok("master key", str(file))


async def check_database(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the database answers, and has the schema of this version."""
    url = make_url(settings.database)
    shown = url.render_as_string(hide_password=True)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and not await asyncio.to_thread(Path(url.database or "").is_file):
        fix = "run 'vestibule migrate' to make it, or set VESTIBULE_DATA or VESTIBULE_DATABASE_URL"
        yield failed("database", f"{url.database} is not there", fix=fix)
        return
    try:
        said = await asyncio.to_thread(ask_database, settings.database, is_sqlite=is_sqlite)
        current, newest = await asyncio.to_thread(revisions, settings.database)
    except SQLAlchemyError as error:
        fix = (
            "the file is damaged: restore a backup with 'vestibule restore'"
            if is_sqlite
            else "start the server, or mend VESTIBULE_DATABASE_URL; try it with psql"
        )
        cause = getattr(error, "orig", None) or error
        yield failed("database", f"{shown}: {reason(cause)}", fix=fix)
        return
    yield ok("database", f"{shown}, {said}")
    if current == newest:
        yield ok("migrations", f"the schema is {newest}, the newest")
    else:
        said = f"the schema is {current or 'missing'}; this version has {newest}"
        fix = "run 'vestibule migrate', or start the server, which does it too"
        if current and current > newest:
            fix = "a newer version has run here: install that one again, or restore a backup"
        yield failed("migrations", said, fix=fix)


def ask_database(url: str, *, is_sqlite: bool) -> str:
    """What the database is; raises if it does not answer or is damaged."""
    engine = create_engine(url, connect_args={} if is_sqlite else {"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            if not is_sqlite:
                return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
            if (found := connection.scalar(text("PRAGMA quick_check(1)"))) != "ok":
                raise SQLAlchemyError(f"it is damaged: {found}")
            return f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"
    finally:
        engine.dispose()
