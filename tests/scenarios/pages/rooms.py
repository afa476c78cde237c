"""Rooms and meeting tokens for the scenarios of the call page, made through the API."""

from typing import Any

from playwright.sync_api import expect

from tests.scenarios.call_page import CallPage
from tests.scenarios.pages.conftest import Clinic


class Room:
    """A private room with a lobby."""

    def __init__(self, clinic: Clinic, **properties: Any) -> None:
        self._clinic = clinic
        body = {"privacy": "private", "properties": {"enable_knocking": True, **properties}}
        room = self._ask("POST", "/v1/rooms", body)
        self.name: str = room["name"]
        self.url: str = room["url"]

    def link(self, user_name: str, **properties: Any) -> str:
        """The room's address with a token for this person."""
        person = {"room_name": self.name, "user_name": user_name, **properties}
        token = self._ask("POST", "/v1/meeting-tokens", {"properties": person})["token"]
        return f"{self.url}?t={token}"

    def delete(self) -> None:
        """Delete it, as the customer's server would."""
        self._ask("DELETE", f"/v1/rooms/{self.name}", None)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        key = self._clinic.demo["api_key"]
        status, answer = self._clinic.server.request(method, path, key=key, body=body)
        assert status == 200, answer
        result: dict[str, Any] = answer
        return result


def enter(person: CallPage, link: str) -> CallPage:
    """The person goes through prejoin into the call."""
    person.open(link)
    person.join()
    expect(person.button("Leave")).to_be_visible()
    return person
