"""Bodies that a receiver's JavaScript writes again as they came (reference 10.3)."""

import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vestibule.rooms.webhooks.wire import compact_json

PROGRAM = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n");
process.stdout.write(lines.map((line) => JSON.stringify(JSON.parse(line))).join("\\n"));
"""


def written_again(bodies: list[bytes]) -> list[bytes]:
    """What Node makes of these bodies."""
    node = shutil.which("node")
    assert node, "Node is missing; 'make setup' brings it"
    done = subprocess.run(
        [node, "-e", PROGRAM], input=b"\n".join(bodies), capture_output=True, check=True
    )
    return done.stdout.split(b"\n")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (5e-05, b"0.00005"),
        (1e-6, b"0.000001"),
        (1.5e-7, b"1.5e-7"),
        (1e20, b"100000000000000000000"),
        (1e21, b"1e+21"),
        (-1.25e300, b"-1.25e+300"),
        (-0.0, b"0"),
        (1.0, b"1"),
        (120.0, b"120"),
        (True, b"true"),
        (2**53 + 1, b"9007199254740992"),
        ({"b": 1, "10": 2, "a": 3, "9": 4, "01": 5}, b'{"9":4,"10":2,"b":1,"a":3,"01":5}'),
        ({"4294967295": 1, "4294967294": 2}, b'{"4294967294":2,"4294967295":1}'),
        ({"name": "Ana \ud83d"}, b'{"name":"Ana ?"}'),
    ],
)
def test_values_are_written_as_javascript_writes_them(value: Any, written: bytes) -> None:
    assert compact_json(value) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="neither NaN nor Infinity"):
        compact_json([value])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
keys = texts | st.integers(0, 2**33).map(str) | st.sampled_from(["00", "-1", "1.5", "__proto__"])
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**25), 10**25)
values = st.recursive(
    st.none() | st.booleans() | texts | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)


# A process of Node takes many values at once.
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.lists(values, min_size=20, max_size=60))
def test_javascript_that_reads_and_writes_it_again_gets_the_same_bytes(many: list[Any]) -> None:
    bodies = [compact_json(value) for value in many]

    assert written_again(bodies) == bodies
    for value, body in zip(many, bodies, strict=True):
        assert json.loads(body, parse_int=float) == json.loads(json.dumps(value), parse_int=float)
