"""What app processes share: in the process itself where there is one, in Redis where there may be several."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from bot.conversation.broker_redis import RedisBroker
from bot.conversation.events import Broker
from bot.conversation.order import Order, RedisOrder
from bot.conversation.redis_link import RedisLink
from bot.settings import Settings
from bot.web.limits import Limiter, Slowdown
from bot.web.limits_redis import RedisLimiter, RedisSlowdown

# Guesses of one officer's password from one address: five, then one every two minutes.
LOGIN_PER_MINUTE, LOGIN_BURST = 0.5, 5
# An address may try this many names as often: officers behind one router are not to shut each other out.
ADDRESS_TIMES = 6


class Shared(msgspec.Struct, frozen=True):
    """Bells, order and limits; `PEIPAO_REDIS_URL` alone decides of what kind they are."""

    broker: Broker
    order: Order
    chat_limit: Limiter
    login_limit: Limiter
    address_limit: Limiter
    login_delay: Slowdown
    link: RedisLink | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected inside the block."""
        async with AsyncExitStack() as stack:
            if self.link is not None:
                stack.push_async_callback(self.link.close)
            await self.broker.start()
            stack.push_async_callback(self.broker.stop)
            await self.order.start()
            # First in stopping: what it gives back, it rings for.
            stack.push_async_callback(self.order.stop)
            yield


def make_shared(settings: Settings, mark: str) -> Shared:
    """What `settings.redis_url` asks for.

    Args:
        mark: the same in all processes of an installation, and in no other.
    """
    link = RedisLink(settings.redis_url, mark) if settings.redis_url else None

    def limiter(kind: str, per_minute: float, burst: int) -> Limiter:
        return Limiter(per_minute, burst) if link is None else RedisLimiter(link, kind, per_minute, burst)

    broker = Broker() if link is None else RedisBroker(link)
    return Shared(
        broker=broker,
        order=Order() if link is None else RedisOrder(link, broker),
        chat_limit=limiter("chat", settings.rate_per_minute, max(1, settings.rate_per_minute // 4)),
        login_limit=limiter("login", LOGIN_PER_MINUTE, LOGIN_BURST),
        address_limit=limiter("address", LOGIN_PER_MINUTE * ADDRESS_TIMES, LOGIN_BURST * ADDRESS_TIMES),
        login_delay=Slowdown() if link is None else RedisSlowdown(link),
        link=link,
    )
