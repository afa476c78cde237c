"""Networks that lose packets, and lines that break, when a test says so."""

import heapq
import itertools
import random
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

LARGEST_PACKET = 65_536
LOOK_SECONDS = 0.2
LONGEST_QUEUE_SECONDS = 0.3
"""As in a router: packets wait for their turn, and whoever would wait longer is dropped."""


class WeakLink:
    """Carries UDP packets to `target` and back, but for the share of them that gets lost."""

    def __init__(self, target: int) -> None:
        self.loss = 0.0
        """0: none; 1: everything."""
        self.bits_per_second = float("inf")
        """Of all senders together, and for each of them on the way back."""
        self._target = ("127.0.0.1", target)
        self._entrance = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._entrance.bind(("127.0.0.1", 0))
        self.port: int = self._entrance.getsockname()[1]
        self._ways: dict[tuple[str, int], socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._entrance, selectors.EVENT_READ)
        self._luck = random.Random(1)
        self._free_at: dict[socket.socket, float] = {}
        self._waiting: list[tuple[float, int, Callable[[], object]]] = []
        self._number = itertools.count()
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
            next_ = self._waiting[0][0] - time.monotonic() if self._waiting else LOOK_SECONDS
            for key, _ in self._selector.select(min(max(next_, 0), LOOK_SECONDS)):
                with suppress(OSError):  # nobody listens there any more
                    self._carry(key.fileobj, key.data)  # type: ignore[arg-type]
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                with suppress(OSError):
                    heapq.heappop(self._waiting)[2]()

    def _carry(self, arrived: socket.socket, sender: tuple[str, int] | None) -> None:
        packet, address = arrived.recvfrom(LARGEST_PACKET)
        if self._luck.random() < self.loss:
            return
        if sender is None:
            way = self._way_of(address)
            self._queue(arrived, len(packet), lambda: way.send(packet))
        else:
            self._queue(arrived, len(packet), lambda: self._entrance.sendto(packet, sender))

    def _queue(self, line: socket.socket, size: int, send: Callable[[], object]) -> None:
        """Send when everything that came earlier on this line is through."""
        now = time.monotonic()
        begins = max(now, self._free_at.get(line, now))
        if begins - now > LONGEST_QUEUE_SECONDS:
            return
        self._free_at[line] = begins + 8 * size / self.bits_per_second
        heapq.heappush(self._waiting, (self._free_at[line], next(self._number), send))

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

    is_open = True
    """Whether new ones are carried."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._entrance.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._accepting = self._begin(self._accept)

    def cut(self) -> None:
        """Break every connection without a goodbye; new ones are carried if it is open."""
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
                if not self.is_open:
                    near.close()
                    continue
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
