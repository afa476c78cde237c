"""Which servers a page may use to test its connection before it joins."""

from vestibule.rooms.calls.live import for_strangers
from vestibule.rooms.calls.views import IceServer


def test_strangers_get_no_server_that_needs_a_password() -> None:
    stun = IceServer(urls=["stun:stun.clinic.example"])
    turn = IceServer(urls=["turn:turn.clinic.example"], username="call", credential="secret")
    assert for_strangers([stun, turn]) == [stun]
