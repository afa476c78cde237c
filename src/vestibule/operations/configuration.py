"""Reads the settings, says which hold and where each comes from, and what is wrong with them."""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.table import Table

from vestibule.foundation.errors import VestibuleError
from vestibule.settings import CONFIG_VARIABLE, PREFIX, Settings, misspelt_variables

HIDDEN: Final = "********"
SECRET_NAMES: Final = frozenset({"credential"})

AsJson = Annotated[bool, typer.Option("--json", help="Print one line of JSON for programs.")]


class WrongConfiguration(VestibuleError):
    """Settings that cannot be; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_settings(**given: Any) -> Settings:
    """What the command line gives, above the environment, above the file.

    Raises WrongConfiguration with every problem at once.
    """
    problems = [
        f"no setting is named {name}; see 'vestibule config list'"
        for name in misspelt_variables(dict(os.environ))
    ]
    problems += _problems_of_file()
    if not problems:
        try:
            return Settings(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            problems = [_sentence(problem) for problem in error.errors(include_input=False)]
    raise WrongConfiguration(problems)


def _problems_of_file() -> list[str]:
    """The library passes over a missing file, and ends in a traceback over a broken one."""
    name = os.environ.get(CONFIG_VARIABLE)
    try:
        if name:
            tomllib.loads(Path(name).read_text())
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        return [f"the file {name}, which {CONFIG_VARIABLE} names, cannot be read: {why}"]
    except tomllib.TOMLDecodeError as error:
        return [f"the file {name}, which {CONFIG_VARIABLE} names, is not TOML: {error}"]
    return []


def _sentence(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"])
    said = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return f"no setting is named {name}; see 'vestibule config list'"
    return f"the setting {name} is wrong: {said}" if name else said


def shown(value: Any) -> Any:
    """A setting's value as JSON may show it: secrets hidden, in nested values and addresses too."""
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, dict):
        return {
            name: HIDDEN if name in SECRET_NAMES and part else shown(part)
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [shown(part) for part in value]
    if isinstance(value, str) and "://" in value and "@" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://{HIDDEN}@{rest.rpartition('@')[2]}"
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def sources() -> dict[str, str]:
    """Where each setting comes from that is not left to its default."""
    file = os.environ.get(CONFIG_VARIABLE)
    found = dict.fromkeys(tomllib.loads(Path(file).read_text()), file) if file else {}
    for variable in os.environ:
        if variable.upper().startswith(PREFIX) and variable.upper() != CONFIG_VARIABLE:
            found[variable.upper().removeprefix(PREFIX).lower()] = variable
    return found


def commands() -> typer.Typer:
    """`vestibule config …`."""
    config = typer.Typer(help="The settings of this installation.", no_args_is_help=True)
    config.command("list")(list_settings)
    config.command("show")(show)
    config.command("check")(check)
    return config


def list_settings() -> None:
    """List every setting, its variable, its default and what it means."""
    table = Table("Variable", "Default", "Meaning")
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        table.add_row(f"{PREFIX}{name.upper()}", str(default), field.description or "")
    Console().print(table)


def show(*, as_json: AsJson = False) -> None:
    """Print each setting's value, and where it comes from. Secrets are hidden."""
    values = {name: shown(value) for name, value in read_settings().model_dump().items()}
    origin = sources()
    rows = {
        name: {"value": value, "from": origin.get(name, "default")}
        for name, value in values.items()
    }
    if as_json:
        typer.echo(json.dumps(rows))
        return
    table = Table("Setting", "Value", "From")
    for name, row in rows.items():
        table.add_row(name, str(row["value"]), row["from"])
    Console().print(table)


def check(*, as_json: AsJson = False) -> None:
    """Say everything that is wrong with the settings; exit code 1 if there is something."""
    try:
        read_settings()
        problems = []
    except WrongConfiguration as error:
        problems = error.problems
    if as_json:
        typer.echo(json.dumps({"ok": not problems, "problems": problems}))
    else:
        for line in problems or [f"The settings are right; {len(sources())} differ from defaults."]:
            typer.echo(line)
    raise typer.Exit(1 if problems else 0)
