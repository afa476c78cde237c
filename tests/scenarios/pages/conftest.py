"""A demonstration clinic that really runs, with appointments in every state."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.scenarios.outside import OutsideRequests
from tests.servers.vestibule import VestibuleProcess, free_port

NewPage = Callable[..., Page]


class Clinic:
    """What the clinic's booking platform does."""

    def __init__(self, server: VestibuleProcess) -> None:
        self.server = server
        self.demo = server.demo
        self.path = f"/v1/organizations/{self.demo['organization_id']}/appointments"
        example = self.call("GET", f"{self.path}/{self.demo['appointment_id']}")
        self._people = {key: example[key] for key in ("specialist_id", "patient_id")}

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A request with the organization's token that must succeed."""
        token = self.demo["organization_token"]
        status, answer = self.server.request(method, path, key=token, body=body)
        assert status == 200, answer
        result: dict[str, Any] = answer
        return result

    def book(self, starts_in: timedelta, *moves: str) -> dict[str, Any]:
        """An appointment of 30 minutes that begins so long from now, and these moves of it."""
        appointment = self.call("POST", self.path, {**self._people, **half_an_hour(starts_in)})
        for move in moves:
            appointment = self.move(appointment, move)
        return appointment

    def move(self, appointment: dict[str, Any], move: str, **body: Any) -> dict[str, Any]:
        """One move of the appointment."""
        return self.call("POST", f"{self.path}/{appointment['id']}/{move}", body or None)

    def reschedule(self, appointment: dict[str, Any], starts_in: timedelta) -> dict[str, Any]:
        """The appointment at another time, so long from now."""
        return self.move(appointment, "reschedule", **half_an_hour(starts_in))

    @contextmanager
    def provider_down(self) -> Iterator[None]:
        """Meanwhile, nobody answers at the address of the clinic's room provider."""
        self._use_provider(f"http://127.0.0.1:{free_port()}/v1")
        try:
            yield
        finally:
            self._use_provider(self.demo["api_url"])

    def _use_provider(self, base_url: str) -> None:
        organization = str(self.demo["organization_id"])
        arguments = ["provider", organization, "--base-url", base_url]
        self.command("organizations", *arguments, stdin=self.demo["api_key"])

    def command(self, *arguments: str, stdin: str = "") -> str:
        """What `vestibule <arguments>` prints, run beside the server."""
        done = subprocess.run(
            [*(sys.executable, "-m", "vestibule"), *arguments, "--data", str(self.server.data)],
            input=stdin,
            env=self.server.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def half_an_hour(starts_in: timedelta) -> dict[str, str]:
    """The times of an appointment that begins so long from now."""
    start = datetime.now(UTC).replace(microsecond=0) + starts_in
    return {
        "started_at": start.isoformat(),
        "ended_at": (start + timedelta(minutes=30)).isoformat(),
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    folder = tmp_path_factory.mktemp("clinic")
    process = VestibuleProcess(
        folder, webhook_allow_private_targets="true", provider_allow_private_addresses="true"
    )
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="module")
def clinic(server: VestibuleProcess) -> Clinic:
    return Clinic(server)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens windows of different people, in Bucharest unless said otherwise."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    outside = OutsideRequests()

    def new_page(**settings: Any) -> Page:
        usual = {"locale": "en-GB", "timezone_id": "Europe/Bucharest"}
        context = browser.new_context(**{**usual, **settings})
        contexts.append(context)
        outside.watch(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert errors == [], "a page's script failed"
    assert outside.addresses == [], "a page asked an outside host for something"
