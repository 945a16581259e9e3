"""The background task that watches offers and clocks. All it knows is in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.cases import offers, routing, targets
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.office import set_office
from bot.conversation.assignment import expire_offers, look_at_clocks, offer_waiting
from bot.conversation.events import Broker
from bot.settings import Settings

log = structlog.get_logger(__name__)


async def prepare_office(database: Database, settings: Settings) -> None:
    """At the start: keeps the office's hours, fills the routing table the first time."""
    async with database.write(alone=True) as session:
        changed = await set_office(session, settings.work_hours, settings.offer_minutes)
        await routing.seed(session)
        if changed:
            await targets.replan(session)


class Keeper:
    """Does what is due when it is due, at the latest `poll_s` seconds later.

    What fell due while the service stood still is done at its start. Several processes may each have a
    keeper: every step takes what is due by a guarded change.
    """

    def __init__(
        self,
        database: Database,
        broker: Broker,
        *,
        poll_s: float = 2.0,
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

    async def look(self) -> float:
        """Does everything that is due now; returns the seconds until it should look again."""
        at = self._clock()
        # Reading first: on SQLite a transaction that writes keeps all others waiting.
        async with self._database.read() as session:
            moments = (await offers.next_expiry(session), await targets.next_look(session))
            due = [
                step
                for step, moment in zip((expire_offers, look_at_clocks), moments, strict=True)
                if moment is not None and moment <= at
            ]
            if await offers.anybody_waits(session, at):
                due.append(offer_waiting)
        for step in due:
            async with self._database.write() as session:
                streams = await step(session, at)
            for stream in streams:
                self._broker.ring(stream)
        ahead = [(moment - at).total_seconds() for moment in moments if moment is not None and moment > at]
        return min([self._poll_s, *ahead])

    async def _run(self) -> None:
        while True:
            pause = self._poll_s
            try:
                pause = await self.look()
            except Exception:
                log.exception("keeper_failed")
            await asyncio.sleep(pause)
