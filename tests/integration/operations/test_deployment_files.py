"""The files of deploy/, checked with the programs that read them and against the settings."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers.installed import CHECKOUT, clean_environment
from vestibule.operations.configuration import read_settings
from vestibule.settings import PREFIX, Settings, misspelt_variables

DEPLOY = CHECKOUT / "deploy"
KEY = "k1:" + "A" * 43 + "="
MADE_UP = {
    "VESTIBULE_SITE": "video.example.org",
    "TURN_SITE": "turn.example.org",
    "DATABASE_PASSWORD": "one",
    "TURN_SECRET": "two",
    "REDIS_PASSWORD": "three",
    "MASTER_KEY": KEY,
}
IMAGES_OWN = {"FORWARDED_ALLOW_IPS"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile and what follows it."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], " ".join(line.split()[1:])) for line in lines if line[0] != " "]


def image_variables() -> dict[str, str]:
    """The variables that the image sets."""
    given = " ".join(rest for word, rest in instructions() if word == "ENV")
    return dict(part.split("=", 1) for part in given.split())


def composed(*names: str) -> dict[str, Any]:
    """Compose files, each on top of the one before it, as the program understands them."""
    files = [word for name in names for word in ("-f", str(DEPLOY / name))]
    result = subprocess.run(
        ["docker-compose", *files, "config"],
        env={**clean_environment(), **MADE_UP},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    read: dict[str, Any] = yaml.safe_load(result.stdout)
    return read


def test_the_unit_is_one_that_systemd_takes_and_calls_well_protected(tmp_path: Path) -> None:
    program = tmp_path / "vestibule"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "vestibule.service"
    text = (DEPLOY / "vestibule.service").read_text()
    unit.write_text(text.replace("/opt/vestibule/bin/vestibule", str(program)))
    for question in (["verify", "--man=no"], ["security", "--offline=true", "--threshold=20"]):
        asked = subprocess.run(
            ["systemd-analyze", *question, unit], capture_output=True, text=True, check=False
        )
        assert asked.returncode == 0, asked.stdout + asked.stderr
    variables = dict(re.findall(r"^Environment=(\w+)=(.*)$", text, re.M))
    assert misspelt_variables(variables) == []
    assert f"{PREFIX}DATA" in variables


def test_the_image_copies_what_is_there_and_sets_what_settings_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = [
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert sources
    assert [source for source in sources if not (CHECKOUT / source).exists()] == []
    kept = re.findall(r"^!(\S+)$", (CHECKOUT / ".dockerignore").read_text(), re.M)
    assert [source for source in sources if source.split("/")[0] not in kept] == []

    variables = image_variables()
    assert misspelt_variables(variables) == []
    assert {name for name in variables if not name.startswith(PREFIX)} == IMAGES_OWN
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    said = dict(instructions())
    assert said["EXPOSE"] == str(settings.port)
    assert said["VOLUME"] == str(settings.data)
    assert settings.host == "0.0.0.0"
    assert said["USER"] != "root"


def test_what_the_image_and_the_web_servers_ask_for_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    health = re.search(r"HEALTHCHECK[^#]*:(\d+)(/health/\w+)", text)
    assert health is not None
    port = Settings.model_fields["port"].default
    assert health.groups() == (str(port), "/health/ready")
    for file in ("nginx.conf", "Caddyfile"):
        assert f"127.0.0.1:{port}" in (DEPLOY / file).read_text()


@pytest.mark.parametrize("name", ["compose.yaml", "compose.parts.yaml"])
def test_a_compose_file_is_one_that_the_program_takes_and_the_settings_know(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = composed(name)["services"]
    variables = {**image_variables(), **services["vestibule"]["environment"]}
    for variable in os.environ:
        if variable.startswith(PREFIX):
            monkeypatch.delenv(variable)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    settings = read_settings()
    assert settings.public_url == "https://video.example.org"
    asked = services["caddy"]["environment"]["VESTIBULE_UPSTREAM"]
    assert asked == f"vestibule:{settings.port}"
    assert f"{settings.data}:rw" in services["vestibule"]["volumes"][0]
    assert "ports" not in services["vestibule"], "nobody reaches it but through TLS"
    if name == "compose.parts.yaml":
        assert settings.database.startswith("postgresql+psycopg://vestibule:one@database/")
        assert settings.turn_secret is not None
        secret = settings.turn_secret.get_secret_value()
        assert f"--static-auth-secret={secret}" in services["turn"]["command"]
        assert [url.split(":")[1] for url in settings.turn_urls] == ["turn.example.org"] * 2


def test_two_processes_have_all_in_common_but_their_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = composed("compose.parts.yaml", "compose.several.yaml")["services"]
    one, other = services["vestibule"], services["second"]
    assert one["environment"] == other["environment"]
    assert one["volumes"] != other["volumes"]
    for variable, value in {**image_variables(), **other["environment"]}.items():
        monkeypatch.setenv(variable, value)
    settings = read_settings()
    assert settings.redis_url is not None
    password = settings.redis_url.get_secret_value().split("@")[0].rpartition(":")[2]
    assert f"--requirepass {password}" in services["redis"]["command"]
    asked = services["caddy"]["environment"]["VESTIBULE_UPSTREAM"]
    assert asked == f"vestibule:{settings.port} second:{settings.port}"


def test_the_parts_do_not_start_with_a_default_secret() -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / "parts.env.example").read_text(), re.M))
    assert example == dict.fromkeys(MADE_UP, "")
    result = subprocess.run(
        ["docker-compose", "-f", DEPLOY / "compose.parts.yaml", "config", "--quiet"],
        env={**clean_environment(), **example},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert "Missing mandatory value" in result.stderr
