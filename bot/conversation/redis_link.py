"""The Redis that several app processes share: what they remember together, never what must not be lost."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
Found = TypeVar("Found")
ANSWER_WITHIN_S = 1.0
REST_S = 1.0


class RedisDown(Exception):
    """Redis gave no answer; the caller goes on with what this process knows alone."""


class RedisLink:
    """A client with names of our own.

    Args:
        url: redis://host:port/number
        mark: tells installations that share a server apart; the same in all processes of one.
    """

    def __init__(self, url: str, mark: str) -> None:
        self.client: Redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=ANSWER_WITHIN_S,
            socket_connect_timeout=ANSWER_WITHIN_S,
            # A stale connection is tried anew once; beyond that nobody is kept waiting.
            retry=Retry(NoBackoff(), 1),
        )
        self._prefix = f"peipao:{mark}:"
        self._down_until = 0.0

    def key(self, kind: str, name: str = "") -> str:
        """A key of ours. `name` may be anything, also what somebody typed: only its hash leaves us."""
        return self._prefix + kind + (f":{hashlib.sha256(name.encode()).hexdigest()[:32]}" if name else "")

    async def ask(self, question: Callable[[Redis], Awaitable[Found]]) -> Found:
        """What Redis answers.

        Raises:
            RedisDown: it does not. For a moment it is then not asked again, so that not every request waits.
        """
        if time.monotonic() < self._down_until:
            raise RedisDown
        try:
            return await question(self.client)
        except (RedisError, OSError) as error:
            self._down_until = time.monotonic() + REST_S
            log.warning("redis_down", error=type(error).__name__)
            raise RedisDown from None

    async def run(self, script: str, key: str, *values: Any) -> Any:
        """Runs a Lua script on one key; raises `RedisDown`."""
        return await self.ask(lambda client: client.eval(script, 1, key, *values))

    async def close(self) -> None:
        await self.client.aclose()
