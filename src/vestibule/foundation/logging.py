"""Structured logs on standard error, without personal data or secrets.

Whoever logs gives ids and kinds. Exceptions are logged as their kinds and places alone: their texts
hold what people have written, such as the parameters of a statement or the input of a check.
"""

import asyncio
import atexit
import contextlib
import logging
import sys
import threading
import traceback
from collections import deque
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

GATHERED_SECONDS: Final = 0.05
CHAIN: Final = 5
"""How many causes of an exception are named."""


def configure_logging(*, level: str, as_json: bool) -> None:
    """Send every log line to standard error, as JSON for programs or coloured for people."""
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    at_the_end: list[Processor] = [
        structlog.processors.ExceptionRenderer(kinds_and_places),
        renderer,
    ]
    lines = GatheredLines(sys.stderr)
    structlog.configure(
        processors=[*shared, *at_the_end],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(lines),  # type: ignore[arg-type]
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, only_the_first_line],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *at_the_end],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def current_request_id() -> str | None:
    """The id of the request, or of the connection, for which this is done; None: for none."""
    found: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return found


def in_the_name_of(request_id: str | None) -> AbstractContextManager[None]:
    """What is done and logged within this is of that request; of none, if it is None."""
    if request_id is None:
        return contextlib.nullcontext()
    return structlog.contextvars.bound_contextvars(request_id=request_id)


class GatheredLines:
    """Lines on their way to a stream, written together after a short time.

    Each writing is a system call, at which another thread may take the interpreter for
    milliseconds; every request says a line. Outside an event loop a line is written at once, and
    what waits is written when the process ends. `kill -9` loses what waited.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: deque[str] = deque()
        self._writing = threading.Lock()
        self._expected_in: asyncio.AbstractEventLoop | None = None
        atexit.register(self.write_out)

    def write(self, text: str) -> int:
        """Take down this text, which ends its line."""
        self._waiting.append(text)
        return len(text)

    def flush(self) -> None:
        """Have what waits written, now or soon."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.write_out()
            return
        if self._expected_in is not loop:
            self._expected_in = loop
            loop.call_later(GATHERED_SECONDS, self.write_out)

    def write_out(self) -> None:
        """Write what waits."""
        self._expected_in = None
        with self._writing:
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            # Nobody may fail because the log cannot be written: a full disk, a closed stream.
            with contextlib.suppress(OSError, ValueError):
                self._stream.write("".join(lines))
                self._stream.flush()


def only_the_first_line(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """What libraries add to their sentence in further lines is the data they failed over."""
    record = event.get("_record")
    said = str(event["event"]).strip().partition("\n")[0]
    return {**event, "event": said, "logger": getattr(record, "name", "")}


def kinds_and_places(exc_info: ExcInfo) -> str:
    """An exception and its causes without their texts: `KeyError: a.py:12 read < a.py:7 run`."""
    lines: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(lines) < CHAIN:
        lines.append(f"{type(error).__name__}: {_places(error.__traceback__)}")
        error = error.__cause__ or error.__context__
    return "; because of ".join(lines)


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    return " < ".join(
        f"{'/'.join(frame.filename.split('/')[-2:])}:{frame.lineno} {frame.name}"
        for frame in reversed(frames[-12:])
    )
