"""Bells between processes: two brokers on one Redis, its connections cut, its server away and back."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis.asyncio

from bot.conversation.broker_redis import RedisBroker
from bot.conversation.redis_link import RedisLink

pytestmark = pytest.mark.redis
WITHIN_S = 20.0


@asynccontextmanager
async def broker_at(url: str, mark: str = "test") -> AsyncIterator[RedisBroker]:
    link = RedisLink(url, mark)
    broker = RedisBroker(link)
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()
        await link.close()


async def rings(bell: asyncio.Event) -> None:
    async with asyncio.timeout(WITHIN_S):
        await bell.wait()
    bell.clear()


async def connected(*brokers: RedisBroker) -> None:
    async with asyncio.timeout(WITHIN_S):
        for broker in brokers:
            await broker.connected.wait()


async def test_a_bell_rings_in_the_other_process_and_only_for_its_stream(own_redis: str) -> None:
    async with broker_at(own_redis) as here, broker_at(own_redis) as there:
        await connected(here, there)
        with there.listen("talk:a") as a, there.listen("talk:b") as b, here.listen("talk:a") as own:
            here.ring("talk:a")
            assert own.is_set()
            await rings(a)
            assert not b.is_set()
            # In order on one line: when this one has come, nothing that was sent before is still under way.
            here.ring("talk:b")
            await rings(b)
            assert not a.is_set()


async def test_another_installation_on_the_same_server_hears_nothing(own_redis: str) -> None:
    async with (
        broker_at(own_redis, "one") as one,
        broker_at(own_redis, "two") as two,
        broker_at(own_redis, "two") as sibling,
    ):
        await connected(one, two, sibling)
        with two.listen("desk") as bell, two.listen("after") as after:
            one.ring("desk")
            async with redis.asyncio.from_url(own_redis) as client:
                # Everything that `one` says has gone through the server by now.
                while one._unsent:
                    await client.ping()
                await client.ping()
            sibling.ring("after")
            await rings(after)
            assert not bell.is_set()


async def test_after_a_lost_connection_everything_rings(own_redis: str) -> None:
    async with broker_at(own_redis) as here, redis.asyncio.from_url(own_redis) as client:
        await connected(here)
        with here.listen("talk:a") as a, here.listen("desk") as desk:
            a.clear()
            desk.clear()
            assert await client.client_kill_filter(_type="pubsub") >= 1
            await rings(a)
            await rings(desk)
            await connected(here)


class OwnRedis:
    """A Redis server of the test's own, to be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None, "redis-server is not on PATH"
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = await asyncio.create_subprocess_exec(
            program, *words, stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(WITHIN_S), redis.asyncio.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                    return
                except redis.exceptions.ConnectionError:
                    await asyncio.sleep(0.02)

    async def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None


async def test_what_rang_while_redis_was_away_rings_when_it_is_back(redis_url: str, tmp_path: Path) -> None:
    server = OwnRedis(tmp_path)
    await server.start()
    try:
        async with broker_at(server.url) as here, broker_at(server.url) as there:
            await connected(here, there)
            await server.stop()
            with there.listen("talk:a") as bell:
                here.ring("talk:a")
                await server.start()
                await rings(bell)
                await connected(here, there)
                here.ring("talk:a")
                await rings(bell)
    finally:
        await server.stop()


async def test_a_process_works_without_redis_and_its_own_bells_ring(tmp_path: Path) -> None:
    async with broker_at("redis://127.0.0.1:1/0") as alone:
        with alone.listen("talk:a") as bell:
            alone.ring("talk:a")
            assert bell.is_set()
        for number in range(3000):
            alone.ring(f"talk:{number}")
        # What waits for Redis does not grow without end: it becomes one bell for everything.
        assert len(alone._unsent) <= 1001
