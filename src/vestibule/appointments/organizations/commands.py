"""The command line for organizations."""

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vestibule.appointments.organizations.service import OrganizationService
from vestibule.foundation.errors import Invalid

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
Number = Annotated[int, typer.Argument(help="The organization's number.")]
Run = Callable[[Path | None, Callable[[OrganizationService], Awaitable[Any]]], Any]


def commands(run: Run, make_room_key: Callable[[Path | None], str]) -> typer.Typer:
    """`vestibule organizations …`.

    `run` runs a use case on the installation in a data folder; `make_room_key` makes an API key of
    the installation's own rooms.
    """
    organizations = typer.Typer(
        help="Organizations: clinics, schools, practices.", no_args_is_help=True
    )

    @organizations.command()
    def create(
        name: Annotated[str, typer.Option(help="Name as patients see it.")],
        as_json: Annotated[
            bool, typer.Option("--json", help="Print one line of JSON for programs.")
        ] = False,
        data: Data = None,
    ) -> None:
        """Create an organization with rooms here; its token is printed this once."""
        room_key = make_room_key(data)

        async def create_all(service: OrganizationService) -> tuple[int, str]:
            organization = await service.create(name=name)
            await service.set_integration(organization.id, base_url=None, api_key=room_key)
            return organization.id, await service.create_token(
                organization.id, "command line", role="admin"
            )

        number, token = run(data, create_all)
        if as_json:
            typer.echo(json.dumps({"organization_id": number, "organization_token": token}))
        else:
            typer.echo(f"Organization {number}, {name}, has the token\n{token}")

    @organizations.command()
    def provider(
        organization: Number,
        base_url: Annotated[
            str, typer.Option(help="Where the Rooms API is, such as https://api.daily.co/v1.")
        ],
        data: Data = None,
    ) -> None:
        """Use another room provider. Its API key is read from standard input."""
        if sys.stdin.isatty():
            key = typer.prompt("API key of the provider", hide_input=True)
        else:
            key = sys.stdin.readline()
        if not key.strip():
            raise Invalid("no API key was given; nothing was changed")
        run(
            data,
            lambda service: service.set_integration(
                organization, base_url=base_url, api_key=key.strip(), by="command line"
            ),
        )
        typer.echo(f"Organization {organization} now has its rooms at {base_url}.")

    @organizations.command()
    def token(
        organization: Number,
        label: Annotated[str, typer.Option(help="What the token is for.")],
        role: Annotated[
            Literal["admin", "program"], typer.Option(help="An admin also sets API keys.")
        ] = "program",
        data: Data = None,
    ) -> None:
        """Make another token for an organization's programs; it is printed this once."""
        made = run(data, lambda service: service.create_token(organization, label, role=role))
        typer.echo(made)

    @organizations.command("rotate-keys")
    def rotate_keys(data: Data = None) -> None:
        """Seal every provider key under the active master key, the first one configured."""
        count = run(data, lambda service: service.reseal())
        typer.echo(f"{count} provider keys were sealed anew; older master keys can go now.")

    return organizations
