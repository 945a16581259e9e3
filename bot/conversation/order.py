"""Who may work on what, among the processes of the service.

The database has the last word: an answer is recorded only under the version it was computed from, a message
is answered only while it is stored, a row of the outbox goes out only while it is queued. What is here keeps
two processes from computing the same answer, and from sending one conversation's messages side by side.
Therefore it may fail: without Redis each process goes on by itself, and nothing is said twice.

A lease in Redis rather than a lock in PostgreSQL: it also serves two processes on one SQLite file, holds no
database connection while the engine thinks, and comes from the same address as bells and limits.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum

import structlog

from bot.conversation.events import Broker
from bot.conversation.redis_link import RedisDown, RedisLink

log = structlog.get_logger(__name__)
# A process that dies is waited for so long; one that lives renews three times as often.
LEASE_MS = 6_000
_MINE = "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end "
_KEEP = _MINE + "return redis.call('pexpire', KEYS[1], ARGV[2])"
_GIVE_BACK = _MINE + "return redis.call('del', KEYS[1])"


class Lead(Enum):
    """Whether this process does what only one should do: no; yes, from now on; yes, as before."""

    NO = 0
    NEW = 1
    YES = 2


class Order:
    """For one process: lanes already work on a conversation one at a time, and nobody else is there."""

    # Whether other processes may store messages and write to the outbox.
    shared = False

    def __init__(self) -> None:
        self._leads: set[str] = set()

    async def start(self) -> None:
        """Begins to keep what is taken."""

    async def stop(self) -> None:
        """Gives back what is held."""

    @asynccontextmanager
    async def holding(self, name: str) -> AsyncIterator[None]:
        """Waits until nobody else works on `name`, and keeps others from it inside the block."""
        yield

    async def lead(self, duty: str) -> Lead:
        """Whether `duty` is this process's; asked again and again by those who would do it."""
        if duty in self._leads:
            return Lead.YES
        self._leads.add(duty)
        return Lead.NEW


class RedisOrder(Order):
    """For several processes. A process that dies loses what it held after `lease_ms`."""

    shared = True

    def __init__(self, link: RedisLink, broker: Broker, *, lease_ms: int = LEASE_MS) -> None:
        super().__init__()
        self._link = link
        self._broker = broker
        self._lease_ms = lease_ms
        self._me = secrets.token_hex(8)
        self._held: set[str] = set()
        self._keeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep_on())

    async def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        for name in list(self._held):
            await self._give_back(name)

    @asynccontextmanager
    async def holding(self, name: str) -> AsyncIterator[None]:
        await self._wait_for(name)
        try:
            yield
        finally:
            await self._give_back(name)

    async def _wait_for(self, name: str) -> None:
        bell = f"free:{name}"
        with self._broker.listen(bell) as rung:
            while True:
                rung.clear()
                try:
                    if await self._take(name):
                        return
                    left_ms = await self._link.ask(lambda client: client.pttl(self._key(name)))
                except RedisDown:
                    return
                try:
                    # The bell rings when it is given back; a dead holder's lease just ends.
                    async with asyncio.timeout(max(0, left_ms) / 1000 + 0.01):
                        await rung.wait()
                except TimeoutError:
                    pass

    async def lead(self, duty: str) -> Lead:
        if duty in self._held:
            return Lead.YES
        try:
            return Lead.NEW if await self._take(duty) else Lead.NO
        except RedisDown:
            # Nobody can know who leads: better two who are kept apart by the database than none.
            return Lead.YES

    async def _take(self, name: str) -> bool:
        took = await self._link.ask(
            lambda client: client.set(self._key(name), self._me, nx=True, px=self._lease_ms)
        )
        if took:
            self._held.add(name)
        return bool(took)

    async def _give_back(self, name: str) -> None:
        if name not in self._held:
            return
        self._held.discard(name)
        try:
            await self._link.run(_GIVE_BACK, self._key(name), self._me)
        except RedisDown:
            # It ends by itself.
            return
        self._broker.ring(f"free:{name}")

    async def _keep_on(self) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 3000)
            for name in list(self._held):
                try:
                    kept = await self._link.run(_KEEP, self._key(name), self._me, self._lease_ms)
                except RedisDown:
                    break
                if not kept and name in self._held:
                    log.warning("lease_lost", name=name.partition(":")[0])
                    self._held.discard(name)

    def _key(self, name: str) -> str:
        return self._link.key("lease", name)
