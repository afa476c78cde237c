"""Sends one signed message to an address that somebody else has chosen, without being led astray.

The host name is looked up once, every address it has is checked, and the connection goes to one
of those, so that no second look-up can lead elsewhere. Redirects and proxies are not followed, and
neither a slow nor an endless answer keeps the sender (reference field 4, on SSRF).
"""

import asyncio
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any, Final

import httpx2

from vestibule.foundation.addresses import Resolve, Resolver, is_public
from vestibule.foundation.clock import Clock, unix_seconds
from vestibule.foundation.http import REQUEST_ID
from vestibule.foundation.logging import current_request_id
from vestibule.rooms.webhooks.model import Answer, Target, signature
from vestibule.rooms.webhooks.wire import compact_json

TIMEOUT_SECONDS: Final = 5.0
CONNECT_SECONDS: Final = 2.0  # for each address, so that a dead one leaves time for the next
MAX_ANSWER_BYTES: Final = 64 * 1024
SHOWN_CHARACTERS: Final = 1000
STATUSES_THAT_ASK_TO_WAIT: Final = (429, 503)


class TargetRefused(Exception):
    """The address is not one that this server sends to."""


@dataclass(frozen=True)
class Inside:
    """Addresses of this installation itself, which are reached without any network.

    Whoever serves them asks for a signature, as of messages from outside.
    """

    prefix: str
    transport: httpx2.AsyncBaseTransport


@dataclass
class _Reply:
    """What has arrived so far."""

    status: int | None = None
    retry_after: str | None = None
    content: bytes = b""


class Sender:
    """Posts signed JSON. Every failure is part of the answer; nothing is raised."""

    def __init__(
        self,
        *,
        clock: Clock,
        allow_private_targets: bool = False,
        timeout_seconds: float = TIMEOUT_SECONDS,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        inside: Inside | None = None,
    ) -> None:
        self._inside = inside
        self._clock = clock
        self._allow_private_targets = allow_private_targets
        self._timeout_seconds = timeout_seconds
        self._resolve = resolve or Resolver()
        self._given_tls = tls

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Whom to trust. Reading that takes a while, and most installations send nothing."""
        return self._given_tls or httpx2.create_ssl_context(trust_env=False)

    async def post(self, target: Target, message: Any) -> Answer:
        """Send this message and wait for the answer, at most `timeout_seconds` in all."""
        at, began = self._clock.now(), time.perf_counter()
        reply = _Reply()
        error = None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._exchange(target, compact_json(message), at, reply)
        except TimeoutError:
            error = f"no answer within {self._timeout_seconds:g} seconds"
        except TargetRefused as problem:
            error = str(problem)
        except (OSError, UnicodeError, httpx2.HTTPError, httpx2.InvalidURL) as problem:
            error = _in_words(problem, target.url)
        return Answer(
            at=at,
            milliseconds=round((time.perf_counter() - began) * 1000),
            status=reply.status,
            # Once there is a status, it is the answer, whatever becomes of the body.
            error=error if reply.status is None else None,
            response=_excerpt(reply.content) if reply.status is not None else None,
            wait_seconds=_wait_seconds(reply, at),
        )

    def is_inside(self, url: str) -> bool:
        """Whether this address is one of this installation itself."""
        return self._inside is not None and url.startswith(self._inside.prefix)

    async def _exchange(self, target: Target, body: bytes, at: datetime, reply: _Reply) -> None:
        url = httpx2.URL(target.url)
        timestamp = str(unix_seconds(at))
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "Vestibule-Webhooks",
            "X-Webhook-Timestamp": timestamp,
            "X-Webhook-Signature": signature(target.hmac, timestamp, body),
        }
        request_id = current_request_id()
        if request_id is not None:
            headers[REQUEST_ID] = request_id
        if target.basic_auth is not None:
            headers["Authorization"] = f"Basic {target.basic_auth}"
        if self._inside is not None and self.is_inside(target.url):
            async with httpx2.AsyncClient(transport=self._inside.transport) as client:
                answer = await client.post(url, content=body, headers=headers)
                reply.status, reply.content = answer.status_code, answer.content
            return
        addresses = await self._addresses(url)
        for number, address in enumerate(addresses, start=1):
            try:
                await self._post_to(address, url, headers, body, reply)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return

    async def _addresses(self, url: httpx2.URL) -> list[str]:
        """The addresses of the URL's host, if all of them may be sent to."""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await self._resolve(url.raw_host.decode("ascii"), port)
        if not self._allow_private_targets and not all(map(is_public, addresses)):
            raise TargetRefused(
                f"{url.host} is not on the public internet; this server does not send webhooks "
                "into private networks. VESTIBULE_WEBHOOK_ALLOW_PRIVATE_TARGETS permits it"
            )
        return addresses

    async def _post_to(
        self, address: str, url: httpx2.URL, headers: dict[str, str], body: bytes, reply: _Reply
    ) -> None:
        client = httpx2.AsyncClient(
            verify=self._tls,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(self._timeout_seconds, connect=CONNECT_SECONDS),
        )
        # One client for each message: a kept connection to an address that two host names share
        # would carry the one's messages over the other's TLS session.
        async with (
            client,
            client.stream(
                "POST",
                url.copy_with(host=address),
                content=body,
                headers=headers,
                # TLS still speaks to, and checks the certificate of, the host that was asked for.
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            ) as response,
        ):
            reply.status = response.status_code
            reply.retry_after = response.headers.get("retry-after")
            async for chunk in response.aiter_raw():
                reply.content += chunk
                if len(reply.content) >= MAX_ANSWER_BYTES:
                    return


def _in_words(problem: Exception, url: str) -> str:
    """Why nothing came back, for whoever has chosen the address."""
    detail = str(problem) or type(problem).__name__
    match problem:
        case socket.gaierror() | UnicodeError():
            return f"the host name {httpx2.URL(url).host} cannot be looked up"
        case httpx2.ConnectTimeout():
            return "no connection within 2 seconds"
        case httpx2.ConnectError():
            return f"no connection ({detail})"
        case httpx2.RemoteProtocolError() | httpx2.ReadError() | httpx2.WriteError():
            return f"the connection ended without an answer ({detail})"
        case _:
            return f"{type(problem).__name__}: {detail}"


def _excerpt(content: bytes) -> str:
    """The beginning of a body as text that every database takes."""
    return content.decode("utf-8", "replace").replace("\0", "\ufffd")[:SHOWN_CHARACTERS]


def _wait_seconds(reply: _Reply, now: datetime) -> float | None:
    """What `Retry-After` asks for, in seconds or as a date; None if nothing sensible."""
    if reply.status not in STATUSES_THAT_ASK_TO_WAIT or reply.retry_after is None:
        return None
    text = reply.retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
