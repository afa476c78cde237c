"""The command line."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from vestibule.foundation.errors import VestibuleError
from vestibule.operations.configuration import read_settings

app = typer.Typer(
    name="vestibule",
    help="Private video appointments on your own servers, speaking Daily's API.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
complain = Console(stderr=True, highlight=False)

Port = Annotated[
    int | None, typer.Option(help="Port to listen on; 0 takes any free one. [default: 8000]")
]
Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON for programs.")]


@app.command()
def serve(port: Port = None, data: Data = None) -> None:
    """Serve rooms, calls, appointments and the console."""
    from vestibule.running import run_server

    settings = read_settings(port=port, data=data)

    def announce(base_url: str) -> None:
        complain.print(f"Vestibule serves {base_url}  (Ctrl-C ends it)")

    run_server(settings, announce=announce)


@app.command()
def demo(
    port: Port = None,
    data: Annotated[Path, typer.Option(help="Folder of the demonstration.")] = Path("demo-data"),
    as_json: AsJson = False,
) -> None:
    """Serve a demonstration clinic with an appointment that can be joined at once."""
    from vestibule.demonstration import Demonstration, run_demonstration

    settings = read_settings(port=port, data=data, primary_domain="restartix")

    def announce(shown: Demonstration) -> None:
        if as_json:
            print(json.dumps(shown.as_json()), flush=True)  # noqa: T201
        else:
            print_demonstration(shown)

    run_demonstration(settings, announce=announce)


def print_demonstration(shown: Any) -> None:
    """What a person opens next."""
    lines = {
        "Console": shown.console_url,
        "  e-mail": shown.admin_email,
        "  password": shown.admin_password,
        "Specialist's link": shown.specialist_url,
        "Patient's link": shown.patient_url,
        "API": shown.api_url,
        "  API key": shown.api_key,
        f"  token of organization {shown.organization_id}": shown.organization_token,
    }
    out.print("[bold]Vestibule's demonstration clinic is open[/bold]\n")
    for name, value in lines.items():
        out.print(f"  {name:27} [bold]{value}[/bold]", soft_wrap=True, highlight=False)
    out.print(
        "\nOpen the specialist's link in one window and the patient's link in another, and press "
        "Join Video Call in both.\nCtrl-C ends the demonstration.",
        soft_wrap=True,
    )
    out.file.flush()


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to the newest schema ('serve' does this too)."""
    from vestibule.migrations import upgrade

    settings = read_settings(data=data)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(settings.database)
    out.print("The database has the newest schema.")


def runner(part: str) -> Callable[[Path | None, Callable[[Any], Awaitable[Any]]], Any]:
    """Runs use cases of one service on the installation in a data folder, for the slices' parts."""

    def run(data: Path | None, use_case: Callable[[Any], Awaitable[Any]]) -> Any:
        from vestibule.assembly import build

        vestibule = build(read_settings(data=data))

        async def run_and_close() -> Any:
            try:
                return await use_case(attrgetter(part)(vestibule))
            finally:
                await vestibule.stop()

        return asyncio.run(run_and_close())

    return run


def make_room_key(data: Path | None) -> str:
    """An API key of the installation's own rooms, for an organization that uses them."""

    async def create(domains: Any) -> str:
        key: str = await domains.create_key((await domains.primary()).id, "appointments")
        return key

    key: str = runner("rooms.domains")(data, create)
    return key


def require_organization(data: Path | None, number: int) -> None:
    """Fail with a sentence if there is no organization of this number."""
    runner("appointments.organizations")(data, lambda organizations: organizations.get(number))


def find_domain_id(data: Path | None, name: str | None) -> str:
    """The id of the domain of this name, or of the primary one."""

    async def find(domains: Any) -> str:
        found = await (domains.find(name) if name else domains.primary())
        if found is None:
            raise VestibuleError(f"there is no domain named {name}")
        domain_id: str = found.id
        return domain_id

    domain_id: str = runner("rooms.domains")(data, find)
    return domain_id


def mount_commands() -> None:
    """Add the parts of the command line that the slices bring."""
    from vestibule.accounts import commands as accounts
    from vestibule.appointments.audit import commands as audit
    from vestibule.appointments.organizations import commands as organizations
    from vestibule.operations import configuration, import_daily
    from vestibule.operations.doctor.commands import doctor
    from vestibule.operations.keeping import backup, move, restore
    from vestibule.operations.load.commands import load
    from vestibule.rooms.definitions import commands as definitions
    from vestibule.rooms.deliveries import commands as webhooks
    from vestibule.rooms.domains import commands as domains
    from vestibule.rooms.domains import member_commands as members
    from vestibule.rooms.recordings import commands as recordings

    recordings.add_commands(app)
    app.add_typer(configuration.commands(), name="config")
    app.add_typer(import_daily.commands(), name="import")
    for command in (doctor, backup, restore, move, load):
        app.command()(command)
    app.add_typer(accounts.commands(runner("shared.users"), require_organization), name="users")
    app.add_typer(
        organizations.commands(runner("appointments.organizations"), make_room_key),
        name="organizations",
    )
    app.add_typer(audit.commands(runner("appointments.audit")), name="audit")
    app.add_typer(domains.commands(runner("rooms.domains")), name="keys")
    app.add_typer(definitions.commands(runner("rooms.definitions"), find_domain_id), name="rooms")
    app.add_typer(
        webhooks.commands(runner("rooms.webhooks"), runner("rooms.deliveries"), find_domain_id),
        name="webhooks",
    )
    app.add_typer(
        domains.team_commands(runner("rooms.domains"), runner("rooms.teams")), name="domains"
    )
    app.add_typer(
        members.member_commands(runner("rooms.domains"), runner("rooms.teams")), name="members"
    )


def main() -> None:
    """Run the command line. A failure is one line on standard error and exit code 1."""
    os.umask(0o077)  # databases and keys are for this user alone, whatever folder they lie in
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))  # until the server takes it over
    mount_commands()
    try:
        app(standalone_mode=True)
    except VestibuleError as error:
        complain.print(f"vestibule: {error.info}", style="red", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
