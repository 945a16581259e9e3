"""The limits of `bot.web.limits`, counted for all processes together."""

from __future__ import annotations

from bot.conversation.redis_link import RedisDown, RedisLink
from bot.web.limits import Limiter, Slowdown

# A token bucket: {left, seconds of the server's clock when that was so}. Answers how long to wait, as text:
# Redis would cut a number. The key goes when the bucket would be full anyway.
_TAKE = """
local clock = redis.call('time')
local at = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('hmget', KEYS[1], 'left', 'at')
local passed = math.max(0, at - (tonumber(kept[2]) or at))
local left = math.min(burst, (tonumber(kept[1]) or burst) + passed * rate)
local waits = 0
if left >= 1 then left = left - 1 else waits = (1 - left) / rate end
redis.call('hset', KEYS[1], 'left', tostring(left), 'at', string.format('%.6f', at))
redis.call('pexpire', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return tostring(waits)
"""
_COUNT = "local n = redis.call('incr', KEYS[1]) redis.call('expire', KEYS[1], ARGV[1]) return n"


class RedisLimiter(Limiter):
    """A `Limiter` in Redis. While that is away each process counts for itself: nothing opens.

    Args:
        kind: tells the limits of one installation apart.
    """

    def __init__(self, link: RedisLink, kind: str, per_minute: float, burst: int) -> None:
        super().__init__(per_minute, burst)
        self._link = link
        self._kind = kind

    async def take(self, key: str) -> float:
        if self._rate <= 0:
            return 0.0
        try:
            return float(await self._link.run(_TAKE, self._name(key), self._rate, self._burst))
        except RedisDown:
            return await super().take(key)

    async def forget(self, key: str) -> None:
        await super().forget(key)
        try:
            await self._link.ask(lambda client: client.delete(self._name(key)))
        except RedisDown:
            # The bucket fills by itself.
            pass

    def _name(self, key: str) -> str:
        return self._link.key(f"limit:{self._kind}", key)


class RedisSlowdown(Slowdown):
    """A `Slowdown` whose failures all processes see."""

    def __init__(self, link: RedisLink) -> None:
        super().__init__()
        self._link = link

    async def failures(self, name: str) -> int:
        here = await super().failures(name)
        try:
            return max(here, int(await self._link.ask(lambda client: client.get(self._name(name))) or 0))
        except RedisDown:
            return here

    async def failed(self, name: str) -> None:
        await super().failed(name)
        try:
            await self._link.run(_COUNT, self._name(name), int(self.window_s))
        except RedisDown:
            # Counted here.
            pass

    async def forget(self, name: str) -> None:
        await super().forget(name)
        try:
            await self._link.ask(lambda client: client.delete(self._name(name)))
        except RedisDown:
            # It ends with its window.
            pass

    def _name(self, name: str) -> str:
        return self._link.key("failures", name)
