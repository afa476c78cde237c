"""The command."""

import asyncio
import json
import resource
import sys
from typing import Annotated

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from vestibule.foundation.errors import Invalid
from vestibule.operations.configuration import AsJson
from vestibule.operations.load.crowd import PATIENCE_SECONDS, Crowd, Doors
from vestibule.operations.load.model import Outcome, Plan, percentiles
from vestibule.operations.progress import bar

Url = Annotated[str, typer.Option(help="Address of the server.")]
People = Annotated[int, typer.Option(min=1, help="How many people.")]
PerRoom = Annotated[int, typer.Option(min=1, max=200, help="How many of them in each room.")]
Seconds = Annotated[float, typer.Option(min=0, help="How long they talk.")]
Messages = Annotated[float, typer.Option(min=0, max=10, help="Said by each in a second.")]
Arrivals = Annotated[float, typer.Option(min=0.1, help="How many come in a second.")]


def load(
    *,
    url: Url = "http://localhost:8000",
    participants: People = 100,
    per_room: PerRoom = 10,
    seconds: Seconds = 10.0,
    messages: Messages = 0.2,
    arrivals: Arrivals = 100.0,
    as_json: AsJson = False,
) -> None:
    """Let fake people enter rooms, talk and knock, and print how long everything took.

    An API key of the server is read from standard input. Exit code 1 if anything was lost.
    """
    key = sys.stdin.readline().strip()
    if not key:
        raise Invalid("an API key is needed on standard input; 'vestibule keys create' makes one")
    plan = Plan(
        participants=participants,
        per_room=per_room,
        seconds=seconds,
        messages_per_second=messages,
        arrivals_per_second=arrivals,
    )
    outcome = asyncio.run(drive(url, key, plan))
    if as_json:
        typer.echo(json.dumps(outcome.as_json()))
    else:
        print_outcome(outcome)
    is_well = not outcome.failures and outcome.expected == len(outcome.heard)
    raise typer.Exit(0 if is_well else 1)


async def drive(url: str, key: str, plan: Plan) -> Outcome:
    """Do what is planned, with a bar."""
    allow_connections(plan.participants)
    base = url.rstrip("/")
    said = round(plan.participants * plan.messages_per_second * plan.seconds)
    total = plan.participants + said + plan.rooms * plan.knocks_per_room
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(
        base_url=f"{base}/v1", headers=headers, timeout=PATIENCE_SECONDS
    ) as http:
        crowd = Crowd(f"{base.replace('http', 'ws', 1)}/signalling", Doors(http), plan)
        try:
            with bar("load", total) as advance:
                await crowd.arrive(advance)
                await crowd.talk(advance)
                await crowd.knock(advance)
        finally:
            await crowd.leave()
    return crowd.outcome


def allow_connections(wanted: int) -> None:
    """Let this process have so many sockets; Invalid if the machine does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + 200
    if soft >= needed:
        return
    if hard not in (resource.RLIM_INFINITY,) and hard < needed:
        raise Invalid(f"this machine lets a process have {hard} sockets; see 'ulimit -n'")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def print_outcome(outcome: Outcome) -> None:
    """A table for people."""
    table = Table("milliseconds", "count", "p50", "p95", "p99", "most")
    rows = {
        "connect and enter": outcome.entered,
        "a word until it is heard": outcome.heard,
        "a knock until the owner has it": outcome.knocked,
    }
    for name, values in rows.items():
        table.add_row(name, *(str(value) for value in percentiles(values).values()))
    out = Console()
    out.print(table)
    lost = outcome.expected - len(outcome.heard)
    out.print(f"{lost} of {outcome.expected} words were lost; {len(outcome.failures)} failures")
    for failure in outcome.failures[:10]:
        out.print(failure, markup=False)
