"""The background task that watches offers and clocks. All it knows is in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import routing, targets
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.office import set_office
from bot.conversation.assignment import expire_offers, look_at_clocks, offer_waiting
from bot.conversation.events import Broker
from bot.settings import Settings

log = structlog.get_logger(__name__)
_Step = Callable[[AsyncSession, datetime], Awaitable[frozenset[str]]]
_STEPS: tuple[_Step, ...] = (expire_offers, offer_waiting, look_at_clocks)


async def prepare_office(database: Database, settings: Settings) -> None:
    """At the start: keeps the office's hours, fills the routing table the first time."""
    async with database.write(alone=True) as session:
        changed = await set_office(session, settings.work_hours, settings.offer_minutes)
        await routing.seed(session)
        if changed:
            await targets.replan(session)


class Keeper:
    """Looks every `poll_s` seconds for what is due. What fell due while the service stood still is done then.

    Several processes may each have one: every step takes what is due by a guarded change.
    """

    def __init__(
        self,
        database: Database,
        broker: Broker,
        *,
        poll_s: float = 5.0,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._broker = broker
        self._poll_s = poll_s
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Does everything that is due now, each kind in a transaction of its own."""
        for step in _STEPS:
            async with self._database.write() as session:
                streams = await step(session, self._clock())
            for stream in streams:
                self._broker.ring(stream)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("keeper_failed")
            await asyncio.sleep(self._poll_s)
