"""A Janus of the server's own: its configuration is written, and it is started again if it ends."""

import asyncio
import contextlib
import secrets
import shutil
import socket
from pathlib import Path
from typing import Final

import structlog

from vestibule.foundation.errors import Invalid

LIBRARIES: Final = "/usr/lib"
PARTS: Final = ("plugins", "transports", "loggers", "events")
WANTED: Final = ("libjanus_videoroom.so", "libjanus_websockets.so")
"""Nothing else of Janus is loaded: no other way leads in."""
PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 5.0
END_SECONDS: Final = 3.0

log = structlog.get_logger()


def write_configuration(
    folder: Path,
    *,
    port: int,
    secret: str,
    media_ports: str,
    public_address: str | None = None,
) -> Path:
    """The configuration of a Janus that listens on this machine alone; the folder for its `-F`.

    Invalid if Janus's libraries are not where Debian has them.
    """
    conf = folder / "conf"
    for name in ("conf", *PARTS):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(mode=0o700, parents=True)
    for library in WANTED:
        found = next(Path(LIBRARIES).glob(f"*/janus/*/{library}"), None)
        if found is None:
            raise Invalid(f"Janus has no {library} below {LIBRARIES}; install Debian's 'janus'")
        (folder / found.parent.name / library).symlink_to(found)
    folders = "\n".join(f'  {part}_folder = "{folder / part}"' for part in PARTS)
    mapping = f'nat_1_1_mapping = "{public_address}"' if public_address else ""
    files = {
        "janus.jcfg": f"""general: {{
  configs_folder = "{conf}"
{folders}
  debug_level = 3
  debug_colors = false
  {f'api_secret = "{secret}"' if secret else ""}
  session_timeout = 60
  reclaim_session_timeout = 60
}}
media: {{ rtp_port_range = "{media_ports}" }}
nat: {{ full_trickle = false {mapping} }}
""",
        "janus.transport.websockets.jcfg": f"""general: {{
  json = "compact"
  ws = true
  ws_ip = "127.0.0.1"
  ws_port = {port}
  wss = false
}}
admin: {{ admin_ws = false  admin_wss = false }}
""",
        "janus.plugin.videoroom.jcfg": "general: { }\n",
    }
    for name, text in files.items():
        file = conf / name
        file.touch(mode=0o600)
        file.write_text(text)
    return conf


class LocalJanus:
    """Runs from `start` to `close`; ends with this process, however that ends."""

    def __init__(self, folder: Path, *, media_ports: str, public_address: str | None) -> None:
        self._folder = folder
        self._media_ports = media_ports
        self._public_address = public_address
        self._port = free_port()
        self.secret = secrets.token_hex(32)
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens: on this machine only."""
        return f"ws://127.0.0.1:{self._port}"

    def prepare(self) -> None:
        """Write its configuration. Invalid if there is no Janus on this machine."""
        if shutil.which("janus") is None:
            raise Invalid(
                "VESTIBULE_SFU is janus, but there is no Janus on this machine: install Debian's "
                "'janus', or name the servers in VESTIBULE_JANUS_URLS"
            )
        write_configuration(
            self._folder,
            port=self._port,
            secret=self.secret,
            media_ports=self._media_ports,
            public_address=self._public_address,
        )

    def start(self) -> None:
        """Begin to run it. On the event loop."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        pause = PAUSE_SECONDS
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._run_once()
            lasted = asyncio.get_running_loop().time() - began
            pause = PAUSE_SECONDS if lasted > LONGEST_PAUSE_SECONDS else 2 * pause
            log.error("janus_ended", code=code, seconds=round(lasted, 1))
            await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))

    async def _run_once(self) -> int:
        with (self._folder / "log").open("wb") as said:
            running = await asyncio.create_subprocess_exec(
                *_dying_with_us(),
                "janus",
                "-F",
                str(self._folder / "conf"),
                stdout=said,
                stderr=said,
            )
        log.info("janus_started", process=running.pid, url=self.url)
        try:
            return await running.wait()
        finally:
            if running.returncode is None:
                running.terminate()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(running.wait(), END_SECONDS)
            if running.returncode is None:
                running.kill()
                await running.wait()


def _dying_with_us() -> list[str]:
    """A killed server must not leave a Janus behind that nobody knows of."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
