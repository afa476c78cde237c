"""Networks that lose packets, and lines that break, when a test says so."""

import random
import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

LARGEST_PACKET = 65_536
LOOK_SECONDS = 0.2


class WeakLink:
    """Carries UDP packets to `target` and back, but for the share of them that gets lost."""

    def __init__(self, target: int) -> None:
        self.loss = 0.0
        """0: none; 1: everything."""
        self._target = ("127.0.0.1", target)
        self._entrance = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._entrance.bind(("127.0.0.1", 0))
        self.port: int = self._entrance.getsockname()[1]
        self._ways: dict[tuple[str, int], socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._entrance, selectors.EVENT_READ)
        self._luck = random.Random(1)
        self._runs = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Carry nothing more."""
        self._runs = False
        self._thread.join()
        self._selector.close()
        for each in [self._entrance, *self._ways.values()]:
            each.close()

    def _run(self) -> None:
        while self._runs:
            for key, _ in self._selector.select(LOOK_SECONDS):
                with suppress(OSError):  # nobody listens there any more
                    self._carry(key.fileobj, key.data)  # type: ignore[arg-type]

    def _carry(self, arrived: socket.socket, sender: tuple[str, int] | None) -> None:
        packet, address = arrived.recvfrom(LARGEST_PACKET)
        if self._luck.random() < self.loss:
            return
        if sender is None:
            self._way_of(address).send(packet)
        else:
            self._entrance.sendto(packet, sender)

    def _way_of(self, sender: tuple[str, int]) -> socket.socket:
        """The socket that stands for this sender before the target."""
        if sender not in self._ways:
            way = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            way.connect(self._target)
            self._ways[sender] = way
            self._selector.register(way, selectors.EVENT_READ, sender)
        return self._ways[sender]


class Line:
    """Carries TCP connections to `target`, and breaks all of them at once on `cut`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._entrance.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = self._begin(self._accept)

    def cut(self) -> None:
        """Break every connection without a goodbye; new ones are carried."""
        ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):  # closed already
                end.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Carry nothing more."""
        self._entrance.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        self._entrance.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):  # stopped
            while True:
                near, _ = self._entrance.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                self._ends += [near, far]
                for ways in ((near, far), (far, near)):
                    self._threads.append(self._begin(_pump, *ways))

    def _begin(self, run: Callable[..., None], *ends: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=run, args=ends, daemon=True)
        thread.start()
        return thread


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Carry from one end to the other until either closes."""
    with one, suppress(OSError):
        while data := one.recv(LARGEST_PACKET):
            other.sendall(data)
        other.shutdown(socket.SHUT_RDWR)
