"""The wheel, installed and serving, and the web servers of deploy/ before it."""

import json
import re
import shutil
import signal
import ssl
import subprocess
import time
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from typing import Any

import httpx2
import pytest
from packaging.requirements import Requirement
from websockets.sync.client import connect

from tests.servers.certificates import write_certificate
from tests.servers.installed import CHECKOUT, build_wheel, clean_environment, install
from tests.servers.vestibule import free_port

pytestmark = [pytest.mark.timeout(240)]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Installed:
    """A serving Vestibule of the wheel."""

    wheel: Path
    python: Path
    demo: dict[str, Any]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    wheel = build_wheel(folder)
    python = install(wheel, folder / "environment")
    with (folder / "log").open("w") as log:
        serving = subprocess.Popen(
            [
                *(python.parent / "vestibule", "demo", "--json"),
                *("--port", str(free_port()), "--data", folder / "data"),
            ],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=folder,
            env=clean_environment(),
        )
    assert serving.stdout is not None
    line = serving.stdout.readline()
    assert line, (folder / "log").read_text()
    yield Installed(wheel, python, json.loads(line))
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(PATIENCE_SECONDS) == 0
    serving.stdout.close()


def test_the_wheel_serves_its_pages_and_both_apis_from_a_clean_environment(
    installed: Installed,
) -> None:
    where = subprocess.run(
        [installed.python, "-c", "import vestibule; print(vestibule.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment(),
    ).stdout.strip()
    assert Path(where).is_relative_to(installed.python.parents[1]), "not the checkout's code"
    with httpx2.Client(base_url=installed.demo["base_url"], timeout=30) as http:
        for page in ("/console", "/some-room", "/docs", installed.demo["patient_url"]):
            answer = http.get(page)
            parts = re.findall(r"/assets/[\w.-]+", answer.text)
            assert (answer.status_code, bool(parts)) == (200, True), page
            assert {http.get(part).status_code for part in parts} == {200}
        assert http.get("/embed.js").status_code == 200
        http.headers["Authorization"] = f"Bearer {installed.demo['api_key']}"
        assert http.post("/v1/rooms", json={"name": "of-the-wheel"}).status_code == 200
        assert http.get("/health/live").status_code == 200
        ready = http.get("/health/ready").json()
        assert ready == {
            "status": "ready",
            "parts": {"database": "ok", "background": "ok", "server": "ok"},
        }


def test_the_wheel_asks_for_what_the_project_file_names(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(wheel.read(name).decode())
        names = wheel.namelist()
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = [
        f'{requirement}; extra == "{extra}"'
        for extra, requirements in project.get("optional-dependencies", {}).items()
        for requirement in requirements
    ]
    wanted = {str(Requirement(text)) for text in [*project["dependencies"], *extras]}
    asked = {str(Requirement(text)) for text in metadata.get_all("Requires-Dist", [])}
    assert {text.lower() for text in asked} == {text.lower() for text in wanted}
    strangers = [name for name in names if not name.startswith("vestibule")]
    assert strangers == [], "the wheel holds the product and nothing else"


def nginx(folder: Path, upstream: str, port: int, files: tuple[Path, Path]) -> list[str]:
    """nginx with the file of deploy/, at another port and with another certificate."""
    site = (CHECKOUT / "deploy/nginx.conf").read_text()
    site = re.sub(r"listen \[::\].*\n", "\n", site)
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/letsencrypt/live/video.example.org/fullchain.pem": str(files[0]),
        "/etc/letsencrypt/live/video.example.org/privkey.pem": str(files[1]),
        "video.example.org": "localhost",
        "http://127.0.0.1:8000": upstream,
    }.items():
        assert old in site
        site = site.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{\n{folders}{site}\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, upstream: str, port: int, files: tuple[Path, Path]) -> list[str]:
    """Caddy with the file of deploy/, at another port and with another certificate."""
    site = (CHECKOUT / "deploy/Caddyfile").read_text()
    for old, new in {
        "{$VESTIBULE_SITE:video.example.org} {": f"https://localhost:{port} {{\n"
        f"\tbind 127.0.0.1\n\ttls {files[0]} {files[1]}",
        "{$VESTIBULE_UPSTREAM:127.0.0.1:8000}": upstream,
    }.items():
        assert old in site
        site = site.replace(old, new)
    (folder / "Caddyfile").write_text(
        f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{site}"
    )
    adapted = ["--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    return ["caddy", "run", *adapted]


@pytest.mark.parametrize("web_server", [nginx, caddy])
def test_a_web_server_as_the_example_says_passes_pages_bodies_and_sockets_over_tls(
    installed: Installed,
    tmp_path: Path,
    web_server: Callable[[Path, str, int, tuple[Path, Path]], list[str]],
) -> None:
    files, port = write_certificate(tmp_path), free_port()
    trusted = ssl.create_default_context(cafile=str(files[0]))
    upstream = installed.demo["base_url"].replace("localhost", "127.0.0.1")
    command = web_server(tmp_path, upstream, port, files)
    environment = {**clean_environment(), "HOME": str(tmp_path)}
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        with httpx2.Client(base_url=f"https://localhost:{port}", verify=trusted) as http:
            answer = first_answer(http, running, tmp_path / "log")
            assert answer.json() == {"status": "alive"}
            assert "max-age" in answer.headers["strict-transport-security"]
            http.headers["Authorization"] = f"Bearer {installed.demo['api_key']}"
            too_large = http.post("/v1/rooms", content=b" " * 2_000_000)
            assert (too_large.status_code, too_large.json()["error"]) == (
                413,
                "invalid-request-error",
            )
        with connect(f"wss://localhost:{port}/signalling", ssl=trusted) as socket:
            hello = {"type": "hello", "versions": [1], "room": "no-such-room", "token": None}
            socket.send(json.dumps(hello))
            assert json.loads(socket.recv(PATIENCE_SECONDS))["type"] == "refused"
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)


def first_answer(
    http: httpx2.Client, running: subprocess.Popen[bytes], log: Path
) -> httpx2.Response:
    """What the web server answers once it listens."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return http.get("/health/live", timeout=30)
        except httpx2.TransportError:
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
