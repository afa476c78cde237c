"""The command line for the domains of rooms and their API keys."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vestibule.accounts.teams.model import Team
from vestibule.accounts.teams.service import TeamService
from vestibule.accounts.users.model import Role
from vestibule.foundation.errors import NotFound
from vestibule.foundation.pages import EMBED_SCRIPT, embed_fingerprint
from vestibule.rooms.domains.model import ApiKey, Domain
from vestibule.rooms.domains.service import DomainService

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
DomainName = Annotated[
    str | None, typer.Option("--domain", help="Name of the domain. [default: the primary one]")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON each, for programs.")]
Run = Callable[[Path | None, Callable[[DomainService], Awaitable[Any]]], Any]
RunTeams = Callable[[Path | None, Callable[[TeamService], Awaitable[Any]]], Any]


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
    def show(domain: DomainName = None, as_json: AsJson = False, data: Data = None) -> None:
        """List the API keys by id, newest first; never the keys themselves."""
        for key in run(data, of_domain(domain, lambda all_, own: all_.api_keys(own.id))):
            if as_json:
                typer.echo(json.dumps(vars(key), default=str))
                continue
            typer.echo("\t".join((key.id, f"{key.created_at:%Y-%m-%d}", state(key), key.label)))

    @keys.command()
    def rotate(
        key_id: Annotated[str, typer.Argument(help="The id that 'keys list' shows.")],
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Make the successor of an API key, with the same label; it is printed this once.

        The old key works until you revoke it: give the programs the new one first.
        """
        typer.echo(run(data, of_domain(domain, lambda all_, own: all_.rotate_key(own.id, key_id))))

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
        return await use_case(domains, await named(domains, name))

    return find_and_use


def state(key: ApiKey) -> str:
    """Whether a key works, for a person."""
    return "active" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d}"


def add_domain_commands(commands: typer.Typer, run: Run) -> None:
    """`vestibule domains create` and `list`."""

    @commands.command()
    def create(
        name: Annotated[
            str, typer.Argument(help="A label of a host name: its rooms live at NAME.<your host>.")
        ],
        label: Annotated[str, typer.Option(help="What its first API key is for.")] = "first key",
        as_json: AsJson = False,
        data: Data = None,
    ) -> None:
        """Make a domain with rooms, keys and a team of its own; prints its first API key, once."""

        async def make(domains: DomainService) -> dict[str, str]:
            domain = await domains.create(name)
            key = await domains.create_key(domain.id, label)
            return {"name": name, "api_key": key, "rooms_url": domains.room_url(domain, "")}

        made = run(data, make)
        typer.echo(json.dumps(made) if as_json else made["api_key"])

    @commands.command("list")
    def show(as_json: AsJson = False, data: Data = None) -> None:
        """List the domains and where their rooms live."""

        async def look(domains: DomainService) -> list[dict[str, str]]:
            all_ = await domains.all()
            return [{"name": each.name, "rooms_url": domains.room_url(each, "")} for each in all_]

        for row in run(data, look):
            typer.echo(json.dumps(row) if as_json else "\t".join(row.values()))


def team_commands(run: Run, run_teams: RunTeams) -> typer.Typer:
    """`vestibule domains …`: who belongs to a domain's team, and whose pages show its calls."""
    commands = typer.Typer(help="Domains and their teams.", no_args_is_help=True)
    add_domain_commands(commands, run)

    def team_named(data: Path | None, name: str | None) -> Team:
        async def find(domains: DomainService) -> Team:
            return domains.team_of(await named(domains, name))

        team: Team = run(data, find)
        return team

    @commands.command()
    def invite(
        role: Annotated[
            Literal["owner", "member"], typer.Option(help="Role that the link gives.")
        ] = "member",
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Print the link that invites into the team: the same one until it is revoked."""
        team = team_named(data, domain)
        typer.echo(run_teams(data, lambda teams: teams.invite_link(team, Role(role))))

    @commands.command("revoke-links")
    def revoke_links(domain: DomainName = None, data: Data = None) -> None:
        """Make every link into the team worthless."""
        team = team_named(data, domain)
        count = run_teams(data, lambda teams: teams.revoke_links(team.scope))
        typer.echo(f"{count} link{'' if count == 1 else 's'} into {team.name} revoked.")

    @commands.command()
    def embed(
        origins: Annotated[
            list[str] | None,
            typer.Argument(help="Such as https://portal.example.org; none forbids it again."),
        ] = None,
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Say whose pages may show the domain's calls in a frame, in place of those before."""

        async def set_origins(domains: DomainService) -> tuple[str, str]:
            found = await named(domains, domain)
            await domains.set_embed_origins(found, origins or [])
            return found.name, domains.room_url(found, EMBED_SCRIPT)

        name, script = run(data, set_origins)
        typer.echo(f"Calls of {name} can be embedded by: {', '.join(origins or ['nobody else'])}")
        if origins:
            tag = f'<script type="module" src="{script}?v={embed_fingerprint()}"></script>'
            typer.echo(f"For <vestibule-call>, their pages load {tag}")

    return commands


async def named(domains: DomainService, name: str | None) -> Domain:
    """The domain of this name, or the primary one."""
    found = await (domains.find(name) if name else domains.primary())
    if found is None:
        raise NotFound(f"there is no domain named {name}")
    return found
