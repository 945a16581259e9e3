"""Bells that ring in every process of the service."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import structlog
from redis.exceptions import RedisError

from bot.conversation.events import Broker
from bot.conversation.redis_link import RedisDown, RedisLink

log = structlog.get_logger(__name__)
EVERYTHING = "*"
_MOST_UNSENT = 1000
_AGAIN_S = 0.5
# How long the line may be silent before we ask whether it still stands.
_LISTEN_S = 5.0


class RedisBroker(Broker):
    """A `Broker` whose bells also ring in the other processes, over one channel of Redis.

    Only names of streams travel, and losing one loses nothing: listeners read the database. After the line
    was lost everything is rung here, because whatever rang meanwhile was not heard; what could not be sent
    is sent when Redis is back.
    """

    def __init__(self, link: RedisLink) -> None:
        super().__init__()
        self._link = link
        self._channel = link.key("bells")
        # Our own bells come back as well; they have rung already.
        self._me = secrets.token_hex(6)
        self._unsent: set[str] = set()
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        # Set while the line to Redis stands.
        self.connected = asyncio.Event()

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._hear())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ring(self, stream: str) -> None:
        super().ring(stream)
        if self.closed:
            # These are bells for our own listeners to leave.
            return
        if len(self._unsent) >= _MOST_UNSENT:
            self._unsent = {EVERYTHING}
        self._unsent.add(stream)
        self._something.set()

    async def _speak(self) -> None:
        while True:
            await self._something.wait()
            self._something.clear()
            going, self._unsent = self._unsent, set()
            try:
                await self._publish(" ".join([self._me, *sorted(going)]))
            except RedisDown:
                self._unsent |= going
                self._something.set()
                await asyncio.sleep(_AGAIN_S)

    async def _publish(self, words: str) -> None:
        await self._link.ask(lambda client: client.publish(self._channel, words))

    async def _hear(self) -> None:
        while True:
            try:
                await self._hear_until_lost()
            except (RedisError, OSError) as error:
                log.warning("bells_not_heard", error=type(error).__name__)
            finally:
                self.connected.clear()
            await asyncio.sleep(_AGAIN_S)

    async def _hear_until_lost(self) -> None:
        async with self._link.client.pubsub() as line:
            await line.subscribe(self._channel)
            asked = False
            while True:
                message = await line.get_message(timeout=_LISTEN_S)
                if message is None:
                    # A dead line would stay silent for ever: ask, and believe no second silence.
                    if asked:
                        raise ConnectionError("no pong")
                    asked = True
                    await line.ping()
                    continue
                asked = False
                if message["type"] == "subscribe":
                    # Only now nothing is missed any more; what rang before may have been.
                    self.connected.set()
                    self.ring_everything_here()
                elif message["type"] == "message":
                    self._rung(message)

    def _rung(self, message: dict[str, Any]) -> None:
        who, *streams = str(message["data"]).split(" ")
        if who == self._me:
            return
        for stream in streams:
            if stream == EVERYTHING:
                self.ring_everything_here()
            else:
                super().ring(stream)
