"""How often one address may ask, and how large a request may be."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
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

    def take(self, key: str) -> float:
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

    def forget(self, key: str) -> None:
        """A fresh start for `key`, after it has proved itself."""
        self._buckets.pop(key, None)


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
