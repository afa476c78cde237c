"""Writes the browser's types of the signalling protocol from the server's message models.

Usage: python scripts/generate_protocol.py [--check]
"""

import sys
import types
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vestibule.rooms.calls import message_shape, messages, recording_messages

TARGET = Path(__file__).parent.parent / "web/src/protocol/messages.gen.ts"
HEAD = """\
// Generated from src/vestibule/rooms/calls/messages.py by scripts/generate_protocol.py.
// What the messages mean, and in which order they come: docs/signalling.md.
"""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
CONSTANTS = ("PROTOCOL_VERSIONS", "MAX_MESSAGE_BYTES", "MAX_NAME_LENGTH")
Model = type[BaseModel]


# Everything that the messages are made of, by name.
DEFINED = {**vars(recording_messages), **vars(messages)}


def generated() -> str:
    """The whole TypeScript file."""
    from_browser, from_server = members(messages.FromBrowser), members(messages.FromServer)
    parts = [HEAD, constants(), close_codes(messages.CloseCode), "\n".join(named_choices())]
    parts += [model_type(model, absent_allowed=model in from_browser) for model in own_models()]
    parts += [union_type("FromBrowser", from_browser), union_type("FromServer", from_server)]
    return "\n".join(parts)


def own_models() -> list[Model]:
    """The models that the messages module itself defines, in its order."""
    shape = message_shape.Shape
    values = [value for value in DEFINED.values() if isinstance(value, type)]
    return [value for value in values if issubclass(value, shape) and value is not shape]


def members(union: Any) -> tuple[Model, ...]:
    """The message models of `FromBrowser` or `FromServer`."""
    annotated, *_ = get_args(union)
    return get_args(annotated)


def constants() -> str:
    lines = [
        f"export const {name} = {list_or_number(getattr(messages, name))};\n" for name in CONSTANTS
    ]
    return "".join(lines)


def list_or_number(value: int | tuple[int, ...]) -> str:
    return str(list(value)) if isinstance(value, tuple) else str(value)


def close_codes(codes: type[IntEnum]) -> str:
    lines = "".join(f"  {code.name}: {code.value},\n" for code in codes)
    return f"{comment(codes.__doc__)}export const CloseCode = {{\n{lines}}} as const;\n"


def named_choices() -> Iterator[str]:
    """A type for each choice of words that the module gives a name."""
    for name, value in DEFINED.items():
        if get_origin(value) is Literal:
            yield f"export type {name} =\n{bars(words(value))};\n"


def model_type(model: Model, *, absent_allowed: bool) -> str:
    fields = "".join(
        field_line(name, field, may_be_absent=absent_allowed and not field.is_required())
        for name, field in model.model_fields.items()
    )
    return f"{comment(model.__doc__)}export type {model.__name__} = {{\n{fields}}};\n"


def field_line(name: str, field: FieldInfo, *, may_be_absent: bool) -> str:
    mark = "?" if may_be_absent else ""
    return f"{comment(field.description, '  ')}  {name}{mark}: {type_of(field.annotation)};\n"


def type_of(annotation: Any) -> str:
    """How TypeScript writes this annotation; a KeyError for one that no message had so far."""
    choices = {value: name for name, value in DEFINED.items() if get_origin(value) is Literal}
    if get_origin(annotation) is Literal:
        return choices.get(annotation) or " | ".join(words(annotation))
    if get_origin(annotation) is list:
        return f"{type_of(get_args(annotation)[0])}[]"
    if get_origin(annotation) in (Union, types.UnionType):
        return " | ".join(type_of(part) for part in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.__name__
    return PLAIN[annotation]


def words(literal: Any) -> list[str]:
    return [f'"{word}"' for word in get_args(literal)]


def bars(choices: list[str]) -> str:
    return "\n".join(f"  | {choice}" for choice in choices)


def union_type(name: str, models: tuple[Model, ...]) -> str:
    return f"export type {name} =\n{bars([model.__name__ for model in models])};\n"


def comment(text: str | None, indent: str = "") -> str:
    return f"{indent}/** {' '.join(text.split())} */\n" if text else ""


def main() -> None:
    """Write the file, or with --check only say whether it is current."""
    if "--check" not in sys.argv[1:]:
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        TARGET.write_text(generated())
    elif not TARGET.exists() or TARGET.read_text() != generated():
        sys.exit(f"{TARGET.name} is not current; run 'python scripts/generate_protocol.py'")


if __name__ == "__main__":
    main()
