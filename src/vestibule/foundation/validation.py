"""What is wrong with a request, in one sentence for the person who wrote it.

The framework finds out; its own words are for whoever knows its types. In Daily's words where
they are known (reference 1.2).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

SHOWN_CHARACTERS: Final = 64
_SOURCES: Final = ("body", "query", "path", "header")
UUID_EXAMPLE: Final = "01a1fd90-b403-73bf-beb2-8d91e625565d"

Problem = Mapping[str, Any]
Words = Callable[[Problem, Mapping[str, Any]], str]


def describe_validation(problem: Problem) -> str:
    """One sentence for a validation problem: which field, what is wrong with it, what would do.

    Daily names a property of a room or token without the `properties` around it.
    """
    if problem["type"] == "sentence":
        sentence: str = problem["msg"]
        return sentence
    path = _path(problem)
    name = ".".join(path)
    if problem["type"] == "extra_forbidden":
        nested = len(path) > 1
        return f'"{name}" is not allowed' if nested else f"invalid property name '{name}'"
    if problem["type"] == "missing":
        return f"missing required field '{name}'" if name else "the request has no body"
    if problem["type"] in _NO_OBJECT and not name:
        return "the body should be a JSON object, sent with 'Content-Type: application/json'"
    return f"{name or 'the body'}: {_said(problem)}"


def describe_address(problem: Problem) -> str | None:
    """Why the address of a request leads nowhere; None if the address is not what is wrong."""
    source, *rest = problem["loc"]
    if source != "path":
        return None
    given = f"'{shown(problem['input'])}'"
    return f"there is nothing at this address: {rest[0]} {_said(problem, given=given)}"


def shown(value: object) -> str:
    """A refused value as an error repeats it: short, and fit to be sent."""
    return str(value)[:SHOWN_CHARACTERS].encode("utf-8", "replace").decode()


def _path(problem: Problem) -> list[str]:
    source, *rest = problem["loc"] or ("body",)
    path = [str(part) for part in (rest if source in _SOURCES else problem["loc"])]
    return path[1:] if len(path) > 1 and path[0] == "properties" else path


def _said(problem: Problem, *, given: str | None = None) -> str:
    words = _WORDS.get(problem["type"])
    if words is None:
        message: str = problem["msg"]
        return message[0].lower() + message[1:]
    said = words(problem, problem.get("ctx") or {})
    # A text that is too long says nothing more, and may be a secret.
    is_about_form = problem["type"] in _ABOUT_FORM
    return said if is_about_form else f"{said}, not {given or _value(problem.get('input'))}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, str | int | float | None):
        text = json.dumps(value, ensure_ascii=False)
        return shown(text) if len(text) <= SHOWN_CHARACTERS else f"{shown(text)}…"
    return "a list" if isinstance(value, Sequence) else "what was given"


def _says(text: str) -> Words:
    return lambda _problem, limits: text.format_map(limits)


def _too_many(problem: Problem, limits: Mapping[str, Any]) -> str:
    is_whole_request = len(problem["loc"]) == 2 and problem["loc"][0] == "body"
    said = f"has {_count(problem)}; at most {limits['max_length']} are possible"
    return f"{said} in one request, so send several" if is_whole_request else said


def _count(problem: Problem) -> str:
    number = len(problem["input"])
    return "1 entry" if number == 1 else f"{number} entries"


def _too_few(problem: Problem, limits: Mapping[str, Any]) -> str:
    return f"has {_count(problem)}; at least {limits['min_length']} should be there"


def _too_long(problem: Problem, limits: Mapping[str, Any]) -> str:
    return f"has {len(problem['input'])} characters; at most {limits['max_length']} are possible"


def _too_short(_problem: Problem, limits: Mapping[str, Any]) -> str:
    least = limits["min_length"]
    return "should not be empty" if least == 1 else f"should have at least {least} characters"


_OBJECT: Final = _says("should be an object")
_WHOLE: Final = _says("should be a whole number")
_NUMBER: Final = _says("should be a number")
_YES_OR_NO: Final = _says("should be true or false")
_ONE_OF: Final = _says("should be {expected}")
_NO_OBJECT: Final = ("model_attributes_type", "model_type", "dict_type")
_ABOUT_FORM: Final = (
    *("too_long", "too_short", "string_too_long", "string_too_short"),
    "string_pattern_mismatch",
)
_WORDS: Final[Mapping[str, Words]] = {
    **dict.fromkeys(_NO_OBJECT, _OBJECT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_OR_NO),
    **dict.fromkeys(("literal_error", "enum"), _ONE_OF),
    "string_type": _says("should be a text"),
    "list_type": _says("should be a list"),
    "greater_than": _says("should be more than {gt}"),
    "greater_than_equal": _says("should be at least {ge}"),
    "less_than": _says("should be less than {lt}"),
    "less_than_equal": _says("should be at most {le}"),
    "multiple_of": _says("should be a multiple of {multiple_of}"),
    "uuid_parsing": _says(f"should be a UUID such as {UUID_EXAMPLE}"),
    "string_pattern_mismatch": _says("should have the form {pattern}"),
    "too_long": _too_many,
    "too_short": _too_few,
    "string_too_long": _too_long,
    "string_too_short": _too_short,
}
