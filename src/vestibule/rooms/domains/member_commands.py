"""The command line for the people of a domain's team."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vestibule.accounts.teams.model import Member
from vestibule.accounts.teams.service import NotInTeam, TeamService
from vestibule.accounts.users.model import clean_email
from vestibule.rooms.domains.commands import AsJson, Data, DomainName, Run, RunTeams, named
from vestibule.rooms.domains.service import DomainService

Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


def member_commands(run: Run, run_teams: RunTeams) -> typer.Typer:
    """`vestibule members …`; new people come by the links of `vestibule domains invite`."""
    commands = typer.Typer(help="People of a domain's team.", no_args_is_help=True)

    def scope_of(data: Path | None, name: str | None) -> str:
        async def find(domains: DomainService) -> str:
            return (await named(domains, name)).scope

        scope: str = run(data, find)
        return scope

    @commands.command("list")
    def show(domain: DomainName = None, as_json: AsJson = False, data: Data = None) -> None:
        """List everybody in the team, by e-mail address."""
        scope = scope_of(data, domain)
        for member in run_teams(data, lambda teams: teams.members(scope)):
            typer.echo(in_json(member) if as_json else in_words(member))

    @commands.command()
    def role(
        email: Email,
        new: Annotated[Literal["owner", "member"], typer.Argument(help="The new role.")],
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Give a member another role. The last owner stays one."""
        scope = scope_of(data, domain)

        async def change(teams: TeamService) -> None:
            await teams.change_role(scope, await id_of(teams, scope, email), new)

        run_teams(data, change)
        typer.echo(f"{email} is {new} now.")

    @commands.command()
    def remove(email: Email, domain: DomainName = None, data: Data = None) -> None:
        """Take a member out of the team, and end the links into it."""
        scope = scope_of(data, domain)

        async def dismiss(teams: TeamService) -> None:
            await teams.dismiss(scope, await id_of(teams, scope, email))

        run_teams(data, dismiss)
        typer.echo(f"{email} is not in the team any more; the links into it are revoked.")

    return commands


async def id_of(teams: TeamService, scope: str, email: str) -> str:
    """The id of the member with this e-mail address; NotInTeam."""
    cleaned = clean_email(email)
    for member in await teams.members(scope):
        if member.user.email == cleaned:
            return member.user.id
    raise NotInTeam(f"nobody in the team has the e-mail address {cleaned}")


def in_words(member: Member) -> str:
    """A member for a person."""
    return "\t".join((member.user.email, member.role, member.user.name))


def in_json(member: Member) -> str:
    """A member for a program."""
    user = member.user
    shown: dict[str, Any] = {"id": user.id, "email": user.email, "name": user.name}
    return json.dumps({**shown, "role": member.role})
