"""Fetches what people wrote, once each; the platform's callback only says that there is something."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from bot.cases.channel_models import ChannelCursor
from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.base import TryLater
from bot.channels.wechat.api import ApiError, Unclear
from bot.channels.wecom.account import ServiceAccount
from bot.channels.wecom.incoming import Incoming, understand

log = structlog.get_logger(__name__)
# A bell may be lost with the process that heard it; without a bell the platform answers seldom.
LOOK_S = 300.0
RETRY_S = 15.0
# An account that is new to us has days of old talk to give: nobody waits for an answer to it.
FIRST_LOOK_S = 600


class Puller:
    """Keeps how far an account's messages are stored, in the database.

    Args:
        take: stores one message; the same message again must have no effect.
    """

    def __init__(
        self,
        database: Database,
        account: ServiceAccount,
        take: Callable[[Incoming], Awaitable[None]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._account = account
        self._take = take
        self._clock = clock
        self._name = f"wecom:{account.open_kfid}"
        self._rung = asyncio.Event()
        self._bell = ""
        # Two at once would only do the same work twice.
        self._lock = asyncio.Lock()

    def ring(self, bell: str) -> None:
        """There is something new."""
        self._bell = bell
        self._rung.set()

    async def run(self) -> None:
        """Fetches at once, at every bell, and now and then; until it is cancelled."""
        while True:
            self._rung.clear()
            bell, wait_s = self._bell, LOOK_S
            try:
                await self.pull(bell)
                # A bell serves for ten minutes; a later look must not show an old one.
                self._bell = self._bell if self._rung.is_set() else ""
            except TryLater as error:
                wait_s = error.after_s or RETRY_S
                log.warning("wecom_pull_later", reason=str(error))
            except (ApiError, Unclear) as error:
                wait_s = RETRY_S
                log.warning("wecom_pull_failed", reason=str(error))
            except Exception:
                wait_s = RETRY_S
                log.exception("wecom_pull_broke")
            try:
                async with asyncio.timeout(wait_s):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def pull(self, bell: str = "") -> int:
        """Fetches and stores all that is new; returns how many messages there were.

        Raises:
            TryLater, ApiError, Unclear: the platform did not answer; what was stored stays.
        """
        count = 0
        async with self._lock:
            while True:
                cursor = await self._cursor()
                page = await self._account.fetch(cursor or "", bell)
                for message in page.messages:
                    incoming = understand(message, self._account.open_kfid)
                    if incoming is None or (cursor is None and self._is_old(incoming)):
                        continue
                    await self._take(incoming)
                    count += 1
                # Only now: what was fetched and not stored is fetched again after a crash.
                moved = bool(page.cursor) and page.cursor != cursor
                if moved:
                    await self._move(cursor, page.cursor)
                if not page.more or not moved:
                    return count

    def _is_old(self, incoming: Incoming) -> bool:
        return incoming.sent < (self._clock() - timedelta(seconds=FIRST_LOOK_S)).timestamp()

    async def _cursor(self) -> str | None:
        async with self._database.read() as session:
            row = await session.get(ChannelCursor, self._name)
            return None if row is None else row.value

    async def _move(self, seen: str | None, to: str) -> None:
        """Unless another process moved it meanwhile: then theirs stands."""
        try:
            async with self._database.write() as session:
                row = await session.get(ChannelCursor, self._name, with_for_update=True)
                if row is None:
                    session.add(ChannelCursor(name=self._name, value=to, at=self._clock()))
                elif row.value == seen:
                    row.value, row.at = to, self._clock()
        except IntegrityError:
            # Another process made the row at the same moment.
            pass
