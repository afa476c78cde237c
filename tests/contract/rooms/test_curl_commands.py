"""The source documents' commands, run by a real curl against a real server.

Only hosts, keys and past times are ours. `000` prints its requests without curl, `001` and `004`
only name them; what they name is asked here in the same way.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.servers.vestibule import VestibuleProcess

JSON = '-H "Content-Type: application/json"'
TOKEN = f'curl {JSON} -H "Authorization: Bearer $TOKEN"'
DAILY = f'curl {JSON} -H "Authorization: Bearer $DAILY_API_KEY"'

Run = Callable[[str], Any]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VestibuleProcess]:
    server = VestibuleProcess(tmp_path_factory.mktemp("curl"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def run(server: VestibuleProcess) -> Run:
    """Runs a command as the documents print it, and answers the JSON that it printed."""
    ours = f"http://127.0.0.1:{server.port}"
    exp = int(time.time()) + 86400
    hosts = {
        "https://api.daily.co": ours,
        "https://prod-ks.pluot.blue": ours,
        "http://prod-ks.pluot.blue": ours,
        "my-awesome-team": server.demo["domain"],
        "1706094600": str(exp),
        "1706098200": str(exp + 3600),
        "1572598800": str(exp),
    }

    def run(command: str) -> Any:
        for theirs, swapped in hosts.items():
            command = command.replace(theirs, swapped)
        key = server.demo["api_key"]
        done = subprocess.run(
            ["sh", "-c", command.replace("curl ", "curl -sS ")],
            env={**os.environ, "TOKEN": key, "DAILY_API_KEY": key},
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    return run


def test_the_appointment_document(run: Run) -> None:
    rooms = "https://api.daily.co/v1/rooms"
    room = {
        "name": "restartix-1-902",
        "privacy": "private",
        "properties": {
            "exp": 1706094600,
            "enable_screenshare": True,
            "enable_chat": True,
            "enable_knocking": True,
            "enable_prejoin_ui": True,
            "start_video_off": False,
            "start_audio_off": False,
            "owner_only_broadcast": False,
            "enable_recording": "cloud",
            "max_participants": 2,
        },
    }
    made = run(f"{DAILY} -X POST {rooms} -d '{json.dumps(room)}'")
    assert (made["name"], made["privacy"]) == ("restartix-1-902", "private")
    later = '{"properties": {"exp": 1706098200}}'
    moved = run(f"{DAILY} -X PATCH {rooms}/restartix-1-902 -d '{later}'")
    assert moved["config"]["exp"] == made["config"]["exp"] + 3600
    assert run(f"{DAILY} {rooms}/restartix-1-902") == moved
    for is_owner, name in ((True, "Dr. Smith"), (False, "John Doe")):
        properties = {
            "room_name": "restartix-1-902",
            "is_owner": is_owner,
            "user_name": name,
            "enable_recording": "cloud",
            "start_cloud_recording": is_owner,
        }
        body = json.dumps({"properties": properties})
        token = run(f"{DAILY} -X POST https://api.daily.co/v1/meeting-tokens -d '{body}'")["token"]
        assert run(f"{DAILY} https://api.daily.co/v1/meeting-tokens/{token}") == properties
    gone = {"deleted": True, "name": "restartix-1-902"}
    assert run(f"{DAILY} -X DELETE {rooms}/restartix-1-902") == gone
    assert run(f"{DAILY} -X DELETE {rooms}/restartix-1-902")["error"] == "not-found"


def test_the_guide_to_creating_and_using_rooms(run: Run) -> None:
    api = "https://api.daily.co/v1"
    body = '{"properties": {"exp": 1706094600, "enable_knocking": true}, "privacy": "private"}'
    made = run(f"{DAILY} -X POST {api}/rooms -d '{body}'")
    assert made["config"]["enable_knocking"] is True
    assert run(f"{DAILY} {api}/rooms/{made['name']}") == made
    assert made in run(f"{DAILY} {api}/rooms")["data"]
    body = f'{{"properties": {{"room_name": "{made["name"]}"}}}}'
    assert run(f"{DAILY} -X POST {api}/meeting-tokens -d '{body}'").keys() == {"token"}
    assert run(f"{DAILY} -X DELETE {api}/rooms/{made['name']}")["deleted"] is True


def test_the_team_api_of_2018(run: Run, server: VestibuleProcess) -> None:
    team = "https://prod-ks.pluot.blue/domains/by-name/my-awesome-team"
    plain = team.replace("https", "http")
    found = run(f"{TOKEN} -XGET {team}")
    assert {"name", "teamInviteLink", "rooms", "users"} <= found.keys()
    room = run(f'{TOKEN} -XPOST -d \'{{"name":"room-a"}}\' {plain}/room')
    assert (room["name"], room["privacy"], type(room["dialInPIN"])) == ("room-a", "org", str)
    changed = run(f'{TOKEN} -XPOST -d \'{{"privacy":"private"}}\' {plain}/room/room-a')
    assert changed == {"updated": True}
    # The document's own example of this method leaves out what it changes.
    refused = run(f'{TOKEN} -XPOST -d \'{{"name":"room-a"}}\' {plain}/room/room-a')
    assert "privacy" in refused["error"]["message"]
    assert run(f"{TOKEN} -XDELETE {plain}/room/room-a") == {"deleted": "true"}
    assert list(run(f"{TOKEN} -XDELETE {plain}/room/room-a")["error"]) == ["message"]
    assert list(run(f"{TOKEN} -XDELETE {team}/user/kwindla@gmail.com")["error"]) == ["message"]


def test_the_team_apis_list_of_meetings(run: Run) -> None:
    documented = run("curl https://api.daily.co/openapi.json")["paths"]
    if "/domains/by-name/{team}/meetings" not in documented:
        pytest.skip("this installation keeps no meetings")
    body = '{"start":"2018-07-10T20:00:00.000Z", "end":"2018-07-25T00:00:00.000Z"}'
    team = "https://prod-ks.pluot.blue/domains/by-name/my-awesome-team"
    said = run(f"{TOKEN} -XPOST -d '{body}' {team}/meetings")
    assert said == {"meetings": [], "moreResults": False}


def test_the_rooms_tutorial(run: Run) -> None:
    api = "https://api.daily.co/v1"

    def curl(arguments: str) -> Any:
        return run(f"{DAILY} \\\n {arguments}")

    assert curl(f'-XPOST -d \\\n \'{{"name":"example-room-name"}}\' \\\n {api}/rooms')["name"] == (
        "example-room-name"
    )
    private = curl(f'-XPOST -d \\\n \'{{"privacy":"private"}}\' \\\n {api}/rooms')
    assert (len(private["name"]), private["privacy"]) == (20, "private")
    body = '{"properties":{"nbf":1572598800,"room_name":"example-private-room"}}'
    assert curl(f"-XPOST -d \\\n '{body}' \\\n {api}/meeting-tokens").keys() == {"token"}
    for name in ("example-private-room", "example-existing-room"):
        curl(f'-XPOST -d \'{{"name":"{name}"}}\' {api}/rooms')
    gone = {"deleted": True, "name": "example-private-room"}
    assert curl(f"-XDELETE  \\\n {api}/rooms/example-private-room") == gone
    body = '{"privacy":"private", "properties":{"exp":"1572598800"}}'
    changed = curl(f"-XPOST -d \\\n '{body}' \\\n {api}/rooms/example-existing-room")
    assert (changed["privacy"], type(changed["config"]["exp"])) == ("private", int)
    assert changed in curl(f"{api}/rooms")["data"]


def test_controlling_who_joins_a_meeting(run: Run, server: VestibuleProcess) -> None:
    rooms = "https://api.daily.co/v1/rooms"
    made = run(f"{DAILY} -X POST {rooms} -d '{{}}'")
    assert made["privacy"] == "public"
    body = '{"privacy": "private", "properties": {"enable_knocking": true}}'
    changed = run(f"{DAILY} -X POST {rooms}/{made['name']} -d '{body}'")
    assert (changed["privacy"], changed["config"]) == ("private", {"enable_knocking": True})
    body = f'{{"properties": {{"room_name": "{made["name"]}", "is_owner": true}}}}'
    token = run(f"{DAILY} -X POST https://api.daily.co/v1/meeting-tokens -d '{body}'")["token"]
    page = f"http://127.0.0.1:{server.port}/{made['name']}?t={token}"
    shown = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{content_type}", page],
        check=True,
        capture_output=True,
        text=True,
    )
    assert shown.stdout == "200 text/html; charset=utf-8"
