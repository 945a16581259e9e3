"""Leases and duties in Redis: one holder at a time, taken over when it dies, no standstill without it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import redis.asyncio

from bot.conversation.broker_redis import RedisBroker
from bot.conversation.order import Lead, Order, RedisOrder
from bot.conversation.redis_link import RedisLink

WITHIN_S = 20.0


@asynccontextmanager
async def order_at(url: str, lease_ms: int = 600) -> AsyncIterator[RedisOrder]:
    """What a process of its own would have."""
    link = RedisLink(url, "test")
    broker = RedisBroker(link)
    order = RedisOrder(link, broker, lease_ms=lease_ms)
    await broker.start()
    await order.start()
    try:
        yield order
    finally:
        await order.stop()
        await broker.stop()
        await link.close()


@pytest.mark.redis
async def test_many_who_want_the_same_have_it_one_at_a_time(own_redis: str) -> None:
    inside: list[int] = []
    turns: list[int] = []

    async def work(order: RedisOrder, who: int) -> None:
        for _ in range(5):
            async with order.holding("talk:a"):
                inside.append(who)
                assert inside == [who]
                await asyncio.sleep(random.random() / 500)
                inside.remove(who)
                turns.append(who)

    async with AsyncExitStack() as stack:
        orders = [await stack.enter_async_context(order_at(own_redis)) for _ in range(4)]
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*(work(order, who) for who, order in enumerate(orders)))
    assert sorted(turns) == sorted([0, 1, 2, 3] * 5)


@pytest.mark.redis
async def test_what_is_held_longer_than_a_lease_stays_held(own_redis: str) -> None:
    async with order_at(own_redis, lease_ms=150) as here, order_at(own_redis, lease_ms=150) as there:
        async with here.holding("talk:a"):
            wants = asyncio.create_task(take_once(there, "talk:a"))
            # Several leases long; had it not been renewed, the other one would have it by now.
            done, _ = await asyncio.wait([wants], timeout=0.6)
            assert not done
        async with asyncio.timeout(WITHIN_S):
            await wants


async def take_once(order: RedisOrder, name: str) -> None:
    async with order.holding(name):
        pass


@pytest.mark.redis
async def test_what_a_dead_process_held_is_taken_over(own_redis: str) -> None:
    dead = RedisLink(own_redis, "test")
    # Taken, and never renewed or given back: its process was killed.
    gone = RedisOrder(dead, RedisBroker(dead), lease_ms=200)
    assert await gone.lead("outbox") is Lead.NEW
    async with order_at(own_redis) as alive:
        assert await alive.lead("outbox") is Lead.NO
        async with asyncio.timeout(WITHIN_S):
            while (found := await alive.lead("outbox")) is Lead.NO:
                await asyncio.sleep(0.02)
        # New: it must look after what the dead one left.
        assert found is Lead.NEW
        assert await alive.lead("outbox") is Lead.YES
    await dead.close()


@pytest.mark.redis
async def test_who_lost_a_duty_learns_of_it(own_redis: str) -> None:
    async with order_at(own_redis, lease_ms=150) as here, order_at(own_redis) as there:
        assert await here.lead("outbox") is Lead.NEW
        async with redis.asyncio.from_url(own_redis) as client:
            await client.flushdb()
        assert await there.lead("outbox") is Lead.NEW
        async with asyncio.timeout(WITHIN_S):
            while await here.lead("outbox") is not Lead.NO:
                await asyncio.sleep(0.02)


@pytest.mark.redis
async def test_a_process_that_ends_gives_back(own_redis: str) -> None:
    async with order_at(own_redis, lease_ms=60_000) as there:
        async with order_at(own_redis, lease_ms=60_000) as here:
            assert await here.lead("outbox") is Lead.NEW
            assert await there.lead("outbox") is Lead.NO
        assert await there.lead("outbox") is Lead.NEW


async def test_without_redis_everybody_goes_on_alone() -> None:
    async with order_at("redis://127.0.0.1:1/0") as alone:
        async with asyncio.timeout(WITHIN_S), alone.holding("talk:a"):
            pass
        # As before, not new: who cannot know whether another one is sending must not judge what it left.
        assert await alone.lead("outbox") is Lead.YES


async def test_one_process_alone_leads_from_its_first_question() -> None:
    order = Order()
    assert [await order.lead("outbox"), await order.lead("outbox")] == [Lead.NEW, Lead.YES]
