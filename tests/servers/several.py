"""Several real Vestibule processes that share PostgreSQL and Redis, behind a load balancer."""

import base64
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.servers.load_balancer import LoadBalancer
from tests.servers.redis import Redis
from tests.servers.vestibule import VestibuleProcess, free_port

CLINIC = "demonstration.json"


class Several:
    """Two processes of one demonstration clinic. A context manager: at its end all are ended."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        self.redis = Redis()
        self.database_url = database_url
        ports = [free_port(), free_port()]
        self._stack = ExitStack()
        self.line = LoadBalancer(*ports)
        self._stack.callback(self.line.stop)
        key = base64.b64encode(os.urandom(32)).decode()
        self.processes = [
            VestibuleProcess(
                folder / str(number),
                port=port,
                database_url=database_url,
                redis_url=self.redis.url,
                master_key=f"k:{key}",
                base_url=f"http://localhost:{self.line.port}",
                recordings_store=str(folder / "recordings"),
                drain_seconds="0.3",
                **settings,
            )
            for number, port in enumerate(ports)
        ]

    def __enter__(self) -> "Several":
        with ExitStack() as stack:
            stack.callback(self.redis.stop)
            self.redis.start()
            first, *others = self.processes
            for process in self.processes:
                stack.callback(process.kill)
            first.start()
            for other in others:
                other.data.mkdir(parents=True)
                shutil.copy(first.data / CLINIC, other.data / CLINIC)
                other.start()
            self._stack.push(stack.pop_all())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def key(self) -> str:
        """An API key of the clinic's rooms."""
        found: str = self.processes[0].demo["api_key"]
        return found

    def ask(self, number: int, method: str, path: str, body: Any = None) -> Any:
        """What this process answers to a request to the Rooms API, which must succeed."""
        status, answer = self.processes[number].request(method, path, key=self.key, body=body)
        assert status == 200, answer
        return answer
