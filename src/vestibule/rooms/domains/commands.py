"""The command line for the domains of rooms and their API keys."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from vestibule.foundation.errors import NotFound
from vestibule.rooms.domains.service import DomainService

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
Run = Callable[[Path | None, Callable[[DomainService], Awaitable[Any]]], Any]


def commands(run: Run) -> typer.Typer:
    """`vestibule keys …`; `run` runs a use case on the installation in a data folder."""
    keys = typer.Typer(help="API keys of the Rooms API.", no_args_is_help=True)

    @keys.command()
    def create(
        label: Annotated[str, typer.Option(help="What the key is for.")],
        domain: Annotated[
            str | None, typer.Option(help="Name of the domain. [default: the primary one]")
        ] = None,
        data: Data = None,
    ) -> None:
        """Make an API key. It is printed this once, alone on standard output."""

        async def find_and_create(domains: DomainService) -> str:
            found = await (domains.find(domain) if domain else domains.primary())
            if found is None:
                raise NotFound(f"there is no domain named {domain}")
            return await domains.create_key(found.id, label)

        typer.echo(run(data, find_and_create))

    return keys
