"""Builds what several processes of one installation share, if the settings say that there are."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from vestibule.foundation.clock import Clock
from vestibule.foundation.encryption import Keyring
from vestibule.foundation.errors import Unavailable
from vestibule.foundation.ids import Ids
from vestibule.foundation.shared_broker import SharedBroker
from vestibule.rooms.ownership.leases import Leases
from vestibule.rooms.ownership.peers import Peers
from vestibule.settings import Settings

ANSWER_SECONDS = 2.0
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - what to listen on, told here to be replaced


@dataclass(frozen=True)
class Several:
    """What connects this process with the others. Nothing is reached before `start`."""

    redis: "Redis"
    broker: SharedBroker
    leases: Leases
    peers: Peers

    async def start(self) -> None:
        """Be one of the processes; Unavailable if Redis does not answer."""
        try:
            await self.leases.start()
        except (RedisError, OSError) as error:
            raise Unavailable(
                f"Redis does not answer ({type(error).__name__}); start it, or mend "
                "VESTIBULE_REDIS_URL"
            ) from error
        self.broker.start()

    async def close(self) -> None:
        """Be one of them no longer."""
        await self.leases.close()
        await self.broker.close()
        with suppress(RedisError, OSError):
            await self.redis.aclose()


def build_several(
    settings: Settings, *, keyring: Keyring, clock: Clock, ids: Ids
) -> Several | None:
    """None: this process is alone."""
    if settings.redis_url is None:
        return None
    redis_url = settings.redis_url.get_secret_value()
    redis = Redis.from_url(
        redis_url,
        decode_responses=True,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
        # A connection that broke while nobody used it is mended without a word.
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
    )
    process = ids.uuid()
    return Several(
        redis=redis,
        broker=SharedBroker(redis, process=process),
        leases=Leases(redis, process=process, url=own_url(settings, redis_url)),
        peers=Peers(keyring, clock),
    )


def own_url(settings: Settings, redis_url: str) -> str:
    """Where the other processes reach this one."""
    if settings.peer_url is not None:
        return settings.peer_url
    host = settings.host
    if host in ANYWHERE:
        host = address_towards(urlsplit(redis_url).hostname or "localhost")
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{settings.port}"


def address_towards(host: str) -> str:
    """This machine's own address on the way to another; nothing is sent there."""
    family, kind, _, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as probe:
        probe.connect(address)
        own: str = probe.getsockname()[0]
        return own
