"""The command line for the domains of rooms and their API keys."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from vestibule.foundation.errors import NotFound
from vestibule.rooms.domains.model import ApiKey, Domain
from vestibule.rooms.domains.service import DomainService

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
DomainName = Annotated[
    str | None, typer.Option("--domain", help="Name of the domain. [default: the primary one]")
]
Run = Callable[[Path | None, Callable[[DomainService], Awaitable[Any]]], Any]


def commands(run: Run) -> typer.Typer:
    """`vestibule keys …`; `run` runs a use case on the installation in a data folder."""
    keys = typer.Typer(help="API keys of the Rooms API.", no_args_is_help=True)

    @keys.command()
    def create(
        label: Annotated[str, typer.Option(help="What the key is for.")],
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Make an API key. It is printed this once, alone on standard output."""
        typer.echo(run(data, of_domain(domain, lambda all_, own: all_.create_key(own.id, label))))

    @keys.command("list")
    def show(domain: DomainName = None, data: Data = None) -> None:
        """List the API keys by id, newest first; never the keys themselves."""
        for key in run(data, of_domain(domain, lambda all_, own: all_.api_keys(own.id))):
            typer.echo("\t".join((key.id, f"{key.created_at:%Y-%m-%d}", state(key), key.label)))

    @keys.command()
    def revoke(
        key_id: Annotated[str, typer.Argument(help="The id that 'keys list' shows.")],
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """End an API key, and every meeting token that was signed with it.

        A running server stops taking it within 5 seconds.
        """
        run(data, of_domain(domain, lambda all_, own: all_.revoke_key(own.id, key_id)))

    return keys


def of_domain(
    name: str | None, use_case: Callable[[DomainService, Domain], Awaitable[Any]]
) -> Callable[[DomainService], Awaitable[Any]]:
    """The use case for the domain of this name, or for the primary one."""

    async def find_and_use(domains: DomainService) -> Any:
        found = await (domains.find(name) if name else domains.primary())
        if found is None:
            raise NotFound(f"there is no domain named {name}")
        return await use_case(domains, found)

    return find_and_use


def state(key: ApiKey) -> str:
    """Whether a key works, for a person."""
    return "active" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d}"
