"""A server that is killed again and again in a storm of moves, and started again each time."""

import http.client
import itertools
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.daily import KEY, Daily, running_daily
from tests.servers.vestibule import VestibuleProcess

WORKERS, MOVES_EACH, KILLS = 5, 100, 3
PATIENCE_SECONDS = 120  # a busy machine starts a server slowly
PATH = "/v1/organizations/1/appointments"
ROUND = ("onboard", "confirm", "cancel", "reschedule", "reinstate", "no-show", "reinstate", "start")


class Platform:
    """A booking platform's worker: it sends each request, under one key, until it is answered."""

    def __init__(self, clinic: VestibuleProcess, number: int, people: dict[str, int]) -> None:
        self.clinic = clinic
        self.number = number
        self.people = people
        self.keys = itertools.count()
        self.made: dict[int, list[str]] = {}
        self.statuses: dict[int, str] = {}
        self.done = 0

    def work(self) -> None:
        """Book appointments and move them through their lives."""
        while self.done < MOVES_EACH:
            appointment = self.send("", {**self.people, **self.times(30)})
            moves = self.made[appointment["id"]] = []
            for move in ROUND[: random.Random(appointment["id"]).randint(1, len(ROUND))]:
                body = self.times(60) if move == "reschedule" else None
                answer = self.send(f"/{appointment['id']}/{move}", body)
                moves.append(move)
                self.statuses[appointment["id"]] = answer["status"]

    def send(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        key = f"{self.number}-{next(self.keys)}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, answer = self.clinic.request(
                    "POST",
                    f"{PATH}{path}",
                    key=self.clinic.demo["organization_token"],
                    body=body,
                    headers={"Idempotency-Key": key},
                )
            except (OSError, http.client.HTTPException, ValueError):
                assert time.monotonic() < deadline
                time.sleep(0.05)
                continue
            assert status == 200, answer
            self.done += 1
            result: dict[str, Any] = answer
            return result

    @staticmethod
    def times(minutes: int) -> dict[str, str]:
        start = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)
        return {
            "started_at": start.isoformat(),
            "ended_at": (start + timedelta(minutes=30)).isoformat(),
        }


@pytest.fixture
def daily() -> Iterator[Daily]:
    with running_daily() as daily:
        yield daily


@pytest.mark.timeout(400)
def test_after_kills_in_a_storm_of_moves_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, daily: Daily
) -> None:
    clinic = VestibuleProcess(
        tmp_path / "clinic",
        provider_lease_seconds="3",
        provider_retry_seconds="1",
        provider_time_budget_seconds="0.3",
        provider_rate_limits="false",
        provider_allow_private_addresses="true",
    )
    clinic.start()
    clinic.stop()
    use_provider(clinic, daily)
    clinic.start()
    before = count(clinic)
    workers = [Platform(clinic, number, people_of(clinic)) for number in range(WORKERS)]
    try:
        with ThreadPoolExecutor(WORKERS) as threads:
            working = [threads.submit(worker.work) for worker in workers]
            kill_at_random(clinic, daily, workers)
            for each in working:
                each.result()
        assert sum(worker.done for worker in workers) >= WORKERS * MOVES_EACH
        made = {number: moves for worker in workers for number, moves in worker.made.items()}
        assert count(clinic) == before + len(made)
        appointments = healed(clinic, made)
        for number, moves in made.items():
            _, answer = get(clinic, f"/{number}/moves")
            assert [move["move"] for move in answer["data"]] == moves
        for worker in workers:
            for number, status in worker.statuses.items():
                assert appointments[number]["status"] == status
        expected = {
            each["videocall_room_name"]: each["ended_at"]
            for each in appointments.values()
            if each["status"] in ("upcoming", "confirmed", "inprogress")
        }
        rooms = {name: iso(room["exp"]) for name, room in daily.rooms.items()}
        assert {name: end for name, end in rooms.items() if number_in(name) in made} == expected
    finally:
        clinic.stop()


def kill_at_random(clinic: VestibuleProcess, daily: Daily, workers: list[Platform]) -> None:
    """Kill the server at moments spread over the storm, once the provider too has its troubles."""
    chance = random.Random()
    for number in range(KILLS):
        daily.fail_next("lost-after")
        daily.fail_next("status", status=503)
        target = (number + chance.random()) * WORKERS * MOVES_EACH / (KILLS + 1)
        while sum(worker.done for worker in workers) < target:
            time.sleep(0.01)
        clinic.kill()
        clinic.start()


def use_provider(clinic: VestibuleProcess, daily: Daily) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "vestibule", "organizations", "provider", "1"),
            *("--base-url", daily.url, "--data", str(clinic.data)),
        ],
        input=KEY,
        env=clinic.environment,
        text=True,
        check=True,
        timeout=180,
    )


def get(clinic: VestibuleProcess, path: str) -> tuple[int, Any]:
    return clinic.request("GET", f"{PATH}{path}", key=clinic.demo["organization_token"])


def count(clinic: VestibuleProcess) -> int:
    total: int = get(clinic, "?limit=1")[1]["total_count"]
    return total


def people_of(clinic: VestibuleProcess) -> dict[str, int]:
    _, example = get(clinic, f"/{clinic.demo['appointment_id']}")
    return {name: example[name] for name in ("specialist_id", "patient_id")}


def healed(clinic: VestibuleProcess, made: dict[int, list[str]]) -> dict[int, dict[str, Any]]:
    """The appointments, once nothing is left to do for any of their rooms."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        appointments = {number: get(clinic, f"/{number}")[1] for number in made}
        undone = [
            each["room"]
            for each in appointments.values()
            if each["room"]["state"] not in ("ready", "none")
        ]
        if not undone:
            return appointments
        assert time.monotonic() < deadline, undone
        threading.Event().wait(0.3)


def iso(unix: int) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number_in(room_name: str) -> int:
    return int(room_name.rpartition("-")[2])
