"""How the bodies of webhooks are written: byte for byte as a receiver's JavaScript would."""

import json
import math
import re
from decimal import Decimal
from typing import Any, Final

# What JavaScript takes for the place in an array, and puts before all other keys.
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_INDEX_END: Final = 2**32 - 1
_EXACT: Final = 2**53
"""JavaScript rounds whole numbers beyond this."""
_PLAIN_DIGITS: Final = 21
_PLAIN_ZEROS: Final = -6


def compact_json(value: Any) -> bytes:
    """JSON that comes out the same when a receiver's JavaScript reads and writes it again.

    Daily's own sample verifies the signature over such re-written JSON (reference 10.3).
    ValueError for what JSON does not know, such as NaN.
    """
    return _written(value).encode("utf-8", "replace")  # half a surrogate pair in somebody's name


def _written(value: Any) -> str:
    if isinstance(value, dict):
        pairs = sorted(value.items(), key=lambda pair: _place(pair[0]))
        inner = ",".join(f"{_text(key)}:{_written(held)}" for key, held in pairs)
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return _text(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _place(key: str) -> int:
    """What to sort keys by: indexes upwards, then the others as they stand."""
    is_index = _INDEX.fullmatch(key) and int(key) < _INDEX_END
    return int(key) if is_index else _INDEX_END


def _number(value: float) -> str:
    """As `Number.prototype.toString` of ECMAScript writes it."""
    if isinstance(value, int) and abs(value) <= _EXACT:
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("JSON knows neither NaN nor Infinity")
    if number == 0:
        return "0"
    # Both languages take the fewest digits that tell the number from its neighbours.
    _, places, exponent = Decimal(repr(abs(number))).as_tuple()
    assert isinstance(exponent, int)
    digits = "".join(map(str, places))
    point = len(digits) + exponent
    return ("-" if number < 0 else "") + _decimal(digits.rstrip("0"), point)


def _decimal(digits: str, point: int) -> str:
    """`digits` with the decimal point before the one at `point`."""
    if len(digits) <= point <= _PLAIN_DIGITS:
        return digits.ljust(point, "0")
    if 0 < point <= _PLAIN_DIGITS:
        return f"{digits[:point]}.{digits[point:]}"
    if _PLAIN_ZEROS < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
