"""Writes the reference page of room and meeting-token properties from the table in the code.

Usage: python scripts/generate_room_properties.py [--check]
"""
# ruff: noqa: E501 - the page's own lines

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from vestibule.rooms.configuration.properties import DOMAIN_PROPERTIES, INHERITED
from vestibule.rooms.definitions.properties import ROOM_PROPERTIES, TOKEN_PROPERTIES, Property

TARGET = Path(__file__).parent.parent / "docs/reference/room-properties.md"

HEAD = """\
# Properties of rooms, meeting tokens and domains

Generated from `src/vestibule/rooms/definitions/properties.py` by `scripts/generate_room_properties.py`.

Names, types and defaults are those of Daily's API. Every property is checked when it is given (a wrong type, a value outside the limits or an
unknown key, nested ones included, is refused with 400 and changes nothing), stored, and answered. A **bold** name also acts: on the server, or because the call page and those who embed it are told of it. The
others have no effect; the last section says why. "Acts on" says where a property takes effect: on who may *join* and stay, on the call's *media*, on the call *page*, on *recording*,
*transcription* or *streaming*, on the *phone*, or on the *server* itself.

`null` puts a property back to its default. The `config` of a room answers only what differs from the default. Unix times are in seconds, and may be given as a whole
number, a fraction (the rest is cut off) or a string of digits. Daily's read-only `sip_uri` is never answered, as there is no SIP here.
"""
ROOMS = """
## Rooms

In `properties` of `POST /v1/rooms` and `POST /v1/rooms/<name>`.

| property | type and limits | default | acts on | meaning |
|---|---|---|---|---|
"""
TOKENS = """
## Meeting tokens

In `properties` of `POST /v1/meeting-tokens`; "claim" is the name inside the token, for those who sign tokens themselves. Where there is no default, the room's value holds.

| property | claim | type and limits | default | acts on | meaning |
|---|---|---|---|---|---|
"""

DOMAINS = """
## Domains

In `properties` of `POST /v1/`; `GET /v1/` answers all of them with the value that holds. A property that rooms have too is the default of the domain's rooms: a meeting token's value
comes before the room's, the room's before the domain's; of `permissions`, each right for itself. It holds for people who join from then on.

`branding`, `token_policy` and `enable_call_extension` are our own. With `enable_call_extension`, owners may let a call go on for ten minutes more while it is in its last ten minutes: the ends of all who are inside
move, and so does the room's `exp`. `branding` is `{"logo_url": …, "colors": {"accent", "accent_text", "background", "text"}}`: the logo is an https address, or the picture itself as `data:image/png;base64,…`
(then no outside host learns who opens the page); colours are `#rrggbb`. `token_policy` is `{"require_room_name": true, "require_exp": true, "max_lifetime_seconds": 86400}`, each part off by default: tokens that break it
are not made, and at the door those that customers signed themselves are refused. Switch it on unless a program needs tokens without limits.

| property | type and limits | default | acts on | rooms inherit it | meaning |
|---|---|---|---|---|---|
"""

IDLE = """
## Without effect

Kept and answered, so that programs written for Daily go on working; nothing else happens.

| property | why |
|---|---|
"""


def generated() -> str:
    """The whole page."""
    domains = (domain_row(entry) for entry in DOMAIN_PROPERTIES.values())
    rooms = (room_row(entry) for entry in ROOM_PROPERTIES.values())
    tokens = (token_row(entry) for entry in TOKEN_PROPERTIES.values())
    tables = [(ROOMS, rooms), (TOKENS, tokens), (DOMAINS, domains), (IDLE, idle_rows())]
    return HEAD + "".join(head + "".join(rows) for head, rows in tables)


def room_row(entry: Property) -> str:
    return row(
        name(entry),
        kind(entry),
        default(entry),
        ", ".join(entry.acts),
        entry.meaning,
    )


def token_row(entry: Property) -> str:
    return row(
        name(entry),
        f"`{entry.claim}`",
        kind(entry),
        default(entry),
        ", ".join(entry.acts),
        entry.meaning,
    )


def domain_row(entry: Property) -> str:
    return row(
        name(entry),
        kind(entry),
        default(entry),
        ", ".join(entry.acts),
        "yes" if entry.name in INHERITED else "",
        entry.meaning,
    )


def row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"


def name(entry: Property) -> str:
    return f"`{entry.name}`" if entry.idle else f"**`{entry.name}`**"


def idle_rows() -> Iterable[str]:
    """A row for each reason why something has no effect."""
    reasons: dict[str, list[str]] = {}
    for table in (ROOM_PROPERTIES, TOKEN_PROPERTIES, DOMAIN_PROPERTIES):
        for entry in table.values():
            names = reasons.setdefault(entry.idle, []) if entry.idle else []
            if entry.name not in names:
                names.append(entry.name)
    for reason, names in reasons.items():
        yield row(", ".join(f"`{each}`" for each in names), reason)


def default(entry: Property) -> str:
    return "" if entry.default is None else f"`{json.dumps(entry.default)}`"


def kind(entry: Property) -> str:
    schema = TypeAdapter(entry.kind).json_schema(mode="serialization")
    return described(schema, schema.get("$defs", {}))


def described(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return described(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part != {"type": "null"}]
        return " or ".join(described(part, definitions) for part in parts)
    if "enum" in schema:
        return ", ".join(f"`{value}`" if value else "empty" for value in schema["enum"])
    if schema["type"] == "array":
        return f"list of ({described(schema['items'], definitions)})"
    if schema["type"] == "object":
        keys = ", ".join(f"`{key}`" for key in schema.get("properties", {}))
        return f"object: {keys}" if keys else "object"
    return simple(schema)


def simple(schema: dict[str, Any]) -> str:
    words = {"integer": "whole number", "boolean": "true or false"}
    limits = [
        f"{schema['minimum']} to {schema['maximum']}" if "maximum" in schema else "",
        "at least 0" if "minimum" in schema and "maximum" not in schema else "",
        f"at most {schema['maxLength']} characters" if "maxLength" in schema else "",
    ]
    return ", ".join(filter(None, [words.get(schema["type"], schema["type"]), *limits]))


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if TARGET.exists() and TARGET.read_text() == generated():
            return 0
        print(f"{TARGET.name} is not current; run 'python {sys.argv[0]}'", file=sys.stderr)
        return 1
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(generated())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
