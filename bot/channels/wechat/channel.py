"""The account's outward side: customer-service messages, counted as the platform counts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import quotas
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Door
from bot.channels.base import Abilities, Fetched, NotSent, Parcel, TryLater
from bot.channels.rendering import pieces
from bot.channels.wechat.account import COUNT_OVER, MAX_TEXT_BYTES, WINDOW_OVER, OfficialAccount, refusal
from bot.channels.wechat.api import ApiError, Unclear
from bot.channels.wechat.inbox import CHANNEL
from bot.conversation.wire import FileRef

log = structlog.get_logger(__name__)
NONE_LEFT = "微信不允许再发：对方每来一条消息，48小时内最多回5条；等对方再来一条消息后才能继续发"


class WechatChannel:
    """Sends one customer-service message for each answer; only one that is too long goes out in pieces."""

    name = CHANNEL
    title = "微信公众号"
    pull = False
    # The platform shows a repeated message twice.
    recognises_repeats = False
    abilities = Abilities(max_bytes=MAX_TEXT_BYTES, merges=True, counted=True, files=True)

    def __init__(
        self, database: Database, account: OfficialAccount, clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    async def send(self, parcel: Parcel) -> str | None:
        """Delivers what an earlier attempt has not delivered yet."""
        texts = pieces(parcel.text, self.abilities)
        done = list(parcel.confirmed)
        for text in texts[len(done) :]:
            try:
                await self._send_one(parcel.address, text)
            except TryLater as error:
                raise TryLater(str(error), error.after_s, confirmed=tuple(done)) from None
            # The platform gives its messages no number.
            done.append(str(len(done) + 1))
        return None

    async def _send_one(self, person: str, text: str) -> None:
        door_id, opened_by = await self._take(person)
        try:
            await self._account.send_text(person, text)
        except TryLater:
            async with self._database.write() as session:
                await quotas.give_back(session, door_id, opened_by)
            raise
        except ApiError as error:
            await self._refused(door_id, opened_by, error)
            raise refusal(error) from None

    async def _take(self, person: str) -> tuple[int, str]:
        async with self._database.write() as session:
            door_id = await self._door(session, person)
            opened_by = None if door_id is None else await quotas.take(session, door_id, self._clock())
        if door_id is None or opened_by is None:
            raise NotSent(NONE_LEFT)
        return door_id, opened_by

    async def _refused(self, door_id: int, opened_by: str, error: ApiError) -> None:
        """Keeps our count where the platform's is."""
        log.warning("wechat_refused", code=error.code)
        async with self._database.write() as session:
            if error.code in WINDOW_OVER:
                await quotas.forget(session, door_id)
            elif error.code == COUNT_OVER:
                await quotas.exhaust(session, door_id)
            else:
                await quotas.give_back(session, door_id, opened_by)

    async def _door(self, session: AsyncSession, person: str) -> int | None:
        hashed = self._database.sealer.lookup(person, "door.address")
        query = select(Door.id).where(
            Door.channel == CHANNEL, Door.account == self._account.app_id, Door.address_hash == hashed
        )
        return await session.scalar(query)

    async def fetch(self, account: str, file: FileRef) -> Fetched:
        """A picture that a person sent."""
        try:
            return await self._account.media(file.ref)
        except (ApiError, Unclear):
            raise NotSent("图片取不到了，请再发一次。") from None

    async def link(self, code: str, lasts_s: int) -> str | None:
        """Scanning it follows the account, or opens it for followers, with `code` as its parameter."""
        try:
            return await self._account.scene_address(code, lasts_s)
        except (ApiError, Unclear, TryLater) as error:
            log.warning("wechat_no_code", reason=str(error))
            return None
