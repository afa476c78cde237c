"""The command line, as a person and a program meet it."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.servers.command_line import vestibule
from tests.servers.vestibule import VestibuleProcess, free_port

FIELDS = {
    "api_url",
    "api_key",
    "domain",
    "base_url",
    "console_url",
    "admin",
    "organization_id",
    "organization_token",
    "appointment_id",
    "specialist_url",
    "patient_url",
}


@pytest.mark.timeout(300)
def test_the_demonstration_prints_one_line_of_json_and_ends_cleanly(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    demo = clinic.start()
    assert demo.keys() == FIELDS
    assert demo["admin"].keys() == {"email", "password"}
    assert demo["api_url"] == f"{demo['base_url']}/v1"
    assert demo["base_url"] == f"http://localhost:{clinic.port}"
    assert (demo["domain"], demo["organization_id"]) == ("restartix", 1)
    for page in ("console_url", "specialist_url", "patient_url"):
        with urlopen(demo[page], timeout=30) as answer:
            assert "text/html" in answer.headers["Content-Type"]
    path = f"/v1/organizations/1/appointments/{demo['appointment_id']}"
    status, appointment = clinic.request("GET", path, key=demo["organization_token"])
    assert (status, appointment["status"]) == (200, "upcoming")
    assert appointment["specialist_url"] == demo["specialist_url"]
    assert appointment["patient_url"] == demo["patient_url"]
    assert clinic.rest_of_output() == "", "standard output holds the one line and nothing else"
    assert clinic.exit_code == 0
    assert "Traceback" not in clinic.log.read_text()


@pytest.mark.timeout(300)
def test_a_second_run_shows_the_same_clinic_again(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    first = clinic.start()
    assert clinic.stop() == 0
    second = clinic.start()
    assert clinic.stop() == 0
    assert first == second


@pytest.mark.timeout(300)
@pytest.mark.parametrize("left", [None, "{"])
def test_a_first_run_that_was_interrupted_can_be_repeated(tmp_path: Path, left: str | None) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    clinic.start()
    clinic.kill()
    (clinic.data / "demonstration.json").unlink()
    if left is not None:
        (clinic.data / "demonstration.json").write_text(left)
    demo = clinic.start()
    assert demo["organization_id"] == 1
    path = f"/v1/organizations/1/appointments/{demo['appointment_id']}"
    assert clinic.request("GET", path, key=demo["organization_token"])[0] == 200
    assert clinic.stop() == 0


def test_what_is_stored_is_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    clinic = VestibuleProcess(folder)
    clinic.start()
    clinic.stop()
    ours = [file for file in folder.iterdir() if file != clinic.log]
    assert [file.name for file in ours if file.stat().st_mode & 0o077] == []


def test_no_secret_reaches_the_log(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    demo = clinic.start()
    with urlopen(demo["patient_url"], timeout=30):
        pass
    with urlopen(f"{demo['patient_url']}/state", timeout=30):
        pass
    clinic.request("GET", "/v1/rooms?token=canary", key=demo["api_key"])
    clinic.stop()
    log = clinic.log.read_text()
    assert "request" in log
    secrets = [
        demo["api_key"],
        demo["organization_token"],
        demo["admin"]["password"],
        demo["patient_url"].rsplit("/", 1)[1],
        "canary",
        "Ben Ionescu",
    ]
    assert [secret for secret in secrets if secret in log] == []


def test_a_second_domain_has_keys_and_rooms_of_its_own(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    demo = clinic.start()
    try:
        create = ("domains", "create", "practice", "--data", str(clinic.data))
        made = vestibule(*create, "--json", VESTIBULE_BASE_URL="https://video.example.org")
        practice = json.loads(made.stdout)
        assert practice["rooms_url"] == "https://practice.video.example.org/"
        room = clinic.request("POST", "/v1/rooms", key=practice["api_key"], body={"name": "talk"})
        assert room[0] == 200
        assert clinic.request("GET", "/v1/rooms/talk", key=demo["api_key"])[0] == 404
        listed = vestibule("domains", "list", "--json", "--data", str(clinic.data))
        names = [json.loads(line)["name"] for line in listed.stdout.splitlines()]
        assert names == sorted([demo["domain"], "practice"])
        again = vestibule(*create)
        assert again.returncode == 1
        assert again.stderr.strip().endswith("a domain named practice already exists")
    finally:
        clinic.stop()


def test_two_servers_never_share_a_folder(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    clinic.start()
    try:
        second = vestibule("serve", "--port", str(free_port()), "--data", str(clinic.data))
    finally:
        clinic.stop()
    assert second.returncode == 1
    assert "already uses the folder" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path) -> None:
    clinic = VestibuleProcess(tmp_path / "clinic")
    clinic.start()
    try:
        second = vestibule("serve", "--port", str(clinic.port), "--data", str(tmp_path / "other"))
    finally:
        clinic.stop()
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{clinic.port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    result = vestibule("serve", "--data", str(tmp_path), VESTIBULE_PROT="8000")
    assert result.returncode == 1
    assert "VESTIBULE_PROT" in result.stderr


def test_an_organization_made_from_the_command_line_gets_rooms(tmp_path: Path) -> None:
    made = vestibule(
        "organizations", "create", "--name", "Riverside", "--json", "--data", str(tmp_path)
    )
    assert made.returncode == 0, made.stderr
    organization = json.loads(made.stdout)
    assert organization.keys() == {"organization_id", "organization_token"}
    key = vestibule("keys", "create", "--label", "platform", "--data", str(tmp_path))
    assert len(key.stdout.strip()) == 64


def test_nobody_gets_a_role_in_an_organization_that_is_not_there(tmp_path: Path) -> None:
    person = ["--email", "ada@clinic.example", "--name", "Ada"]
    refused = vestibule(
        *("users", "create", *person, "--organization", "77", "--data", str(tmp_path))
    )
    assert refused.returncode == 1
    assert "77" in refused.stderr
    assert "Traceback" not in refused.stderr
