"""The command line for the people who sign in."""

import getpass
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from vestibule.accounts.users.service import UserService
from vestibule.foundation.errors import Invalid

Email = Annotated[str, typer.Option(help="E-mail address that the person signs in with.")]
RoleThere = Annotated[Literal["admin", "staff"], typer.Option(help="Role in the organization.")]
Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
Run = Callable[[Path | None, Callable[[UserService], Awaitable[Any]]], Any]


RequireOrganization = Callable[[Path | None, int], None]


def commands(run: Run, require_organization: RequireOrganization) -> typer.Typer:
    """`vestibule users …`.

    `run` runs a use case on the installation in a data folder; `require_organization` fails with a
    sentence if there is no organization of this number, before anything is changed.
    """
    users = typer.Typer(help="People who sign in to the console.", no_args_is_help=True)

    @users.command()
    def create(
        email: Email,
        name: Annotated[str, typer.Option(help="Name as others see it.")],
        organization: Annotated[
            int | None, typer.Option(help="Number of the organization to give a role in.")
        ] = None,
        role: RoleThere = "staff",
        data: Data = None,
    ) -> None:
        """Create a user. The password is asked for, or read from standard input."""
        if organization is not None:
            require_organization(data, organization)
        password = read_new_password()

        async def create_and_grant(service: UserService) -> str:
            user = await service.create(email, name, password)
            if organization is not None:
                await service.grant(user.id, f"organization:{organization}", role)
            return user.email

        typer.echo(f"{run(data, create_and_grant)} can sign in now.")

    @users.command()
    def grant(
        email: Email,
        organization: Annotated[int, typer.Option(help="Number of the organization.")],
        role: RoleThere = "staff",
        data: Data = None,
    ) -> None:
        """Give a user a role in an organization, in place of the one there."""
        require_organization(data, organization)

        async def find_and_grant(service: UserService) -> str:
            user = await service.find_by_email(email)
            await service.grant(user.id, f"organization:{organization}", role)
            return user.email

        typer.echo(f"{run(data, find_and_grant)} is {role} of organization {organization}.")

    @users.command("set-password")
    def set_password(email: Email, data: Data = None) -> None:
        """Replace a user's password, which signs the user out everywhere."""
        password = read_new_password()
        user = run(data, lambda service: service.set_password(email, password))
        typer.echo(f"{user.email} has a new password, and is signed out everywhere.")

    @users.command("set-avatar")
    def set_avatar(
        email: Email,
        address: Annotated[str, typer.Option(help="https:// address; empty removes it.")],
        data: Data = None,
    ) -> None:
        """Replace the address of a user's picture."""
        user = run(data, lambda service: service.set_avatar(email, address or None))
        typer.echo(f"{user.email} has {'a new' if user.avatar_src else 'no'} picture.")

    return users


def read_new_password() -> str:
    """The password that the person types twice, or the first line of standard input.

    Never an argument: those show in the list of processes and in the shell's history.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("New password: ")
    if password != getpass.getpass("The same again: "):
        raise Invalid("the two passwords differ; nothing was changed")
    return password
