"""Checks of what lies beyond this machine: the public address, mail, TURN and webhooks."""

import asyncio
import smtplib
import ssl
import time
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import httpx2
from aioice import stun, turn

from vestibule.appointments.notifications.smtp import Mailer
from vestibule.assembly import build
from vestibule.foundation.errors import TemporaryError
from vestibule.operations.doctor.model import Finding, failed, not_set_up, ok, reason
from vestibule.rooms.calls.relays import Relays
from vestibule.rooms.webhooks.model import WebhookState
from vestibule.settings import IceServer, Settings

PATIENCE_SECONDS: Final = 5.0
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


async def check_address(settings: Settings) -> AsyncIterator[Finding]:
    """Whether a server answers at the public address, is ready, and is reached over TLS."""
    url = settings.public_url
    fix = "start it with 'vestibule serve', and see that the web server before it passes requests"
    try:
        async with httpx2.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            answer = await http.get(f"{url}/health/ready")
            parts = answer.json()["parts"]
    except httpx2.HTTPError as error:
        if "CERTIFICATE" in str(error).upper():
            fix = "renew the certificate of the web server, or trust its authority on this machine"
        yield failed("server", f"{url} does not answer: {reason(error)}", fix=fix)
        return
    except (ValueError, KeyError, TypeError):
        fix = "mend VESTIBULE_BASE_URL, or the web server before Vestibule"
        yield failed("server", f"something else than Vestibule answers at {url}", fix=fix)
        return
    wrong = [f"{name} {state}" for name, state in parts.items() if state != "ok"]
    if wrong:
        yield failed("server", f"it is not ready: {'; '.join(wrong)}", fix="look into its log")
    elif not url.startswith("https://") and urlsplit(url).hostname not in LOOPBACK:
        fix = "put Caddy or nginx before it (deploy/), and begin VESTIBULE_BASE_URL with https://"
        said = f"{url} is not HTTPS, so browsers give it no camera and no microphone"
        yield failed("server", said, fix=fix)
    else:
        yield ok("server", f"{url} is ready")


async def check_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the mail server lets us in and takes our sender; nothing is sent."""
    if not Mailer(settings).is_set_up:
        yield not_set_up("mail", "no VESTIBULE_MAIL_HOST: nobody is invited or reminded by mail")
        return
    where = f"{settings.mail_host}:{settings.mail_port}"
    try:
        await Mailer(settings).probe()
    except smtplib.SMTPAuthenticationError as error:
        fix = "mend VESTIBULE_MAIL_USERNAME and VESTIBULE_MAIL_PASSWORD"
        yield failed("mail", f"{where} does not let us in ({error.smtp_code})", fix=fix)
    except smtplib.SMTPSenderRefused as error:
        fix = "set VESTIBULE_MAIL_FROM to a sender that this account may use"
        said = f"{where} does not take mail from {settings.mail_from} ({error.smtp_code})"
        yield failed("mail", said, fix=fix)
    except (OSError, smtplib.SMTPException, TemporaryError) as error:
        fix = (
            "mend VESTIBULE_MAIL_HOST, VESTIBULE_MAIL_PORT and VESTIBULE_MAIL_SECURITY "
            "(587 is starttls, 465 is tls), and let this machine reach the port"
        )
        yield failed("mail", f"{where} cannot be used: {reason(error)}", fix=fix)
    else:
        yield ok("mail", f"{where} takes mail from {settings.mail_from}")


async def check_turn(settings: Settings) -> AsyncIterator[Finding]:
    """Whether each STUN server answers, and each TURN server relays, over each transport."""
    secret = settings.turn_secret.get_secret_value() if settings.turn_secret else ""
    relays = Relays(turn_urls=settings.turn_urls, turn_secret=secret)
    personal = [IceServer(**each.model_dump()) for each in relays.of("doctor", time.time())]
    servers = [*settings.ice_servers, *personal]
    if not servers:
        said = "no VESTIBULE_TURN_URLS: people in strict networks cannot reach each other"
        yield not_set_up("turn", said)
    for server in servers:
        for url in server.urls:
            yield await turn_finding(url, server)


async def turn_finding(url: str, server: IceServer) -> Finding:
    """What one address does."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = await try_ice_url(url, server)
    except stun.TransactionFailed as error:
        code = error.response.attributes.get("ERROR-CODE", (0, ""))[0]
        fix = "mend VESTIBULE_TURN_SECRET, or username and credential in VESTIBULE_ICE_SERVERS"
        return failed("turn", f"{url} refuses us ({code})", fix=fix)
    except ValueError as error:
        return failed(
            "turn", f"{url}: {reason(error)}", fix="mend it in VESTIBULE_TURN_URLS or _ICE_SERVERS"
        )
    except (OSError, ConnectionError, TimeoutError, stun.TransactionTimeout) as error:
        fix = "start the server, and open this port of its firewall for this transport"
        return failed("turn", f"{url} does not answer ({type(error).__name__})", fix=fix)
    return ok("turn", f"{url} {said}")


async def try_ice_url(url: str, server: IceServer) -> str:
    """Ask a STUN server for our address, or a TURN server for a place to relay from."""
    scheme, _, rest = url.partition(":")
    place, _, query = rest.partition("?")
    host, _, port = place.rpartition(":") if ":" in place else (place, "", "")
    if scheme not in ("stun", "turn", "turns") or not host:
        raise ValueError("it should look like stun:host, turn:host:port or turns:host:port")
    tls = ssl.create_default_context() if scheme == "turns" else None
    address = (host.strip("[]"), int(port or (5349 if tls else 3478)))
    if scheme == "stun":
        return await ask_stun(address)
    transport = "tcp" if tls or "transport=tcp" in query else "udp"
    relay, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol,
        address,
        server.username,
        server.credential,
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


async def ask_stun(address: tuple[str, int]) -> str:
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


async def check_webhooks(settings: Settings) -> AsyncIterator[Finding]:
    """Whether each webhook's address answers the check request that it got when it was made."""
    vestibule = build(settings)
    try:
        webhooks = await vestibule.rooms.webhooks.every()
        if not webhooks:
            yield not_set_up("webhooks", "no program is told of events")
        for webhook in webhooks:
            address = webhook.url.partition("?")[0]
            if webhook.state is WebhookState.FAILED:
                said = f"{address} was switched off after {webhook.failed_count} failures"
                fix = f"mend the receiver, then POST /v1/webhooks/{webhook.id} to switch it on"
                yield failed("webhooks", said, fix=fix)
                continue
            answer = await vestibule.rooms.webhooks.probe(webhook)
            if answer.is_success:
                yield ok("webhooks", f"{address} answers after {answer.milliseconds} ms")
            else:
                why = answer.error or f"status {answer.status}"
                fix = "mend the receiver; what it missed in the last 72 hours is sent again"
                yield failed("webhooks", f"{address} does not take messages: {why}", fix=fix)
    finally:
        await vestibule.stop()
