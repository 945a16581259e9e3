"""How often one address may ask, and how fast one name's password may be guessed."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection

_LOOPBACK = ("127.", "::1")


class Limiter:
    """A token bucket for each key, in this process.

    Args:
        per_minute: how many a key may take in a minute on average; 0 allows everything.
        burst: how many at once.
    """

    def __init__(
        self,
        per_minute: float,
        burst: int,
        *,
        keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._keys = keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(self, key: str) -> float:
        """0 when `key` may go on, else the seconds after which it may."""
        if self._rate <= 0:
            return 0.0
        moment = self._clock()
        left, then = self._buckets.pop(key, (self._burst, moment))
        left = min(self._burst, left + (moment - then) * self._rate)
        waits = 0.0 if left >= 1 else (1 - left) / self._rate
        self._buckets[key] = (left - 1 if left >= 1 else left, moment)
        if len(self._buckets) > self._keys:
            # The one that has been quiet longest has the fullest bucket anyway.
            self._buckets.popitem(last=False)
        return waits

    async def forget(self, key: str) -> None:
        """A fresh start for `key`, after it has proved itself."""
        self._buckets.pop(key, None)


class Slowdown:
    """Makes guessing one name's password slower with every wrong one, from wherever the guesses come.

    Nobody is refused: whoever knows the password gets in, at worst after `most_s`. Otherwise a stranger who
    knows a name could keep its officer out.

    Args:
        free: how many wrong passwords cost nothing; the next one waits `first_s`, each further one double.
        window_s: after so long without a wrong password it is forgotten.
    """

    def __init__(
        self,
        *,
        free: int = 3,
        first_s: float = 0.5,
        most_s: float = 8.0,
        window_s: float = 1800.0,
        names: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.window_s = window_s
        self._free = free
        self._first_s = first_s
        self._most_s = most_s
        self._names = names
        self._clock = clock
        self._sleep = sleep
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def delay_s(self, failures: int) -> float:
        """Seconds that a try waits after so many wrong ones."""
        over = failures - self._free
        return 0.0 if over < 0 else min(self._most_s, self._first_s * 2.0 ** min(over, 30))

    async def wait(self, name: str) -> None:
        """Waits as long as `name` has earned; before the password is looked at, right or wrong."""
        delay = self.delay_s(await self.failures(name))
        if delay:
            await self._sleep(delay)

    async def failures(self, name: str) -> int:
        """Wrong passwords for `name` lately."""
        count, last = self._wrong.get(name, (0, 0.0))
        return count if self._clock() - last < self.window_s else 0

    async def failed(self, name: str) -> None:
        """One more wrong password."""
        count = await Slowdown.failures(self, name)
        self._wrong[name] = (count + 1, self._clock())
        self._wrong.move_to_end(name)
        if len(self._wrong) > self._names:
            self._wrong.popitem(last=False)

    async def forget(self, name: str) -> None:
        """`name` has proved itself."""
        self._wrong.pop(name, None)


def client_address(connection: ASGIConnection[Any, Any, Any, Any], trusted: frozenset[str]) -> str:
    """The address that asked: the peer's, or what a trusted proxy says about it."""
    peer = connection.client.host if connection.client else ""
    if peer in trusted:
        forwarded = connection.headers.get("x-forwarded-for", "")
        # From the right: the last hop that is not one of ours is the one we can believe.
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if hop not in trusted:
                return hop
    return peer


def is_local(address: str) -> bool:
    """Whether `address` is this machine: terminal, bench and a kiosk that runs here are not limited."""
    return address.startswith(_LOOPBACK)
