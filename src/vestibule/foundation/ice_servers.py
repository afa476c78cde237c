"""Tries STUN and TURN servers as browsers would use them: from here, over each transport."""

import asyncio
import ssl
from typing import Final

from aioice import stun, turn

PATIENCE_SECONDS: Final = 5.0


class CredentialsRefused(Exception):
    """The server answers, and does not let us in. `code`: its error (STUN)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Silent(Exception):
    """The server does not answer. The text: the kind of failure."""


async def try_ice_url(url: str, *, username: str | None, credential: str | None) -> str:
    """Ask a STUN server for our address, or a TURN server for a place to relay from.

    What it does, in words. ValueError if the address is none; Silent, CredentialsRefused.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _try(url, username, credential)
    except stun.TransactionFailed as error:
        code = error.response.attributes.get("ERROR-CODE", (0, ""))[0]
        raise CredentialsRefused(code) from error
    except (OSError, TimeoutError, stun.TransactionTimeout) as error:
        raise Silent(type(error).__name__) from error


async def _try(url: str, username: str | None, credential: str | None) -> str:
    scheme, _, rest = url.partition(":")
    place, _, query = rest.partition("?")
    host, _, port = place.rpartition(":") if ":" in place else (place, "", "")
    if scheme not in ("stun", "turn", "turns") or not host:
        raise ValueError("it should look like stun:host, turn:host:port or turns:host:port")
    tls = ssl.create_default_context() if scheme == "turns" else None
    address = (host.strip("[]"), int(port or (5349 if tls else 3478)))
    if scheme == "stun":
        return await _ask_stun(address)
    transport = "tcp" if tls or "transport=tcp" in query else "udp"
    relay, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        address,
        username,
        credential,
        lifetime=60,
        ssl=tls,
        transport=transport,
    )
    try:
        relayed = relay.get_extra_info("sockname")[0]
    finally:
        relay.close()
    return f"relays from {relayed} ({'TLS' if tls else transport.upper()})"


class _Ask(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self.answer.done():
            self.answer.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(exc)


async def _ask_stun(address: tuple[str, int]) -> str:
    """Our address as a STUN server sees it; asks again each second, for datagrams get lost."""
    loop = asyncio.get_running_loop()
    transport, asking = await loop.create_datagram_endpoint(_Ask, remote_addr=address)
    question = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    try:
        while True:
            transport.sendto(bytes(question))
            done, _ = await asyncio.wait({asking.answer}, timeout=1.0)
            if done:
                answer = stun.parse_message(asking.answer.result())
                return f"sees us as {answer.attributes['XOR-MAPPED-ADDRESS'][0]}"
    finally:
        transport.close()
