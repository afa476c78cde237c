"""`vestibule backup`, `vestibule restore` and `vestibule move`."""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from vestibule.migrations import upgrade
from vestibule.operations.archive import DATABASE, BadBackup, Manifest, units, unpack, write_backup
from vestibule.operations.configuration import AsJson, read_settings
from vestibule.operations.copying import NotCopied, copy, counts, require_newest, snapshot
from vestibule.operations.progress import bar
from vestibule.server import own_folder
from vestibule.settings import Settings

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]


def backup(
    file: Annotated[
        Path | None, typer.Argument(help="[default: vestibule-<time>.backup here]")
    ] = None,
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Write database, keys and files into one file, while the server goes on serving.

    The file holds the master key and everything that it opens: keep it as you keep the server.
    """
    settings = read_settings(data=data)
    file = file or Path(f"vestibule-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup")
    if file.exists():
        raise NotCopied(f"{file} is there already; choose another name")
    if not settings.data.is_dir():
        raise NotCopied(f"there is no installation in {settings.data.resolve()}")
    with bar("backup", units(settings.database, settings.data)) as advance:
        manifest = write_backup(settings.database, settings.data, file, advance)
    say(manifest, f"{file} holds", as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(help="What 'vestibule backup' has written.")],
    *,
    check: Annotated[bool, typer.Option(help="Prove the backup, and change nothing.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Prove a backup, and put it where the settings say, which must be empty.

    A backup of SQLite can be restored into PostgreSQL and the other way round.
    """
    settings = read_settings(data=data)
    if check:
        with tempfile.TemporaryDirectory(prefix="vestibule-restore-") as temporary:
            manifest = proved(file, Path(temporary))
        say(manifest, f"{file} is whole: it holds", as_json=as_json)
        return
    if settings.data.exists() and any(settings.data.iterdir()):
        raise NotCopied(
            f"{settings.data.resolve()} is not empty; move it away, or choose another with --data"
        )
    settings.data.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".restoring-", dir=settings.data.parent))
    try:
        manifest = proved(file, folder)
        put_in_place(folder, settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(manifest, "restored", as_json=as_json)


def proved(file: Path, folder: Path) -> Manifest:
    """Unpack a backup with a bar."""
    if not file.is_file():
        raise BadBackup(f"there is no file {file}")
    with bar("restore", file.stat().st_size >> 10) as advance:
        return unpack(file, folder, advance)


def put_in_place(folder: Path, settings: Settings) -> None:
    """Bring what was unpacked to the newest schema, and move it to where the settings say."""
    unpacked = folder / DATABASE
    upgrade(f"sqlite:///{unpacked}")
    ours = f"sqlite:///{settings.data.resolve() / DATABASE}"
    if settings.database != ours:
        copy_into(f"sqlite:///{unpacked}", settings.database)
        unpacked.unlink()
    if settings.data.exists():
        settings.data.rmdir()
    folder.rename(settings.data)


def copy_into(source_url: str, target_url: str) -> dict[str, int]:
    """Copy all tables with a bar, into an empty database; how many rows each has."""
    upgrade(target_url)
    with snapshot(source_url) as source:
        rows = counts(source)
        with bar("copy", 2 * sum(rows.values())) as advance:
            copy(source, target_url, advance)
    return rows


def move(
    to: Annotated[str, typer.Option(help="URL of an empty database: postgresql+psycopg://…")],
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Copy everything into another database, compare, and say which setting makes it yours.

    The server must be stopped. The old database stays as it is.
    """
    settings = read_settings(data=data)
    target = read_settings(data=data, database_url=to).database
    if target == settings.database:
        raise NotCopied("that is the database already in use")
    with own_folder(settings.data):
        require_newest(settings.database, "the database")
        rows = copy_into(settings.database, target)
    if as_json:
        typer.echo(json.dumps({"rows": sum(rows.values()), "tables": rows}))
        return
    shown = make_url(target).render_as_string(hide_password=True)
    typer.echo(f"Copied {sum(rows.values())} rows of {len(rows)} tables, and compared each.")
    typer.echo(f"Set VESTIBULE_DATABASE_URL to {shown} and start the server.")


def say(manifest: Manifest, what: str, *, as_json: bool) -> None:
    """What a backup holds."""
    rows = sum(content.rows for content in manifest.tables.values())
    if as_json:
        answer = {"made_at": manifest.made_at, "rows": rows, "files": len(manifest.files)}
        typer.echo(json.dumps(answer))
    else:
        held = f"{rows} rows and {len(manifest.files)} files of {manifest.made_at}"
        typer.echo(f"{what} {held}")
