"""What counts as JSON here, in bodies and in messages: only what can be passed on as JSON again.

Python's own reader takes halves of characters, NaN and numbers beyond any range, and nests without
end; what it has read of these can be neither stored nor sent.
"""

import codecs
import json
import math
import re
from collections.abc import Iterable
from typing import Any, Final

from pydantic_core import from_json

from vestibule.foundation.errors import MalformedJson

MAX_DEPTH: Final = 201
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole character
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_LARGE: Final = re.compile(rb"[0-9][eE]\+?[0-9]{3}|[0-9]{300}")
_NO_NUMBER: Final = re.compile(rb"NaN|Infinity")
_REASONS: Final = (
    ("recursion limit", f"the JSON is nested more than {MAX_DEPTH} levels deep"),
    ("hex escape", "the JSON has half of a character in a text, such as \\ud83d alone"),
    ("unicode", "the JSON has bytes in a text that are no Unicode in UTF-8"),
    ("out of range", "the JSON has a number that is too large"),
)


def whole_characters(text: str) -> str:
    """JSON with U+FFFD for each half of a character, such as a cut emoji leaves behind."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: REPLACEMENT if found["half"] else found[0], text)


def check_json(body: bytes) -> None:
    """MalformedJson, with a sentence, for what only looks like JSON.

    What does not even look like it is left to the reader, who may know better what to say.
    """
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        value = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        if _is_readable(body):
            raise MalformedJson(_reason(str(error), body)) from None
        return
    if _LARGE.search(body) and any(map(_is_too_large, _parts(value))):
        raise MalformedJson("the JSON has a number that is too large")


def _is_readable(body: bytes) -> bool:
    """Whether Python's own reader takes it, or gives up for another reason than its grammar."""
    try:
        json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return False
    except (ValueError, RecursionError):
        return True
    return True


def _reason(problem: str, body: bytes) -> str:
    for sign, reason in _REASONS:
        if sign in problem:
            return reason
    if _NO_NUMBER.search(body):
        return "the JSON has NaN or Infinity, which JSON does not know"
    return "the body is not JSON in UTF-8"


def _is_too_large(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


def _parts(value: Any) -> Iterable[Any]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
