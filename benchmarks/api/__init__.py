"""The REST API: rooms made, read and listed, tokens made; on SQLite and on PostgreSQL."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.api.servers import Installation, ask, installation
from benchmarks.load import Measured, Rounds, always, load, request
from benchmarks.rows import Aim, Row

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
MANY = 100_000
FEW = 100

ROOM = {"privacy": "private", "properties": {"max_participants": 2, "enable_knocking": True}}
TOKEN = {"properties": {"room_name": "room-50", "is_owner": True, "user_name": "Dr. Ada"}}


@dataclass(frozen=True)
class Comparison:
    """A request, and what it is measured against."""

    name: str
    subject: bytes
    floor: bytes
    aim: Aim | None = None
    floor_is_product: bool = False
    """The floor is the product too: it was asked something easier."""


def run() -> Iterable[Row]:
    """Every comparison on both databases."""
    for kind in ("SQLite", "PostgreSQL"):
        with installation(kind, few=FEW, many=MANY) as there:
            yield from compared(kind, there)


def comparisons(there: Installation) -> list[Comparison]:
    """What is asked."""
    small, large = there.small_key, there.large_key
    inserts, reads = request("POST", "/", body=ROOM), request("GET", "/")
    one = request("GET", "/v1/rooms/room-50", key=large)
    token = request("POST", "/v1/meeting-tokens", key=large, body=TOKEN)
    few, first = request("GET", "/v1/rooms", key=small), request("GET", "/v1/rooms", key=large)
    create = request("POST", "/v1/rooms", key=large, body=ROOM)
    middle = ask(there, large, f"/v1/rooms/room-{MANY // 2}")["id"]
    deep = request("GET", f"/v1/rooms?starting_after={middle}", key=large)
    within = Aim("at least", 0.67)  # 1.5 times as long at most
    return [
        Comparison("get room", one, reads),
        Comparison("create token", token, reads),
        Comparison(f"first page of {MANY:,} rooms, against {FEW}", first, few, within, True),
        Comparison(f"middle page of {MANY:,} rooms, against {FEW}", deep, few, within, True),
        # Last: it changes what is listed.
        Comparison("create room", create, inserts, Aim("at least", 0.5)),
    ]


def compared(kind: str, there: Installation) -> Iterator[Row]:
    """Two rows of each comparison: rate and slowest hundredth."""
    for each in comparisons(there):
        rounds = Rounds()
        floor_port = there.port if each.floor_is_product else there.floor_port
        load(floor_port, always(each.floor), seconds=SECONDS / 4)
        load(there.port, always(each.subject), seconds=SECONDS / 4)
        for _ in range(ROUNDS):
            rounds.floor.append(load(floor_port, always(each.floor), seconds=SECONDS))
            rounds.subject.append(load(there.port, always(each.subject), seconds=SECONDS))
        name = f"{kind}: {each.name}"
        value, floor, ratio = rounds.middle(lambda measured: measured.rate)
        yield Row(name, value, "requests/s", floor, ratio, each.aim)
        value, floor, ratio = rounds.middle(p99)
        yield Row(f"{name}, p99", value, "ms", floor, ratio)


def p99(measured: Measured) -> float:
    return measured.p99
