"""A server that dies in the middle of making a room."""

import http.client
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.servers.holding_proxy import HoldingProxy, Moment
from tests.servers.vestibule import VestibuleProcess

HEALED_WITHIN_SECONDS = 45


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_after_a_kill_during_room_creation_there_is_exactly_one_room(
    tmp_path: Path, moment: Moment
) -> None:
    """`before`: the provider never got the request; `after`: only its answer is lost."""
    clinic = VestibuleProcess(
        tmp_path / "clinic",
        provider_lease_seconds="4",
        provider_retry_seconds="2",
        provider_allow_private_addresses="true",
    )
    clinic.start()
    with HoldingProxy(clinic.port).running() as proxy:
        clinic.stop()
        use_provider(clinic, proxy.url)
        clinic.start()
        booked = book(clinic)
        proxy.hold = moment
        onboarding = threading.Thread(target=onboard, args=(clinic, booked["id"]))
        onboarding.start()
        assert proxy.held.wait(20), "the room was never asked for"
        clinic.kill()
        onboarding.join()
        proxy.hold = "never"
        clinic.start()
        try:
            healed = wait_for_room(clinic, booked["id"])
            name = f"restartix-1-{booked['id']}"
            assert healed["status"] == "upcoming"
            assert healed["videocall_room_name"] == name
            _, rooms = clinic.request("GET", "/v1/rooms", key=clinic.demo["api_key"])
            assert [room["name"] for room in rooms["data"]].count(name) == 1
            status, room = clinic.request("GET", f"/v1/rooms/{name}", key=clinic.demo["api_key"])
            assert status == 200
            assert room["url"] == healed["videocall_room_url"]
            ends = datetime.fromisoformat(healed["ended_at"])
            assert room["config"]["exp"] == int(ends.timestamp())
        finally:
            clinic.stop()


def use_provider(clinic: VestibuleProcess, base_url: str) -> None:
    """Point organization 1 at another address of the same rooms."""
    subprocess.run(
        [
            *(sys.executable, "-m", "vestibule", "organizations", "provider", "1"),
            *("--base-url", base_url, "--data", str(clinic.data)),
        ],
        input=clinic.demo["api_key"],
        env=clinic.environment,
        text=True,
        check=True,
        timeout=180,
    )


def book(clinic: VestibuleProcess) -> dict[str, Any]:
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=3)
    token = clinic.demo["organization_token"]
    path = "/v1/organizations/1/appointments"
    _, example = clinic.request("GET", f"{path}/{clinic.demo['appointment_id']}", key=token)
    status, booked = clinic.request(
        "POST",
        path,
        key=token,
        body={
            "specialist_id": example["specialist_id"],
            "patient_id": example["patient_id"],
            "started_at": starts.isoformat(),
            "ended_at": (starts + timedelta(minutes=30)).isoformat(),
        },
    )
    assert status == 200, booked
    result: dict[str, Any] = booked
    return result


def onboard(clinic: VestibuleProcess, appointment_id: int) -> None:
    path = f"/v1/organizations/1/appointments/{appointment_id}/onboard"
    with suppress(OSError, http.client.HTTPException):  # the server dies meanwhile
        clinic.request("POST", path, key=clinic.demo["organization_token"])


def wait_for_room(clinic: VestibuleProcess, appointment_id: int) -> dict[str, Any]:
    path = f"/v1/organizations/1/appointments/{appointment_id}"
    deadline = time.monotonic() + HEALED_WITHIN_SECONDS
    while True:
        _, appointment = clinic.request("GET", path, key=clinic.demo["organization_token"])
        if appointment["videocall_room_name"]:
            result: dict[str, Any] = appointment
            return result
        assert time.monotonic() < deadline, f"not healed: {appointment['room']}"
        time.sleep(0.2)
