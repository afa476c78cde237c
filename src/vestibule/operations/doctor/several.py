"""Checks of what several processes share: Redis, and the way from one process to another."""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

import httpx2
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vestibule.assembly.several import own_url
from vestibule.operations.doctor.model import Finding, failed, not_set_up, ok, reason
from vestibule.settings import Settings

ANSWER_SECONDS: Final = 5.0
CHANNEL: Final = "vestibule:doctor"
SCRIPT: Final = "return redis.call('TIME')[1]"


async def check_redis(settings: Settings) -> AsyncIterator[Finding]:
    """Whether Redis runs scripts and carries news, and this process answers where others ask."""
    if settings.redis_url is None:
        yield not_set_up("redis", "one process serves alone")
        return
    url = settings.redis_url.get_secret_value()
    place = urlsplit(url)
    shown = f"{place.scheme}://{place.hostname}:{place.port or 6379}{place.path}"
    try:
        yield ok("redis", f"{shown}, Redis {await use(url)}")
    except (RedisError, OSError) as error:
        fix = "start it, or mend VESTIBULE_REDIS_URL; try it with redis-cli"
        yield failed("redis", f"{shown}: {reason(error)}", fix=fix)
        return
    yield await peer_finding(own_url(settings, url))


async def use(url: str) -> str:
    """Redis's version; raises if something that the processes need of it does not work."""
    redis = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=ANSWER_SECONDS,
        socket_connect_timeout=ANSWER_SECONDS,
    )
    async with redis, redis.pubsub() as listening:
        await redis.eval(SCRIPT, 0)
        await listening.subscribe(CHANNEL)
        await redis.publish(CHANNEL, "heard?")
        heard = [await listening.get_message(timeout=ANSWER_SECONDS) for _ in range(2)]
        if not heard[-1] or heard[-1]["type"] != "message":
            raise RedisError("it carries no news from one connection to another")
        told = await redis.info("server")
        return str(told["redis_version"])


async def peer_finding(url: str) -> Finding:
    """Whether the process of these settings answers where the others would ask it."""
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=ANSWER_SECONDS) as http:
            answer = await http.get(f"{url}/health/live")
    except httpx2.HTTPError as error:
        said = f"{url} does not answer: {reason(error)}"
        fix = "start the server, or set VESTIBULE_PEER_URL to where the other processes reach it"
        return failed("peers", said, fix=fix)
    if answer.status_code != 200:
        said = f"{url} answers with {answer.status_code}"
        return failed("peers", said, fix="set VESTIBULE_PEER_URL to this process's own address")
    return ok("peers", f"other processes reach this one at {url}")
