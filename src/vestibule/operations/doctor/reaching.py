"""Checks of what lies beyond this machine: the public address, mail, TURN and webhooks."""

import smtplib
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import httpx2

from vestibule.appointments.notifications.smtp import Mailer
from vestibule.assembly import build
from vestibule.assembly.media_servers import media_servers
from vestibule.foundation.errors import TemporaryError
from vestibule.foundation.ice_servers import CredentialsRefused, Silent, try_ice_url
from vestibule.operations.doctor.model import Finding, failed, not_set_up, ok, reason
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
    servers = media_servers(settings, asked_by="doctor")
    if not servers:
        said = "no VESTIBULE_TURN_URLS: people in strict networks cannot reach each other"
        yield not_set_up("turn", said)
    for server in servers:
        for url in server.urls:
            yield await turn_finding(url, server)


async def turn_finding(url: str, server: IceServer) -> Finding:
    """What one address does."""
    try:
        said = await try_ice_url(url, username=server.username, credential=server.credential)
    except CredentialsRefused as error:
        fix = "mend VESTIBULE_TURN_SECRET, or username and credential in VESTIBULE_ICE_SERVERS"
        return failed("turn", f"{url} refuses us ({error.code})", fix=fix)
    except ValueError as error:
        return failed(
            "turn", f"{url}: {reason(error)}", fix="mend it in VESTIBULE_TURN_URLS or _ICE_SERVERS"
        )
    except Silent as error:
        fix = "start the server, and open this port of its firewall for this transport"
        return failed("turn", f"{url} does not answer ({error})", fix=fix)
    return ok("turn", f"{url} {said}")


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
