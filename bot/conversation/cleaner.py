"""Clears away what is left over: shells of erased talks, files that no row knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.cases import attachments, erasure
from bot.cases.clock import now
from bot.cases.database import Database

log = structlog.get_logger(__name__)
EVERY_S = 3600.0


class Cleaner:
    """Looks at the start and every `every_s` seconds; what is to be cleared stands in the database, so
    several processes may each have one, and a restart forgets nothing."""

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        *,
        every_s: float = EVERY_S,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._data_dir = data_dir
        self._every_s = every_s
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Clears what is to be cleared now."""
        async with self._database.write() as session:
            await erasure.remove_shells(session, self._clock())
        await attachments.sweep(self._database, self._data_dir)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("cleaner_failed")
            await asyncio.sleep(self._every_s)
