"""One conversation at a time, many conversations at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


class Lanes:
    """Runs `work(conversation_id)` whenever a conversation is kicked, never twice at once for the same one.

    A kick that comes while the work runs makes it run once more, so nothing that was stored before the kick
    is overlooked. What `work` raises is logged and ends that run only.
    """

    def __init__(self, work: Callable[[str], Awaitable[None]]) -> None:
        self._work = work
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._bells: dict[str, asyncio.Event] = {}

    def kick(self, conversation_id: str) -> None:
        if conversation_id in self._running:
            self._again.add(conversation_id)
            self._bells[conversation_id].set()
            return
        self._bells[conversation_id] = asyncio.Event()
        self._running[conversation_id] = asyncio.create_task(self._run(conversation_id))

    async def _run(self, conversation_id: str) -> None:
        try:
            while True:
                self._again.discard(conversation_id)
                try:
                    await self._work(conversation_id)
                except Exception:
                    log.exception("lane_failed", conversation=conversation_id)
                if conversation_id not in self._again:
                    return
        finally:
            # No await between the last look at `_again` and here: a kick cannot fall between.
            del self._running[conversation_id]
            del self._bells[conversation_id]
            self._again.discard(conversation_id)

    def looking(self, conversation_id: str) -> None:
        """For the work itself: from here on it reads what is stored; later kicks are news to it."""
        self._bells[conversation_id].clear()

    def kicked(self, conversation_id: str) -> bool:
        """For the work itself: whether a kick came since it looked."""
        return self._bells[conversation_id].is_set()

    async def until_kick(self, conversation_id: str, timeout_s: float) -> None:
        """For the work itself: sleeps until a kick that it has not looked after, at most `timeout_s`."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._bells[conversation_id].wait()
        except TimeoutError:
            pass

    async def finish(self, timeout_s: float) -> None:
        """Waits for what is running, at most `timeout_s`; what is cut off stays stored for later."""
        tasks = list(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
