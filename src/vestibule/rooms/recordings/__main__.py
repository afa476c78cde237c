"""The workers' own command line: without the rest of the product, a recorder is there sooner."""

import os

import typer

from vestibule.rooms.recordings.commands import add_commands

if __name__ == "__main__":
    os.umask(0o077)  # recordings are for this user alone
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    add_commands(app)
    app()
