"""Which servers each person is told of, and with which password."""

from tests.unit.rooms.calls.people import ADA, BEN, NOW, SEEN, call, told
from vestibule.rooms.calls.messages import IceServers, Joined
from vestibule.rooms.calls.passes import RecorderPass
from vestibule.rooms.calls.recorders import Recorders
from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.calls.views import IceServer

STUN = IceServer(urls=["stun:stun.clinic.example"])
TURN = IceServer(urls=["turn:turn.clinic.example"], username="call", credential="secret")
PERSONAL = Relays([STUN], turn_urls=["turn:turn.clinic.example"], turn_secret="north")
HALF_AN_HOUR = 1800


def test_strangers_get_no_server_that_needs_a_password() -> None:
    relays = Relays([STUN, TURN], turn_urls=["turn:a"], turn_secret="north")
    assert relays.for_strangers == [STUN]


def test_each_person_gets_a_password_of_their_own_for_an_hour() -> None:
    stun, own = PERSONAL.of("ada", NOW)

    assert stun == STUN
    # echo -n 1800003600:ada | openssl dgst -sha1 -hmac north -binary | base64
    assert (own.username, own.credential) == ("1800003600:ada", "W1s07OdwyWA8GnZB8/R4JsxaP/I=")
    assert PERSONAL.of("ben", NOW)[1].credential != own.credential


def test_who_joins_is_told_their_own_and_gets_new_ones_every_half_hour() -> None:
    running = call(relays=PERSONAL)
    [(_, joined)] = running.enter(ADA, SEEN, NOW)
    assert isinstance(joined, Joined)
    assert joined.ice_servers == PERSONAL.of("ada", NOW)
    running.enter(BEN, SEEN, NOW + 60)

    assert told(running.step(NOW + HALF_AN_HOUR - 1)) == []
    [(to, renewed)] = running.step(NOW + HALF_AN_HOUR)
    assert to == "ada"
    assert isinstance(renewed, IceServers)
    assert renewed.ice_servers == PERSONAL.of("ada", NOW + HALF_AN_HOUR)
    assert told(running.step(NOW + HALF_AN_HOUR + 60)) == [("ben", "ice-servers")]
    assert told(running.step(NOW + 2 * HALF_AN_HOUR)) == [("ada", "ice-servers")]


def test_who_is_away_gets_new_passwords_on_coming_back() -> None:
    running = call(ADA, BEN, relays=PERSONAL)
    running.lose("ben", NOW + 2 * HALF_AN_HOUR)

    assert told(running.step(NOW + HALF_AN_HOUR)) == [("ada", "ice-servers")]
    joined = dict(running.resume("ben", NOW + HALF_AN_HOUR + 1))["ben"]
    assert isinstance(joined, Joined)
    assert joined.ice_servers == PERSONAL.of("ben", NOW + HALF_AN_HOUR + 1)


def test_a_recorder_gets_new_passwords_too() -> None:
    running, recorders = call(ADA), Recorders()
    granted = RecorderPass("recording-1", running.room.id, NOW)
    recorders.enter(
        running.room, granted, call=running, relays=PERSONAL, now=NOW, settling_seconds=0
    )

    assert recorders.renewed_relays(PERSONAL, NOW + HALF_AN_HOUR - 1) == []
    renewed = recorders.renewed_relays(PERSONAL, NOW + HALF_AN_HOUR)
    assert told(renewed) == [("recording-1", "ice-servers")]


def test_passwords_that_stay_are_not_told_again() -> None:
    running = call(ADA, relays=Relays([STUN, TURN]))
    assert told(running.step(NOW + 10 * HALF_AN_HOUR)) == []
