"""Writes the page of settings from the settings themselves.

Usage: python scripts/generate_configuration.py [--check]
"""
# ruff: noqa: E501 - the page's own lines

import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr

from vestibule.settings import IceServer, Settings

TARGET = Path(__file__).parent.parent / "docs/operations/configuration.md"

HEAD = """\
# Configuration

Generated from `src/vestibule/settings.py` by `scripts/generate_configuration.py`.

Each setting is given by an environment variable, by a line of a TOML file, or left to its default. The variable `VESTIBULE_CONFIG` names the file; where both give a value, the variable wins. A misspelt name is an
error in both places, and so is a value that cannot be: the server does not start, and says what is wrong.

```sh
vestibule config list     # every setting, its default and its meaning
vestibule config show     # which values hold now, and where each comes from; secrets are hidden
vestibule config check    # everything that is wrong, exit code 1 if there is something; --json for programs
```

```toml
# /etc/vestibule/vestibule.toml, readable for the server's user alone if secrets are in it
base_url = "https://video.example.org"
database_url = "postgresql+psycopg://vestibule@/vestibule?host=/run/postgresql"
mail_host = "mail.example.org"
mail_from = "appointments@clinic.example"

[[ice_servers]]
urls = ["turn:turn.example.org:3478"]
username = "clinic"
credential = "a secret"
```

In a variable, a list is JSON: `VESTIBULE_ICE_SERVERS='[{"urls": ["stun:stun.example.org"]}]'`.

| variable `VESTIBULE_…` and name in the file | type | default | meaning |
|---|---|---|---|
"""


def type_name(kind: Any) -> str:
    """A type as the page says it."""
    if get_origin(kind) in {Union, UnionType}:
        return " or ".join(type_name(part) for part in get_args(kind) if part is not type(None))
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is list:
        return f"list of {type_name(get_args(kind)[0])}"
    names = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
    names |= {Path: "path", SecretStr: "text, secret", IceServer: "tables (see above)"}
    return names[kind]


def rows() -> Iterator[str]:
    """A line for each setting."""
    for name, field in Settings.model_fields.items():
        assert field.description, f"the setting {name} has no description"
        default = field.get_default(call_default_factory=True)
        said = (
            "none"
            if default in (None, [])
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        limits = "".join(
            f", {sign} {getattr(limit, attribute):g}"
            for limit in field.metadata
            for attribute, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
            if hasattr(limit, attribute)
        )
        meaning = field.description.replace("|", "\\|")
        yield f"| `{name.upper()}`, `{name}` | {type_name(field.annotation)}{limits} | {said} | {meaning} |\n"


def main() -> None:
    """Write the page, or with --check fail if it is not current."""
    page = HEAD + "".join(rows())
    if sys.argv[1:] == ["--check"]:
        if not TARGET.exists() or TARGET.read_text() != page:
            sys.exit(f"{TARGET.name} is not current: run python {sys.argv[0]}")
    else:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(page)


if __name__ == "__main__":
    main()
