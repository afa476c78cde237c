"""`vestibule record` as the server runs it: a process of its own, killed as a crash would."""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

END_SECONDS = 30

PROGRAM = """
import typer
from vestibule.rooms.recordings.commands import add_commands
app = typer.Typer(pretty_exceptions_enable=False)
add_commands(app)
{before}
app()
"""

# Every {one_in}th packet of media never arrives; what connections are made with does.
LOSE_PACKETS = """
import itertools
from aioice.ice import StunProtocol
received, packets = StunProtocol.datagram_received, itertools.count()
def receive_some(protocol, data, address):
    if not (127 < data[0] < 192 and next(packets) % {one_in} == 0):
        received(protocol, data, address)
StunProtocol.datagram_received = receive_some
"""


# Runs a program beside a real file system of so many bytes, which nobody else sees; what the
# program has left in it is copied out at its end.
ON_A_SMALL_DISK = """
mount -t tmpfs -o "size=$1" small "$2" || exit 9
disk=$2 folder=$3
shift 3
"$@"
code=$?
cp -r "$disk/." "$folder"
exit $code
"""


class RecorderProcess:
    """Records a room of a server into a folder."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        room: str,
        recorder_pass: str,
        lose_one_in: int = 0,
        disk_bytes: int = 0,
        options: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        trouble = LOSE_PACKETS.format(one_in=lose_one_in) if lose_one_in else ""
        given = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        where, around = folder, list[str]()
        if disk_bytes:
            where = folder.with_name(f"{folder.name}-disk")
            for made in (where, folder):
                made.mkdir()
            around = [
                *("unshare", "--user", "--map-root-user", "--mount", "--kill-child"),
                *("sh", "-c", ON_A_SMALL_DISK, "sh", str(disk_bytes), str(where), str(folder)),
            ]
            given += ["--least-free-mb", "0"]
        self._log = (folder.parent / f"{folder.name}.log").open("a")
        self._process = subprocess.Popen(
            [
                *(*around, sys.executable, "-c", PROGRAM.format(before=trouble)),
                *("record", str(where), "--url", f"ws://127.0.0.1:{port}/signalling"),
                *("--room", room, *given),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(recorder_pass + "\n")
        self._process.stdin.close()

    def status(self) -> dict[str, Any]:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"the recorder ended silently:\n{Path(self._log.name).read_text()}"
        status: dict[str, Any] = json.loads(line)
        return status

    def starts(self) -> float:
        """Wait until it has started; the unix time of the first media."""
        status = self.status()
        assert status["event"] == "started", status
        return float(status["at"])

    def stop(self) -> dict[str, Any]:
        """Stop it as the server does; what it says at the end, with its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.ends()

    def ends(self) -> dict[str, Any]:
        """Wait for its end; what it says, with its exit code."""
        status = self.status()
        return {**status, "code": self._wait()}

    def close(self) -> None:
        """End it if a failed test has not, and let go of its files."""
        if self._process.poll() is None:
            self._process.kill()
        self._wait()

    def _wait(self) -> int:
        code = self._process.wait(timeout=END_SECONDS)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._log.close()
        return code
