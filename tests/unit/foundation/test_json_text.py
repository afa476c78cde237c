"""What can be read, stored and sent again, and what only looks like JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vestibule.foundation.errors import MalformedJson
from vestibule.foundation.json_text import check_json, whole_characters


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"a": "\\ud83d"}', "half of a character"),
        (b'{"\\uDE00": 1}', "half of a character"),
        (b'"\\ud83d\\u0041"', "half of a character"),
        (b'"\xed\xa0\xbd"', "no Unicode"),
        (b"[" * 202 + b"]" * 202, "201 levels"),
        (b"[" * 100_000, "201 levels"),
        (b"[NaN]", "NaN or Infinity"),
        (b'{"a": -Infinity}', "NaN or Infinity"),
        (b'{"a": [1e999]}', "too large"),
        (b"-1e+400", "too large"),
        (b"1" * 400 + b".5", "too large"),
        (b"1" * 5000, "too large"),
        ("[1]".encode("utf-16"), "not JSON in UTF-8"),
        (b'\xef\xbb\xbf"\\ud83d"', "half of a character"),
    ],
)
def test_what_could_not_be_sent_again_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(MalformedJson, match=reason):
        check_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 201 + b"]" * 201,
        b'"\\ud83d\\ude00"',
        b"1e300",
        b"\xef\xbb\xbf{}",
        b"1" * 4000,
        # No JSON at all: whoever reads it says so, in words that fit.
        *(b"name=x", b"{", b'"\xff"', b'"a\nb"'),
    ],
)
def test_all_else_passes(body: bytes) -> None:
    check_json(body)


halves = st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF)
texts = st.text(st.characters() | halves | st.sampled_from(["\\", '"', "u", "d", "8", "😀"]))


@given(texts)
def test_halves_of_characters_are_replaced_and_nothing_else(text: str) -> None:
    written = json.dumps(text)

    whole = whole_characters(written)

    check_json(whole.encode())
    signs = ("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in json.loads(written))
    assert json.loads(whole) == "".join(signs)


def test_a_backslash_before_the_letters_of_an_escape_is_text() -> None:
    written = r'"\\ud83d \ud83d\ude00 \uD83D!"'

    assert json.loads(whole_characters(written)) == "\\ud83d 😀 \ufffd!"
