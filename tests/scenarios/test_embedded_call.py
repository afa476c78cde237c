"""A call inside the page of another site: a plain iframe, and a name in its address (C10)."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.scenarios.call_page import CallPage
from tests.servers.vestibule import VestibuleProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NewContext = Callable[[], BrowserContext]


class Portal:
    """Another site, whose page holds the iframe of the 2018 document."""

    def __init__(self) -> None:
        portal = self
        self.frame_address = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                frame = f'<iframe src="{portal.frame_address}" allow="microphone; camera; autoplay"'
                self.wfile.write(f"{frame} width=900 height=700></iframe>".encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    yield portal
    portal.stop()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    process = VestibuleProcess(tmp_path_factory.mktemp("clinic"))
    process.start()
    yield process
    process.stop()


def embed(clinic: VestibuleProcess, *origins: str) -> None:
    """Say on the command line whose pages may show calls."""
    command = [sys.executable, "-m", "vestibule", "domains", "embed", *origins]
    subprocess.run([*command, "--data", str(clinic.data)], check=True, timeout=180)


def room_url(clinic: VestibuleProcess, name: str) -> str:
    key = clinic.demo["api_key"]
    status, room = clinic.request("POST", "/v1/rooms", key=key, body={"name": name})
    assert status == 200
    url: str = room["url"]
    return url


def test_a_page_that_is_allowed_shows_the_call_under_the_name_of_its_address(
    clinic: VestibuleProcess, portal: Portal, new_context: NewContext
) -> None:
    url = room_url(clinic, "embedded")
    portal.frame_address = f"{url}?name=Zo%C3%AB%20Ionescu"
    embed(clinic, portal.origin)
    host = CallPage(new_context())
    host.open(url)
    host.join("Ada")

    page = new_context().new_page()
    page.goto(portal.origin)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("textbox", name="Your name")).to_have_value("Zoë Ionescu")
    frame.get_by_role("button", name="Join", exact=True).click()

    expect(frame.locator("[data-participant]")).to_have_count(2, timeout=20_000)
    host.sees_people(2)
    host.says("Zoë Ionescu")
    host.decodes_the_other()


def test_a_page_that_is_not_allowed_shows_nothing(
    clinic: VestibuleProcess, portal: Portal, new_context: NewContext
) -> None:
    portal.frame_address = room_url(clinic, "hidden")
    embed(clinic, "https://portal.example.org")
    page = new_context().new_page()
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text))

    page.goto(portal.origin)

    expect(page.frame_locator("iframe").get_by_role("textbox")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refusals), refusals
