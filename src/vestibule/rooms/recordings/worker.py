"""Records one call, in a process of its own: a crash of one recording touches nothing else."""

import asyncio
import contextlib
import errno
import shutil
import signal
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any, Final

from vestibule.foundation.errors import VestibuleError
from vestibule.rooms.recordings.capture import Capture
from vestibule.rooms.recordings.job import Job
from vestibule.rooms.recordings.receiving import allow_loopback, choose_codecs
from vestibule.rooms.recordings.signalling_client import (
    NotAdmitted,
    SignallingClient,
    StayEnded,
    Unreachable,
)
from vestibule.rooms.recordings.track_store import RecorderClock, RecordingWriter

SYNC_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 0.05
# Media between the others goes on without a server, and so does the recording, but not for ever:
# nobody could stop it.
WITHOUT_SERVER_SECONDS: Final = 120.0

NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

Tell = Callable[[dict[str, Any]], None]
"""Takes each status of the recording: its `event`, and what belongs to it."""


class ExitCode(IntEnum):
    """How the process ended."""

    STOPPED = 0
    DEFECT = 1
    REFUSED = 3
    UNREACHABLE = 4
    NOTHING_TO_RECORD = 5
    DISK = 6


class Over(Exception):
    """The recording is over, for this reason."""

    def __init__(self, reason: str, message: str, code: ExitCode = ExitCode.STOPPED) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.code = code


async def record(job: Job, tell: Tell) -> ExitCode:
    """Record until told to stop by SIGTERM or SIGINT, or until there is nothing more to record.

    Tells `started` when the first media is written, then `stopped`; or `failed`, after which
    nothing was recorded. Every second the disk has all that arrived before.
    """
    allow_loopback()
    choose_codecs()
    try:
        _check_disk(job)
        writer = RecordingWriter(job.folder, room=job.room, clock=RecorderClock())
    except Over as over:
        return _told(tell, over, has_started=False)
    except (VestibuleError, OSError) as error:
        failed = Over("folder", f"cannot write to {job.folder}: {error}", ExitCode.DISK)
        return _told(tell, failed, has_started=False)
    return await _Recorder(job, tell, writer).run()


class _Recorder:
    """One recording from its beginning to its end."""

    def __init__(self, job: Job, tell: Tell, writer: RecordingWriter) -> None:
        self._job = job
        self._tell = tell
        self._writer = writer
        self._stop: asyncio.Future[Over] = asyncio.get_running_loop().create_future()
        self._client = SignallingClient(job.url, room=job.room, recorder_pass=job.recorder_pass)
        self._capture = Capture(writer, send=self._client.send, on_trouble=self._disk_failed)
        self._began_at = writer.clock.now()
        self._has_started = False

    async def run(self) -> ExitCode:
        """Record, and tell how it goes."""
        over = Over("defect", "the recorder failed", ExitCode.DEFECT)
        try:
            with self._signals():
                over = await self._until_over()
        finally:
            await self._capture.close()
            with contextlib.suppress(OSError):  # a full disk has no room for the last line either
                self._writer.close(over.reason)
        return _told(self._tell, over, has_started=self._has_started)

    async def _until_over(self) -> Over:
        reasons: list[BaseException] = []
        try:
            async with asyncio.TaskGroup() as group:
                for step in (self._talk, self._start, self._keep_safe, self._limit, self._obey):
                    group.create_task(step())
        except* Over as overs:
            reasons.extend(overs.exceptions)
        over = reasons[0]
        assert isinstance(over, Over)
        return over

    async def _talk(self) -> None:
        try:
            await self._client.run(self._capture.follow)
        except Unreachable as error:
            raise Over("unreachable", str(error), ExitCode.UNREACHABLE) from None
        except NotAdmitted as error:
            raise Over(error.reason, str(error), ExitCode.REFUSED) from None
        except StayEnded as error:
            raise Over(error.reason, str(error)) from None

    async def _start(self) -> None:
        """Tell when the recording has started, or end it when it does not."""
        if self._job.goes_on:
            self._has_started = True
            return
        for _ in range(round(self._job.start_seconds / LOOK_SECONDS)):
            if self._is_recording():
                self._has_started = True
                at = self._capture.first_media_at or self._writer.clock.now()
                self._tell({"event": "started", "at": at})
                return
            await asyncio.sleep(LOOK_SECONDS)
        if not self._capture.people:
            raise Over("empty", "nobody is in the call", ExitCode.NOTHING_TO_RECORD)
        raise Over(
            "no-media", "no media arrived from the people in the call", ExitCode.NOTHING_TO_RECORD
        )

    def _is_recording(self) -> bool:
        """True once media is written, or would be if anybody sent some."""
        if self._capture.first_media_at is not None:
            return True
        silent = not any(p.audio or p.video or p.screen for p in self._capture.people)
        return self._capture.connected_once and silent

    async def _keep_safe(self) -> None:
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            try:
                await asyncio.to_thread(self._writer.sync)
            except OSError as error:
                self._disk_failed(error)
            _check_disk(self._job)

    async def _limit(self) -> None:
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            now = self._writer.clock.now()
            if now - self._began_at > self._job.most_seconds:
                raise Over("max-duration", "the longest duration is reached")
            if self._has_started and now - self._capture.last_media_at > self._job.idle_seconds:
                raise Over("idle", "nobody has sent anything for a while")
            lost_since = self._client.lost_since
            loop_now = asyncio.get_running_loop().time()
            if lost_since is not None and loop_now - lost_since > WITHOUT_SERVER_SECONDS:
                raise Over("signalling-lost", "the server has not come back", ExitCode.UNREACHABLE)

    async def _obey(self) -> None:
        raise await self._stop

    def _disk_failed(self, error: OSError) -> None:
        reason = "disk-full" if error.errno in NO_ROOM else "disk-failed"
        self._end(Over(reason, f"cannot write to {self._job.folder}: {error}", ExitCode.DISK))

    def _end(self, over: Over) -> None:
        if not self._stop.done():
            self._stop.set_result(over)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self._end, Over("asked", "told to stop"))
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


def _check_disk(job: Job) -> None:
    """Raise Over if too little room is left for more."""
    place = next(
        folder for folder in (job.folder, *job.folder.absolute().parents) if folder.exists()
    )
    free = shutil.disk_usage(place).free
    if free < job.least_free_bytes:
        raise Over(
            "disk-low",
            f"only {free // 1_000_000} MB are free for {job.folder}; "
            f"recording needs {job.least_free_bytes // 1_000_000} MB",
            ExitCode.DISK,
        )


def _told(tell: Tell, over: Over, *, has_started: bool) -> ExitCode:
    event = "stopped" if has_started else "failed"
    if not has_started and over.code == ExitCode.STOPPED:
        over.code = ExitCode.NOTHING_TO_RECORD
    tell({"event": event, "reason": over.reason, "message": over.message})
    return over.code
