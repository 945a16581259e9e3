"""Numbered events for live pages, and the bell that tells them to look."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.clock import now
from bot.cases.counters import next_number
from bot.cases.database import Database
from bot.cases.models import Event

DESK = "desk"
_PAGE = 200


def talk(conversation_id: str) -> str:
    """The stream of one firm's page."""
    return f"talk:{conversation_id}"


def case(number: str) -> str:
    """The stream of one case's page: its talk, notes, status and who is typing."""
    return f"case:{number}"


def desk_of(officer_id: int) -> str:
    """What concerns one officer alone: offers, warnings, cases handed to them."""
    return f"{DESK}:{officer_id}"


async def append(session: AsyncSession, stream: str, kind: str, data: dict[str, Any]) -> int:
    """Adds an event in the caller's transaction and returns its number; `Broker.ring` after the commit."""
    seq = await next_number(session, f"event:{stream}")
    session.add(Event(stream=stream, seq=seq, kind=kind, data=data, at=now()))
    return seq


class Broker:
    """Wakes whoever listens to a stream. It carries no data: listeners read the database, so none is lost."""

    def __init__(self) -> None:
        self._bells: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    async def start(self) -> None:
        """Begins to hear what other processes ring; here there are none."""

    async def stop(self) -> None:
        """The end of `start`."""

    def close(self) -> None:
        """Ends every listener: an open stream would otherwise keep the service from stopping."""
        self.closed = True
        self.ring_everything_here()

    def ring_everything_here(self) -> None:
        """Makes every listener of this process look."""
        for bells in self._bells.values():
            for bell in bells:
                bell.set()

    def listeners(self, stream: str) -> int:
        return len(self._bells.get(stream, ()))

    def ring(self, stream: str) -> None:
        """After the commit: whoever listens to `stream` looks into the database."""
        for bell in self._bells.get(stream, ()):
            bell.set()

    @contextmanager
    def listen(self, stream: str) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        self._bells[stream].add(bell)
        try:
            yield bell
        finally:
            self._bells[stream].discard(bell)
            if not self._bells[stream]:
                del self._bells[stream]


async def follow(
    database: Database, broker: Broker, stream: str, after: int, *, beat_s: float = 15.0
) -> AsyncGenerator[Event | None]:
    """Every event of `stream` numbered above `after`, in order, until the broker is closed.

    After `beat_s` seconds of silence `None` is yielded, so that the connection can be kept open.
    """
    with broker.listen(stream) as bell:
        while not broker.closed:
            # Cleared before reading: what is committed after the read rings again.
            bell.clear()
            query = (
                select(Event)
                .where(Event.stream == stream, Event.seq > after)
                .order_by(Event.seq)
                .limit(_PAGE)
            )
            async with database.read() as session:
                events = list(await session.scalars(query))
            for event in events:
                after = event.seq
                yield event
            if len(events) == _PAGE:
                continue
            try:
                async with asyncio.timeout(beat_s):
                    await bell.wait()
            except TimeoutError:
                yield None
