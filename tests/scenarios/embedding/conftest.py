"""Pages of another site around calls, built from the packages that customers use."""

import functools
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Frame, Page

from tests.servers.vestibule import VestibuleProcess

WEB = Path(__file__).parents[3] / "web"

NewContext = Callable[[], BrowserContext]


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Portal:
    """Another site: its pages and its origin."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Handler, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        # Another site than the server's 127.0.0.1, so that browsers keep the two apart.
        self.origin = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    build = ["npx", "vite", "build", "hosts", "--logLevel", "silent", "--outDir", str(folder)]
    subprocess.run([*build, "--emptyOutDir"], cwd=WEB, check=True, timeout=120)
    portal = Portal(folder)
    yield portal
    portal.stop()


class Clinic:
    """A server whose calls the portal may embed."""

    def __init__(self, server: VestibuleProcess, portal: Portal) -> None:
        self.server = server
        command = [sys.executable, "-m", "vestibule", "domains", "embed", portal.origin]
        subprocess.run([*command, "--data", str(server.data)], check=True, timeout=180)

    def room(self, name: str, **properties: Any) -> str:
        """The address of a new private room that one enters without the page of devices."""
        body = {
            "name": name,
            "privacy": "private",
            "properties": {"enable_prejoin_ui": False, **properties},
        }
        url: str = self._post("rooms", body)["url"]
        return url

    def delete(self, name: str) -> None:
        key = self.server.demo["api_key"]
        status, answer = self.server.request("DELETE", f"/v1/rooms/{name}", key=key)
        assert status == 200, answer

    def token(self, room: str, user_name: str, **properties: Any) -> str:
        body = {"properties": {"room_name": room, "user_name": user_name, **properties}}
        token: str = self._post("meeting-tokens", body)["token"]
        return token

    def _post(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        key = self.server.demo["api_key"]
        status, answer = self.server.request("POST", f"/v1/{what}", key=key, body=body)
        assert status == 200, answer
        result: dict[str, Any] = answer
        return result


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory, portal: Portal) -> Iterator[Clinic]:
    process = VestibuleProcess(tmp_path_factory.mktemp("clinic"), recordings="true")
    process.start()
    yield Clinic(process, portal)
    process.stop()


class HostPage:
    """A page of the portal, and the call frame of daily-js in it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)

    def create(self, **options: Any) -> None:
        """`createFrame`, with its events written down."""
        style = {"width": "900px", "height": "600px"}
        self.page.evaluate(
            """(options) => {
                window.frame = Daily.createFrame(document.body, options);
                window.events = record(frame);
            }""",
            {"iframeStyle": style, **options},
        )

    def wrap(self) -> None:
        """`wrap` a frame that the page has made itself."""
        self.page.evaluate(
            """() => {
                const place = document.createElement("iframe");
                place.allow = "microphone; camera; autoplay; display-capture";
                document.body.append(place);
                window.frame = Daily.wrap(place);
                window.events = record(frame);
            }"""
        )

    def do(self, script: str, argument: Any = None) -> Any:
        """The value of an expression about `frame`, awaited; `given` is the argument."""
        return self.page.evaluate(f"async (given) => {script}", argument)

    def until(self, condition: str, argument: Any = None) -> None:
        """Wait until an expression about `frame` and `events` holds."""
        self.page.wait_for_function(f"(given) => {condition}", arg=argument, timeout=20_000)

    def events(self, action: str) -> list[Any]:
        noted: list[Any] = self.page.evaluate(
            "(action) => events.filter((event) => event.action === action)", action
        )
        return noted

    def names(self) -> list[str]:
        """The names in `participants()`, without the order."""
        names: list[str] = self.do("Object.values(frame.participants()).map((p) => p.user_name)")
        return sorted(names)

    @property
    def call_page(self) -> Frame:
        """The document inside of the frame."""
        return self.page.frames[1]


class OpenHost(Protocol):
    """Opens a page of the portal, with this query, in a browser of its own."""

    def __call__(self, name: str, **query: str) -> HostPage: ...


@pytest.fixture
def open_host(new_context: NewContext, portal: Portal) -> OpenHost:
    def open_host(name: str, **query: str) -> HostPage:
        return HostPage(new_context(), f"{portal.origin}/{name}.html?{urlencode(query)}")

    return open_host
