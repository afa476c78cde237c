"""The relay that we ship relays into no network of its own: asked for each range, v4 and v6."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aioice import stun, turn

from tests.servers import coturn
from tests.servers.coturn import Coturn

pytestmark = [
    pytest.mark.skipif(coturn.program() is None, reason="coturn is missing on this machine"),
]

CONFIGURATION = Path(__file__).parents[3] / "deploy" / "turnserver.conf"
UDP = 0x11000000
VERSION_6 = 0x02000000
FORBIDDEN = 403
WORDS = re.compile(r"\S+")

# RFC 8656 names the family of the relayed address; aioice does not know the attribute.
FAMILY = (0x0017, "REQUESTED-ADDRESS-FAMILY", stun.pack_unsigned, stun.unpack_unsigned)
stun.ATTRIBUTES_BY_NAME[FAMILY[1]] = stun.ATTRIBUTES_BY_TYPE[FAMILY[0]] = FAMILY

PRIVATE = WORDS.findall("""
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1
127.255.255.255 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0
192.0.0.255 192.0.2.1 192.88.99.1 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255
198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.0 255.255.255.255
""")
PUBLIC = WORDS.findall("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.167.255.255
192.169.0.0 198.17.255.255 198.20.0.0 203.0.112.1 203.0.114.1 223.255.255.255
""")
PRIVATE_6 = WORDS.findall("""
:: ::1 ::2 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:192.168.1.1 ::ffff:8.8.8.8
64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::1 2001:db8::1
2002:7f00:1::1 2002:a00:1::1 fc00::1 fd00::1 fdff:ffff::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1
""")
PUBLIC_6 = WORDS.findall("""
2001:200::1 2001:4860:4860::8888 2003::1 2606:4700:4700::1111 2a00:1450::1 64:ff9c::1 fbff::1
""")


@pytest.fixture(scope="module")
def relay() -> Iterator[Coturn]:
    running = Coturn(configuration=CONFIGURATION)
    running.start()
    yield running
    running.stop()


class Person:
    """Somebody with a right password, who has a place to relay from."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._channel = 0x4000

    async def may_reach(self, address: str) -> bool:
        """Whether the relay would carry packets to this address."""
        self._channel += 1
        wish = stun.Message(stun.Method.CHANNEL_BIND, stun.Class.REQUEST)
        wish.attributes["CHANNEL-NUMBER"] = self._channel
        wish.attributes["XOR-PEER-ADDRESS"] = (address, 9999)
        try:
            await self._protocol.request_with_retry(wish)
        except stun.TransactionFailed as failure:
            code, _ = failure.response.attributes["ERROR-CODE"]
            assert code == FORBIDDEN, (address, code)
            return False
        return True


@contextlib.asynccontextmanager
async def person(relay: Coturn, *, version: int) -> AsyncIterator[Person]:
    """Somebody, until the end of the block."""
    name, password = relay.password()
    server = ("127.0.0.1", relay.port)
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: turn.TurnClientUdpProtocol(server, name, password, 600, 5), remote_addr=server
    )
    wish = stun.Message(stun.Method.ALLOCATE, stun.Class.REQUEST)
    wish.attributes["LIFETIME"] = 600
    wish.attributes["REQUESTED-TRANSPORT"] = UDP
    if version == 6:
        wish.attributes["REQUESTED-ADDRESS-FAMILY"] = VERSION_6
    answer, _ = await protocol.request_with_retry(wish)
    assert ip_address(answer.attributes["XOR-RELAYED-ADDRESS"][0]).version == version
    try:
        yield Person(protocol)
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("version", "private", "public"), [(4, PRIVATE, PUBLIC), (6, PRIVATE_6, PUBLIC_6)]
)
async def test_the_relay_reaches_the_internet_and_no_private_range(
    relay: Coturn, version: int, private: list[str], public: list[str]
) -> None:
    async with person(relay, version=version) as ada:
        assert [address for address in private if await ada.may_reach(address)] == []
        assert [address for address in public if not await ada.may_reach(address)] == []


def test_every_range_of_the_file_has_an_address_in_this_test() -> None:
    tried = [ip_address(address) for address in PRIVATE + PRIVATE_6]
    said = re.findall(r"^denied-peer-ip=([^-\n]+)-(\S+)$", CONFIGURATION.read_text(), re.M)
    assert len(said) == len(re.findall("denied-peer-ip=", CONFIGURATION.read_text())) > 20
    for first, last in said:
        low, high = ip_address(first), ip_address(last)
        inside = [one for one in tried if one.version == low.version and low <= one <= high]  # type: ignore[operator]
        assert inside, (first, last)
