"""The leases on live calls in Redis: each call is kept by one process at a time.

A process renews one lease for itself, not one for each call: a call's entry names the process, and
counts for as long as that lives. What this process owns it knows by itself, so its calls go on
while Redis is away. Every change of an entry compares first, in one script; no two can both win.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vestibule.foundation.errors import Unavailable
from vestibule.foundation.loops import Loop
from vestibule.rooms.ownership.model import LEASE_SECONDS, RENEW_SECONDS, RETURN_SECONDS, Holder

PROCESSES: Final = "{vestibule}:processes"
"""A sorted set: `<process> <url>`, and until when it counts as alive (unix milliseconds)."""
CALLS: Final = "{vestibule}:calls"
"""A hash: the id of a room, and `<process> <url> <fence>`."""
FENCE: Final = "{vestibule}:fence"
BORN: Final = "{vestibule}:born"
"""Since when Redis remembers (unix milliseconds)."""
KEYS: Final = (PROCESSES, CALLS, FENCE, BORN)
FORGOTTEN_AFTER_SECONDS: Final = 3600
REMEMBERED: Final = 100_000
CHECKED_AT_ONCE: Final = 1000

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function lives(member)
  local score = redis.call('ZSCORE', KEYS[1], member)
  return score and tonumber(score) > now
end
"""

# member, milliseconds of the lease. Answers 1 if it was alive all the while.
RENEW: Final = (
    _NOW
    + """
local lived = lives(ARGV[1])
redis.call('SETNX', KEYS[4], now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
return lived and 1 or 0
"""
)

# room, member, text of the claim that is not to count any more or '', milliseconds for owners to
# return. Answers who holds the call now, and whether they live; nothing: ask again in a moment.
CLAIM: Final = (
    _NOW
    + """
if not lives(ARGV[2]) then return {} end
local held = redis.call('HGET', KEYS[2], ARGV[1])
local mine = held and string.sub(held, 1, #ARGV[2] + 1) == ARGV[2] .. ' '
if held and not mine and held ~= ARGV[3] then
  return {held, lives(string.match(held, '^(%S+ %S+) ')) and 1 or 0}
end
local born = tonumber(redis.call('GET', KEYS[4]) or now)
if not held and now - born < tonumber(ARGV[4]) then return {} end
if held and not mine then
  redis.call('ZREM', KEYS[1], string.match(held, '^(%S+ %S+) '))
end
local fence = math.max(now, tonumber(redis.call('GET', KEYS[3]) or 0) + 1)
redis.call('SET', KEYS[3], string.format('%d', fence))
local claim = ARGV[2] .. ' ' .. string.format('%d', fence)
redis.call('HSET', KEYS[2], ARGV[1], claim)
return {claim, 1}
"""
)

# pairs of room and text of a claim. Answers the rooms that somebody else holds by now.
RETAKE: Final = """
local lost = {}
for i = 1, #ARGV, 2 do
  redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1])
  if redis.call('HGET', KEYS[2], ARGV[i]) ~= ARGV[i + 1] then table.insert(lost, ARGV[i]) end
end
return lost
"""

# room, text of the claim.
RELEASE: Final = """
if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[2], ARGV[1]) end
"""

log = structlog.get_logger()


class NobodyKnows(Unavailable):
    """Who keeps a call cannot be said now: Redis does not answer, or has just begun to remember."""

    def __init__(self) -> None:
        super().__init__("who keeps this call cannot be found out now; try again in a second")


