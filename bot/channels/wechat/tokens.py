"""The platform's access token: one for all processes, kept in the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from bot.cases.channel_models import ChannelToken
from bot.cases.clock import now
from bot.cases.database import Database

# A token this near to its end is not begun with any more.
MARGIN_S = 300
# The platform counts forced renewals (20 a day).
_FORCED_PAUSE_S = 600

# Asked whether the platform must make a new one; answers the token and the seconds it lives.
Fetch = Callable[[bool], Awaitable[tuple[str, int]]]


class Token:
    """A token and which one it is: `number` grows with each renewal, in whatever process."""

    def __init__(self, row: ChannelToken) -> None:
        self.value, self.number, self.expires_at = row.value, row.number, row.expires_at


class TokenHolder:
    """Fetches a token when there is none, or the one there is was refused.

    Args:
        name: the row that all processes share: `wechat:APPID`.
        fetch: may be called by two processes at once; a stable token is the same for both.
    """

    def __init__(
        self, database: Database, name: str, fetch: Fetch, clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._name = name
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._forced_at: datetime | None = None

    async def current(self) -> Token:
        """The token in use; whatever `fetch` raises when one has to be fetched and cannot be."""
        kept = await self._kept()
        if kept is not None and self._lives(kept):
            return kept
        async with self._lock:
            kept = await self._kept()
            if kept is not None and self._lives(kept):
                return kept
            return await self._keep(*await self._fetch(False), after=kept)

    async def renewed(self, refused: Token) -> Token:
        """A token other than `refused`, where the platform has one; at most two requests, never more."""
        async with self._lock:
            kept = await self._kept()
            if kept is not None and kept.number > refused.number:
                return kept
            value, lives_s = await self._fetch(False)
            if value == refused.value and self._may_force():
                self._forced_at = self._clock()
                value, lives_s = await self._fetch(True)
            return await self._keep(value, lives_s, after=kept)

    def _lives(self, token: Token) -> bool:
        return token.expires_at > self._clock() + timedelta(seconds=MARGIN_S)

    def _may_force(self) -> bool:
        pause = timedelta(seconds=_FORCED_PAUSE_S)
        return self._forced_at is None or self._clock() - self._forced_at >= pause

    async def _kept(self) -> Token | None:
        async with self._database.read() as session:
            row = await session.get(ChannelToken, self._name)
            return None if row is None else Token(row)

    async def _keep(self, value: str, lives_s: int, *, after: Token | None) -> Token:
        """Writes the new token, unless another process wrote one meanwhile: then theirs is taken."""
        try:
            async with self._database.write() as session:
                row = await session.get(ChannelToken, self._name, with_for_update=True)
                if row is None:
                    row = ChannelToken(name=self._name, number=0)
                    session.add(row)
                elif after is not None and row.number != after.number:
                    return Token(row)
                row.value, row.number = value, row.number + 1
                # A token that the platform calls short-lived must still be usable at once.
                row.expires_at = self._clock() + timedelta(seconds=max(lives_s, MARGIN_S + 60))
                await session.flush()
                return Token(row)
        except IntegrityError:
            kept = await self._kept()
            assert kept is not None
            return kept
