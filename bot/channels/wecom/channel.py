"""The account's outward side: messages into sessions that are ours, counted as the platform counts them."""

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
from bot.channels.wechat.account import MAX_TEXT_BYTES
from bot.channels.wechat.api import ApiError, Unclear
from bot.channels.wecom.account import COUNT_OVER, ServiceAccount, refusal
from bot.channels.wecom.inbox import CHANNEL
from bot.channels.wecom.welcome import take_welcome
from bot.conversation.wire import FileRef

log = structlog.get_logger(__name__)
NONE_LEFT = "微信客服不允许再发：对方每来一条消息，48小时内最多回5条；等对方再来一条消息后才能继续发"


class WecomChannel:
    """Sends one message for each answer; only one that is too long goes out in pieces."""

    name = CHANNEL
    title = "微信客服"
    pull = False
    # The platform shows a repeated message twice.
    recognises_repeats = False
    abilities = Abilities(max_bytes=MAX_TEXT_BYTES, merges=True, counted=True, files=True)

    def __init__(
        self, database: Database, account: ServiceAccount, clock: Callable[[], datetime] = now
    ) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    async def send(self, parcel: Parcel) -> str | None:
        """Delivers what an earlier attempt has not delivered yet; the platform's id of the last piece."""
        texts = pieces(parcel.text, self.abilities)
        done = list(parcel.confirmed)
        for text in texts[len(done) :]:
            try:
                done.append(await self._send_one(parcel.address, text) or str(len(done) + 1))
            except TryLater as error:
                raise TryLater(str(error), error.after_s, confirmed=tuple(done)) from None
        return done[-1] if done else None

    async def _send_one(self, person: str, text: str) -> str | None:
        door_id, welcome = await self._take(person)
        try:
            if welcome is not None:
                return await self._account.send_welcome(welcome, text)
            try:
                await self._account.keep_with_us(person)
            except Unclear:
                # Asking for the state, and setting it, may be done twice.
                raise TryLater("会话状态没有问到") from None
            return await self._account.send_text(person, text)
        except (TryLater, NotSent):
            await self._give_back(door_id, welcome)
            raise
        except ApiError as error:
            log.warning("wecom_refused", code=error.code)
            if error.code in COUNT_OVER:
                async with self._database.write() as session:
                    await quotas.exhaust(session, door_id)
            else:
                await self._give_back(door_id, welcome)
            raise refusal(error) from None

    async def _take(self, person: str) -> tuple[int, str | None]:
        """The door and, where only a welcome may be sent, the platform's code for it."""
        async with self._database.write() as session:
            door_id, welcome = await self._door(session, person), None
            counted = None if door_id is None else await quotas.take(session, door_id, self._clock())
            if door_id is not None and counted is None:
                welcome = await take_welcome(session, door_id, self._clock())
        if door_id is None or (counted is None and welcome is None):
            raise NotSent(NONE_LEFT)
        return door_id, welcome

    async def _give_back(self, door_id: int, welcome: str | None) -> None:
        if welcome is None:
            async with self._database.write() as session:
                await quotas.give_back(session, door_id, "message")

    async def _door(self, session: AsyncSession, person: str) -> int | None:
        hashed = self._database.sealer.lookup(person, "door.address")
        account = self._account.open_kfid
        query = select(Door.id).where(
            Door.channel == CHANNEL, Door.account == account, Door.address_hash == hashed
        )
        return await session.scalar(query)

    async def fetch(self, account: str, file: FileRef) -> Fetched:
        """A picture or file that a person sent."""
        try:
            return await self._account.media(file.ref)
        except (ApiError, Unclear):
            raise NotSent("文件取不到了，请再发一次。") from None

    async def link(self, code: str, lasts_s: int) -> str | None:
        """Scanning it opens the session, with `code` as its parameter. The address itself does not end."""
        try:
            return await self._account.scene_address(code)
        except (ApiError, Unclear, TryLater) as error:
            log.warning("wecom_no_code", reason=str(error))
            return None