class Leases:
    """What this process owns, and who owns the rest.

    `on_lost` is told of a room whose call another process has taken over: it must be given up.
    """

    def __init__(self, redis: "Redis", *, process: str, url: str) -> None:
        """`process`: an id of this very process; `url`: where others reach it."""
        self._redis = redis
        self._self = Holder(process, url, 0)
        self._owned: dict[str, Holder] = {}
        self._others: OrderedDict[str, Holder] = OrderedDict()
        self._peers: set[str] = set()
        self._is_reached = True
        self.on_lost: Callable[[str], None] = lambda _room_id: None
        self.loop = Loop("call-leases", self.step, idle_seconds=RENEW_SECONDS)

    @property
    def process(self) -> str:
        return self._self.process

    @property
    def rooms(self) -> list[str]:
        """The rooms whose calls this process keeps."""
        return list(self._owned)

    def owns(self, room_id: str, fence: int | None = None) -> bool:
        """Whether this process keeps the call, by just this claim if one is given."""
        held = self._owned.get(room_id)
        return held is not None and fence in (None, held.fence)

    async def claim(self, room_id: str, *, instead_of: Holder | None = None) -> tuple[Holder, bool]:
        """Who keeps this room's call, this process if nobody else does; and whether they live.

        `instead_of`: a holder that was found to be gone; whoever of several finds it, one wins.
        NobodyKnows.
        """
        if room_id in self._owned:
            return self._owned[room_id], True
        gone = instead_of.text if instead_of else ""
        said = await self._ask(
            CLAIM, room_id, self._self.member, gone, int(RETURN_SECONDS * 1000), about=room_id
        )
        if said is None and self._others[room_id] != instead_of:
            return self._others[room_id], True
        if not said:
            self.loop.wake()
            raise NobodyKnows
        holder = Holder.of(said[0])
        if holder.process == self.process:
            self._owned[room_id] = holder
        else:
            self._note(room_id, holder)
        return holder, bool(said[1])

    async def holder(self, room_id: str) -> Holder | None:
        """Who keeps this room's call; None if nobody does. NobodyKnows."""
        if room_id in self._owned:
            return self._owned[room_id]
        try:
            found = await self._redis.hget(CALLS, room_id)
        except (RedisError, OSError) as error:
            if room_id in self._others:
                return self._others[room_id]
            raise NobodyKnows from error
        return Holder.of(str(found)) if found else None

    async def peers(self) -> Sequence[str]:
        """Where the other processes are that live now; while Redis is away, those that did."""
        try:
            seconds, micros = await self._redis.time()
            now = seconds * 1000 + micros // 1000
            found: Any = await self._redis.zrangebyscore(PROCESSES, now, "+inf")
        except (RedisError, OSError) as error:
            log.warning("peers_not_known", error=type(error).__name__)
        else:
            self._peers = {member.split(" ")[1] for member in found if member != self._self.member}
        return sorted(self._peers)

    async def release(self, room_id: str) -> None:
        """Nobody is in this room's call any more, or somebody else is to keep it."""
        held = self._owned.pop(room_id, None)
        if held is not None:
            await self._try(RELEASE, room_id, held.text)

    async def start(self) -> None:
        """Be known as alive, before anything is claimed. Raises what Redis raises."""
        await self._renew()

    async def step(self) -> bool:
        """Say that this process lives; find out what it has lost if it was not known to."""
        try:
            if not await self._renew():
                await self._retake()
        except (RedisError, OSError) as error:
            self._note_reached(False, type(error).__name__)
            return False
        self._note_reached(True)
        return False

    async def close(self) -> None:
        """Live no longer: whoever finds an entry of this process may take it."""
        for room_id in self.rooms:
            await self.release(room_id)
        try:
            await self._redis.zrem(PROCESSES, self._self.member)
        except (RedisError, OSError):
            return

    async def _renew(self) -> bool:
        lived = await self._run(
            RENEW,
            self._self.member,
            int(LEASE_SECONDS * 1000),
            FORGOTTEN_AFTER_SECONDS * 1000,
        )
        return bool(lived)

    async def _retake(self) -> None:
        """Redis was away or has forgotten, or somebody took this process for dead."""
        owned = list(self._owned.items())
        for start in range(0, len(owned), CHECKED_AT_ONCE):
            part = owned[start : start + CHECKED_AT_ONCE]
            words = [word for room_id, held in part for word in (room_id, held.text)]
            for room_id in await self._run(RETAKE, *words):
                self._owned.pop(room_id, None)
                log.warning("call_lost_to_another_process", room_id=room_id)
                self.on_lost(room_id)

    async def _ask(self, script: str, *words: Any, about: str) -> list[Any] | None:
        """What a script answers; None if Redis is away, and the holder was known before."""
        try:
            answer: list[Any] = await self._run(script, *words)
        except (RedisError, OSError) as error:
            if about in self._others:
                return None
            raise NobodyKnows from error
        return answer

    async def _try(self, script: str, *words: Any) -> None:
        try:
            await self._run(script, *words)
        except (RedisError, OSError) as error:
            log.warning("redis_not_told", error=type(error).__name__)

    async def _run(self, script: str, *words: Any) -> Any:
        return await self._redis.eval(script, len(KEYS), *KEYS, *words)

    def _note(self, room_id: str, holder: Holder) -> None:
        self._others[room_id] = holder
        self._others.move_to_end(room_id)
        if len(self._others) > REMEMBERED:
            self._others.popitem(last=False)

    def _note_reached(self, is_reached: bool, cause: str = "") -> None:
        if is_reached != self._is_reached:
            self._is_reached = is_reached
            (log.info if is_reached else log.warning)(
                "redis_is_back" if is_reached else "redis_is_away", cause=cause
            )
