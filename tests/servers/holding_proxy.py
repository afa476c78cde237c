"""Stands between two HTTP programs and stops the conversation at a chosen moment."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Moment = Literal["never", "before", "after"]


class HoldingProxy:
    """Forwards everything to `port`, but holds `POST /v1/rooms` before or after it is done."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.hold: Moment = "never"
        self.held = threading.Event()
        self._release = threading.Event()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                proxy.forward(self)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Nothing: the tests' output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def forward(self, request: BaseHTTPRequestHandler) -> None:
        creates = request.command == "POST" and request.path == "/v1/rooms"
        if creates and self.hold == "before":
            self._wait()
            return
        status, body = self._ask(request)
        if creates and self.hold == "after":
            self._wait()
            return
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _wait(self) -> None:
        self.held.set()
        self._release.wait()

    def _ask(self, request: BaseHTTPRequestHandler) -> tuple[int, bytes]:
        length = int(request.headers.get("Content-Length", 0))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if request.headers[name]
        }
        connection.request(request.command, request.path, request.rfile.read(length), headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    @contextmanager
    def running(self) -> Iterator["HoldingProxy"]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._release.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()
