"""The command line for rooms."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from vestibule.rooms.definitions.service import DefinitionService

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
Run = Callable[[Path | None, Callable[[DefinitionService], Awaitable[Any]]], Any]
DomainId = Callable[[Path | None, str | None], str]


def commands(run: Run, domain_id: DomainId) -> typer.Typer:
    """`vestibule rooms …`; `domain_id` finds the id of a domain, or of the primary one."""
    rooms = typer.Typer(help="Rooms of the Rooms API.", no_args_is_help=True)

    @rooms.callback()
    def group() -> None:
        """Keeps `limit` a command of its own while it is the only one."""

    @rooms.command()
    def limit(
        most: Annotated[
            int | None, typer.Option(min=0, help="How many. [default: what the setting says]")
        ] = None,
        domain: Annotated[
            str | None, typer.Option(help="Name of the domain. [default: the primary one]")
        ] = None,
        data: Data = None,
    ) -> None:
        """Set how many available rooms (not expired, not deleted) a domain may have."""
        limited = domain_id(data, domain)
        run(data, lambda definitions: definitions.limit_rooms(limited, most))

    return rooms
