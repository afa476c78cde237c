"""The settings, as the command line shows and checks them, and their page."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.command_line import vestibule

CHECKOUT = Path(__file__).parents[3]


def test_the_page_of_settings_is_current() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/generate_configuration.py", "--check"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stderr


def test_each_setting_is_shown_with_where_it_comes_from_and_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "vestibule.toml"
    file.write_text(
        'port = 9000\nroom_prefix = "clinic"\n'
        'database_url = "postgresql+psycopg://me:canary@host/name"\n'
        '[[ice_servers]]\nurls = ["turn:turn.example.org"]\ncredential = "canary"\n'
    )
    result = vestibule(
        *("config", "show", "--json"),
        VESTIBULE_CONFIG=str(file),
        VESTIBULE_PORT="9001",
        VESTIBULE_MAIL_USERNAME="clinic",
        VESTIBULE_MAIL_PASSWORD="canary",
    )
    assert result.returncode == 0, result.stderr
    shown = json.loads(result.stdout)
    assert shown["port"] == {"value": 9001, "from": "VESTIBULE_PORT"}
    assert shown["room_prefix"] == {"value": "clinic", "from": str(file)}
    assert shown["host"]["from"] == "default"
    assert shown["database_url"]["value"].endswith("@host/name")
    assert "canary" not in result.stdout


def test_a_check_names_every_problem_at_once_and_nothing_is_started() -> None:
    result = vestibule(
        *("config", "check", "--json"),
        VESTIBULE_PORT="many",
        VESTIBULE_BASE_URL="video.example.org",
        VESTIBULE_MASTER_KEY="canary",
    )
    assert result.returncode == 1
    problems = json.loads(result.stdout)["problems"]
    assert [problem.split()[2] for problem in problems] == ["port", "base_url", "master_key"]
    assert "canary" not in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1\n", "no setting is named prot"),
        ("port = \n", "is not TOML"),
        (None, "No such file"),
    ],
)
def test_a_file_that_is_wrong_is_one_clear_line(
    tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "vestibule.toml"
    if text is not None:
        file.write_text(text)
    result = vestibule("serve", "--data", str(tmp_path), VESTIBULE_CONFIG=str(file))
    assert result.returncode == 1
    assert said in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr


def test_settings_that_are_right_pass() -> None:
    assert vestibule("config", "check").returncode == 0
