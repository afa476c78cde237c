"""The 2018 team API, asked as its document asks it (requirements C1 to C7)."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, event

from vestibule.assembly import Vestibule, build
from vestibule.rooms.definitions.model import WantedRoom
from vestibule.settings import Settings

TEAM = "my-awesome-team"
PASSWORD = "correct horse battery"
PRIVACIES = ["public", "org", "private"]


@pytest.fixture
async def vestibule(database_url: str, tmp_path: Path) -> AsyncIterator[Vestibule]:
    settings = Settings(
        database_url=database_url,
        data=tmp_path,
        base_url="https://video.clinic.example",
        primary_domain=TEAM,
    )
    vestibule = build(settings)
    await vestibule.rooms.domains.primary()
    yield vestibule
    await vestibule.stop()


class Program:
    """A program written in 2018: sends its token, and looks only at the JSON."""

    def __init__(self, http: httpx2.AsyncClient, key: str) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    async def __call__(self, method: str, path: str = "", body: Any = None) -> Any:
        """The JSON of an answer, which has status 200 whatever it says."""
        content = body if isinstance(body, str) else json.dumps(body) if body is not None else None
        answer = await self.http.request(
            method, f"/domains/by-name/{TEAM}{path}", content=content, headers=self.headers
        )
        assert answer.status_code == 200
        return answer.json()

    async def fails(self, method: str, path: str = "", body: Any = None) -> str:
        """The message of the error, beside which the answer says nothing."""
        answer = await self(method, path, body)
        assert list(answer) == ["error"], answer
        assert list(answer["error"]) == ["message"]
        message: str = answer["error"]["message"]
        return message

    async def rooms(self) -> dict[str, dict[str, Any]]:
        return {room["name"]: room for room in (await self("GET"))["rooms"]}


@pytest.fixture
async def http(vestibule: Vestibule) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=vestibule.app)
    async with httpx2.AsyncClient(
        transport=transport, base_url="https://video.clinic.example"
    ) as http:
        yield http


@pytest.fixture
async def ask(vestibule: Vestibule, http: httpx2.AsyncClient) -> Program:
    domain = await vestibule.rooms.domains.primary()
    return Program(http, await vestibule.rooms.domains.create_key(domain.id, "test"))


async def join(vestibule: Vestibule, email: str, name: str, role: str = "member") -> None:
    user = await vestibule.shared.users.create(email, name, PASSWORD)
    await vestibule.shared.users.grant(
        user.id, (await vestibule.rooms.domains.primary()).scope, role
    )


async def test_a_team_tells_its_link_its_rooms_and_its_people(
    vestibule: Vestibule, ask: Program
) -> None:
    await join(vestibule, "ada@clinic.example", "Dr. Ada", "owner")
    await join(vestibule, "ben@clinic.example", "Ben")
    await vestibule.shared.users.set_avatar(
        "ada@clinic.example", "https://pictures.example/ada.png"
    )
    created = await ask("POST", "/room", {"name": "room-a"})

    team = await ask("GET")

    assert team["name"] == TEAM
    assert team["teamInviteLink"].startswith("https://video.clinic.example/?tk=")
    assert team["rooms"] == [created]
    assert team["users"] == {
        "ada@clinic.example": {
            "email": "ada@clinic.example",
            "name": "Dr. Ada",
            "avatarSrc": "https://pictures.example/ada.png",
            "role": "owner",
        },
        "ben@clinic.example": {"email": "ben@clinic.example", "name": "Ben", "role": "member"},
    }
    assert await ask("GET") == team, "the link and the digits stay the same"


async def test_a_room_is_for_the_team_unless_said_otherwise(ask: Program) -> None:
    room = await ask("POST", "/room", {"name": "room-a"})

    assert (room["name"], room["privacy"]) == ("room-a", "org")
    assert room["url"] == "https://video.clinic.example/room-a"
    assert room["dialInPIN"].isdigit()


@pytest.mark.parametrize("privacy", PRIVACIES)
async def test_a_room_of_each_privacy(ask: Program, privacy: str) -> None:
    assert (await ask("POST", "/room", {"name": "room-a", "privacy": privacy}))[
        "privacy"
    ] == privacy


async def test_rooms_have_digits_of_their_own_also_those_of_the_new_api(
    vestibule: Vestibule, ask: Program
) -> None:
    domain = await vestibule.rooms.domains.primary()
    for name in ("new-a", "new-b"):
        await vestibule.rooms.definitions.create(domain.id, name=name)
    await ask("POST", "/room", {"name": "old"})

    rooms = await ask.rooms()

    assert set(rooms) == {"new-a", "new-b", "old"}
    assert len({room["dialInPIN"] for room in rooms.values()}) == 3
    assert await ask.rooms() == rooms


async def test_digits_for_many_rooms_are_written_in_short_pieces(
    vestibule: Vestibule, ask: Program
) -> None:
    domain = await vestibule.rooms.domains.primary()
    wanted = [WantedRoom(name=f"room-{number}") for number in range(1100)]
    await vestibule.rooms.definitions.create_all(domain.id, wanted)
    pieces: list[list[str]] = [[]]

    def count(*said: Any) -> None:
        pieces[-1].append(said[2])

    def end(*_said: Any) -> None:
        pieces.append([])

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", end)
    try:
        rooms = await ask.rooms()
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        event.remove(Engine, "commit", end)

    assert len({room["dialInPIN"] for room in rooms.values()}) == 1100
    writing = [piece for piece in pieces if any("INTO dial_in_pins" in said for said in piece)]
    assert len(writing) >= 3
    assert max(map(len, pieces)) < 20


async def test_the_privacy_of_a_room_changes(ask: Program) -> None:
    await ask("POST", "/room", {"name": "room-a"})
    for privacy in PRIVACIES:
        assert await ask("POST", "/room/room-a", {"privacy": privacy}) == {"updated": True}
        assert (await ask.rooms())["room-a"]["privacy"] == privacy


async def test_a_room_is_deleted_and_its_name_free_again(ask: Program) -> None:
    await ask("POST", "/room", {"name": "an-old-room"})
    assert await ask("DELETE", "/room/an-old-room") == {"deleted": "true"}
    assert await ask.rooms() == {}
    assert "error" not in await ask("POST", "/room", {"name": "an-old-room"})


async def test_a_user_is_removed_and_the_link_ends(vestibule: Vestibule, ask: Program) -> None:
    await join(vestibule, "kwindla+team@clinic.example", "Kwindla")
    link = (await ask("GET"))["teamInviteLink"]

    assert await ask("DELETE", "/user/kwindla+team@clinic.example") == {"deleted": "true"}

    team = await ask("GET")
    assert team["users"] == {}
    assert team["teamInviteLink"] != link
    assert "kwindla" in await ask.fails("DELETE", "/user/kwindla+team@clinic.example")


async def test_the_last_owner_of_a_team_stays(vestibule: Vestibule, ask: Program) -> None:
    await join(vestibule, "ada@clinic.example", "Dr. Ada", "owner")
    before = await ask("GET")

    assert "last owner" in await ask.fails("DELETE", "/user/ada@clinic.example")

    assert await ask("GET") == before, "the invite link stays too"


async def test_team_and_room_have_35_characters_together_at_most(ask: Program) -> None:
    longest = "r" * (35 - len(TEAM))
    assert "at most 35" in await ask.fails("POST", "/room", {"name": longest + "r"})
    assert await ask.rooms() == {}
    assert (await ask("POST", "/room", {"name": longest}))["name"] == longest


WRONG = [
    ("POST", "/room", {}, "missing required field 'name'"),
    ("POST", "/room", None, "no body"),
    ("POST", "/room", "{", "not valid JSON"),
    ("POST", "/room", '{"name": "\\ud800"}', "half of a character"),
    ("POST", "/room", {"name": "a b"}, "invalid characters"),
    ("POST", "/room", {"name": "a", "privacy": "secret"}, "privacy"),
    ("POST", "/room", {"name": "a", "privcy": "private"}, "privcy"),
    ("POST", "/room", {"name": "taken"}, "already exists"),
    ("POST", "/room/taken", {"name": "taken"}, "missing required field 'privacy'"),
    ("POST", "/room/nowhere", {"privacy": "org"}, "not found"),
    ("DELETE", "/room/nowhere", None, "not found"),
    ("DELETE", "/user/nobody", None, "not an e-mail address"),
    ("DELETE", "/user/nobody@clinic.example", None, "nobody@clinic.example"),
    ("PUT", "/room/taken", {"privacy": "org"}, "PUT is not possible"),
    ("GET", "/nothing", None, "nothing at this address"),
]


@pytest.mark.parametrize(("method", "path", "body", "says"), WRONG)
async def test_what_cannot_be_is_explained_and_changes_nothing(
    ask: Program, method: str, path: str, body: Any, says: str
) -> None:
    await ask("POST", "/room", {"name": "taken", "privacy": "public"})
    before = await ask("GET")

    assert says in await ask.fails(method, path, body)

    assert await ask("GET") == before


async def test_only_a_key_of_the_team_opens_it(
    vestibule: Vestibule, http: httpx2.AsyncClient, ask: Program
) -> None:
    other = await vestibule.rooms.domains.create("practice")
    stranger = Program(http, await vestibule.rooms.domains.create_key(other.id, "test"))
    assert "does not speak for" in await stranger.fails("GET")
    assert "does not speak for" in await stranger.fails("POST", "/room", {"name": "a"})
    assert "not valid" in await Program(http, "f" * 64).fails("GET")
    nobody = Program(http, "")
    assert "Authorization" in await nobody.fails("GET")
    assert await ask.rooms() == {}


LARGE = b'{"name": "' + b"x" * 2_000_000 + b'"}'
IMPOSSIBLE: list[tuple[str, str, bytes | None, str]] = [
    ("GET", "/domains/by-name/my-awesome-team/nothing", None, "nothing at this address"),
    ("GET", "/domains/by-name", None, "nothing at this address"),
    ("GET", "/domains/elsewhere", None, "nothing at this address"),
    ("PUT", "/domains/by-name/my-awesome-team/room", b"{}", "PUT is not possible"),
    ("OPTIONS", "/domains/by-name/my-awesome-team", None, "OPTIONS is not possible"),
    ("POST", "/domains/by-name/my-awesome-team/room", LARGE, "the body is larger than"),
    ("POST", "/domains/by-name/my-awesome-team/room", b'{"name": ', "not valid JSON"),
    ("POST", "/domains/by-name/my-awesome-team/room", b'{"name": "\\ud83d"}', "half of a"),
]


async def test_what_no_method_takes_is_answered_with_200_too(ask: Program) -> None:
    for method, path, body, reason in IMPOSSIBLE:
        answer = await ask.http.request(method, path, content=body, headers=ask.headers)
        assert (answer.status_code, list(answer.json())) == (200, ["error"]), path
        assert reason in answer.json()["error"]["message"]


async def test_a_body_that_grows_too_large_on_its_way_is_answered_with_200_too(
    ask: Program,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(LARGE), 65536):
            yield LARGE[start : start + 65536]

    path = f"/domains/by-name/{TEAM}/room"
    answer = await ask.http.post(path, content=pieces(), headers=ask.headers)
    assert answer.status_code == 200
    assert "larger than" in answer.json()["error"]["message"]
