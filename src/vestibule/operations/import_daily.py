"""`vestibule import daily`: copies the rooms of a Daily account, which stays as it is."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import httpx2
import typer
from pydantic import ValidationError

from vestibule.assembly import Vestibule, build
from vestibule.foundation.clock import unix_seconds
from vestibule.foundation.errors import Invalid, NotFound, Unavailable, VestibuleError
from vestibule.foundation.validation import describe_validation
from vestibule.operations.configuration import AsJson, read_settings
from vestibule.operations.progress import bar
from vestibule.rooms.definitions.schemas import RoomRequest

PAGE: Final = 100
TRIES: Final = 8
LONGEST_PAUSE_SECONDS: Final = 30.0

Outcome = Literal["copied", "there already", "over", "refused"]


class DailyRooms:
    """Reads rooms over Daily's API, at the pace that it allows."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        """`http` has the base URL and the key."""
        self._http = http

    async def all(self, advance: Callable[[str, int], None]) -> list[dict[str, Any]]:
        """Every room, the oldest first. Unavailable if it does not answer, Invalid for the key."""
        found: list[dict[str, Any]] = []
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = await self._get("/rooms", {"limit": str(PAGE), **after})
            found += page
            advance("reading", len(page))
            if len(page) < PAGE:
                return found[::-1]

    async def count(self) -> int:
        """How many there are."""
        answer = await self._ask("/rooms", {"limit": "1"})
        return int(answer["total_count"])

    async def _get(self, path: str, query: dict[str, str]) -> list[dict[str, Any]]:
        page: list[dict[str, Any]] = (await self._ask(path, query))["data"]
        return page

    async def _ask(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        why = ""
        for tried in range(TRIES):
            wait = min(2.0**tried / 4, LONGEST_PAUSE_SECONDS)
            try:
                answer = await self._http.get(path, params=query)
            except httpx2.TransportError as error:
                why = type(error).__name__
            else:
                if answer.status_code in (401, 403):
                    raise Invalid("this API key is not taken; nothing was copied")
                if answer.status_code == 200:
                    return _read(answer)
                why = f"status {answer.status_code}"
                if answer.status_code != 429 and answer.status_code < 500:
                    break
                said = answer.headers.get("retry-after", "")
                wait = float(said) if said.isdigit() else wait
            await asyncio.sleep(wait)
        raise Unavailable(f"{self._http.base_url} does not list its rooms ({why}); run this again")


def _read(answer: httpx2.Response) -> dict[str, Any]:
    try:
        read = answer.json()
        if isinstance(read["data"], list):
            return dict(read)
    except (ValueError, KeyError, TypeError):
        pass
    raise Unavailable("what answers there is not Daily's API; see --base-url")


async def copy_room(
    vestibule: Vestibule, domain_id: str, room: dict[str, Any], *, dry_run: bool
) -> tuple[Outcome, str]:
    """Make this room here unless one of its name is there; what came of it, and why."""
    name, config = room["name"], room.get("config") or {}
    now = unix_seconds(vestibule.shared.clock.now())
    if (config.get("exp") or now + 1) <= now:
        return "over", ""
    definitions = vestibule.rooms.definitions
    try:
        try:
            await definitions.get(domain_id, name)
        except NotFound:
            asked = {"name": name, "privacy": room["privacy"], "properties": config}
            wanted = RoomRequest.model_validate(asked)
        else:
            return "there already", ""
        if not dry_run:
            await definitions.create(
                domain_id, name=wanted.name, privacy=wanted.privacy, properties=wanted.said
            )
    except ValidationError as error:
        return "refused", describe_validation(error.errors()[0])
    except VestibuleError as error:
        return "refused", error.info
    return "copied", ""


async def run_import(
    vestibule: Vestibule, http: httpx2.AsyncClient, domain: str | None, *, dry_run: bool
) -> tuple[Counter[str], dict[str, str]]:
    """Copy every room; how many came to which outcome, and why some were refused, by name."""
    domains = vestibule.rooms.domains
    into = await (domains.find(domain) if domain else domains.primary())
    if into is None:
        raise Invalid(f"there is no domain named {domain}")
    rooms = DailyRooms(http)
    outcomes, refused = Counter[str](), dict[str, str]()
    with bar("import", 2 * await rooms.count()) as advance:
        for room in await rooms.all(advance):
            outcome, why = await copy_room(vestibule, into.id, room, dry_run=dry_run)
            outcomes[outcome] += 1
            refused |= {room["name"]: why} if why else {}
            advance("copying", 1)
    return outcomes, refused


def read_key() -> str:
    """The customer's own key: asked for, or from standard input; never on the command line."""
    if sys.stdin.isatty():
        key: str = typer.prompt("Daily's API key", hide_input=True)
    else:
        key = sys.stdin.readline()
    if not key.strip():
        raise Invalid("no API key was given; nothing was copied")
    return key.strip()


def commands() -> typer.Typer:
    """`vestibule import …`."""
    imports = typer.Typer(help="Bring what is elsewhere.", no_args_is_help=True)

    @imports.callback()
    def group() -> None:
        """Keeps `daily` a command of its own while it is the only one."""

    imports.command("daily")(daily)
    return imports


def daily(
    *,
    base_url: Annotated[str, typer.Option(help="Where the API is.")] = "https://api.daily.co/v1",
    domain: Annotated[
        str | None, typer.Option(help="Name of the domain to copy into. [default: the primary one]")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and do nothing.")] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of the database and keys.")] = None,
    as_json: AsJson = False,
) -> None:
    """Copy the rooms of a Daily account. Its API key is asked for, or read from standard input.

    Rooms that are here already stay as they are, so it can be run again after an interruption.
    Exit code 1 if a room could not be copied.
    """
    settings, key = read_settings(data=data), read_key()

    async def run() -> tuple[Counter[str], dict[str, str]]:
        vestibule = build(settings)
        headers = {"Authorization": f"Bearer {key}"}
        try:
            async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=30) as http:
                return await run_import(vestibule, http, domain, dry_run=dry_run)
        finally:
            await vestibule.stop()

    outcomes, refused = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps({"dry_run": dry_run, "rooms": outcomes, "refused": refused}))
    else:
        for outcome, number in outcomes.items():
            would = "would be " if dry_run and outcome == "copied" else ""
            typer.echo(f"{number:6} {would}{outcome}")
        for name, why in refused.items():
            typer.echo(f"refused: {name}: {why}")
    raise typer.Exit(1 if refused else 0)
