"""Delivers what the outbox holds, each message once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.cases.case_models import Case, Officer
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import SUPERSEDED, Conversation, Door, Message, Outbox
from bot.channels.base import Channel, NotSent, Parcel, TryLater
from bot.conversation import events
from bot.conversation.choices import text_of
from bot.conversation.order import Lead, Order
from bot.conversation.passive import PASSIVE
from bot.conversation.wire import Reply

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 8
_BATCH = 50
# The bell for what is new in the outbox, and the duty of emptying it.
_OUTBOX = "outbox"
# Between the platform's ids of the pieces of one message.
_AND = " "


class Sender:
    """One background task that empties the outbox, in one process at a time.

    A row is marked `sending` before its platform is asked. Found so at a start, it is tried again where the
    channel can recognise a repeat, and shown as `unknown` where a second try might deliver it twice.
    """

    def __init__(
        self,
        database: Database,
        broker: events.Broker,
        channels: Mapping[str, Channel],
        order: Order | None = None,
        *,
        poll_s: float = 1.0,
    ) -> None:
        self._database = database
        self._broker = broker
        self._channels = channels
        self._order = order or Order()
        self._poll_s = poll_s
        # Whether rows may lie about that were being sent when something broke.
        self._unsettled = False
        self._task: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """There is something new in the outbox."""
        self._broker.ring(_OUTBOX)

    async def start(self) -> None:
        await self._leads()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        with self._broker.listen(_OUTBOX) as bell:
            while True:
                bell.clear()
                try:
                    while await self._leads() and await self.send_due():
                        pass
                except Exception:
                    log.exception("sender_failed")
                    self._unsettled = True
                try:
                    async with asyncio.timeout(self._poll_s):
                        await bell.wait()
                except TimeoutError:
                    pass

    async def _leads(self) -> bool:
        """Whether this process sends; who begins to takes up what was left."""
        lead = await self._order.lead(_OUTBOX)
        if lead is Lead.NEW or (lead is Lead.YES and self._unsettled):
            await self._settle_interrupted()
            self._unsettled = False
        return lead is not Lead.NO

    async def _settle_interrupted(self) -> None:
        safe = [name for name, channel in self._channels.items() if channel.recognises_repeats]
        async with self._database.write() as session:
            stopped = update(Outbox).where(Outbox.status == "sending")
            await session.execute(stopped.where(Outbox.channel.in_(safe)).values(status="queued"))
            await session.execute(
                stopped.where(Outbox.channel.not_in(safe)).values(status="unknown", error="发送途中服务中断")
            )

    async def send_due(self) -> int:
        """Tries the first row of every door where it is due, oldest first; returns how many there were."""
        # What comes later waits, also while its forerunner is tried again: a firm reads in order.
        earlier = aliased(Outbox)
        before = select(earlier.id).where(
            earlier.conversation_id == Outbox.conversation_id,
            earlier.door_id == Outbox.door_id,
            earlier.id < Outbox.id,
            or_(
                earlier.status == "queued",
                and_(earlier.status == "sending", earlier.platform_id.is_distinct_from(PASSIVE)),
            ),
        )
        query = (
            select(Outbox.id)
            .where(Outbox.status == "queued", Outbox.next_try_at <= now(), ~before.exists())
            .order_by(Outbox.id)
            .limit(_BATCH)
        )
        async with self._database.read() as session:
            due = list(await session.scalars(query))
        for number in due:
            await self._send(number)
        return len(due)

    async def _send(self, number: int) -> None:
        taken = await self._take(number)
        if taken is None:
            return
        parcel, rows = taken
        channel = self._channels.get(parcel.channel)
        if channel is None:
            await self._close(rows, "failed", error="渠道未启用")
            return
        try:
            platform_id = await channel.send(parcel)
        except TryLater as error:
            await self._again(rows, parcel.attempts, error)
        except NotSent as error:
            await self._close(rows, "failed", error=str(error)[:200])
        except Exception as error:
            # The platform may or may not have it: only a channel that recognises repeats may be asked again.
            log.warning("send_failed", channel=parcel.channel, error=type(error).__name__)
            if channel.recognises_repeats:
                await self._again(rows, parcel.attempts, TryLater("发送出错"))
            else:
                await self._close(rows, "unknown", error="不确定对方是否收到")
        else:
            await self._close(rows, "sent", platform_id=platform_id)

    async def _take(self, number: int) -> tuple[Parcel, list[int]] | None:
        """Marks a row as being sent, and those that go with it; rows of pull channels are delivered here and
        now, as events."""
        rung: set[str] = set()
        rows: list[int] = []
        async with self._database.write() as session:
            row = await session.get(Outbox, number, with_for_update=True)
            if row is None or row.status != "queued":
                return None
            conversation = await session.get_one(Conversation, row.conversation_id)
            message = await session.get_one(Message, row.message_id)
            overtaken = conversation.mode == "human" and conversation.version != row.route_version
            if message.author == "bot" and (overtaken or row.route_version == SUPERSEDED):
                # A human took over after this was computed: the bot must not speak into their talk.
                row.status = "dropped"
                return None
            door = await session.get_one(Door, row.door_id)
            channel = self._channels.get(row.channel)
            row.attempts += 1
            if channel is not None and channel.pull:
                stream = events.talk(row.conversation_id)
                await events.append(session, stream, "message", await self._shown(session, message))
                row.status, row.sent_at = "sent", now()
                await session.flush()
                rung = {stream, *await _tell_desk(session, [row.id])}
                parcel = None
            else:
                messages = {row.id: message}
                if channel is not None and channel.abilities.merges:
                    messages |= await self._others(session, row, message)
                rows = list(messages)
                await session.execute(
                    update(Outbox)
                    .where(Outbox.id.in_(rows))
                    .values(status="sending", attempts=row.attempts)
                    .execution_options(synchronize_session="fetch")
                )
                texts = [await self._text(session, channel, one) for one in messages.values()]
                parcel = Parcel(
                    key=str(row.id),
                    channel=row.channel,
                    account=door.account,
                    address=door.address or "",
                    reply=_merged([msgspec.convert(one.body, Reply) for one in messages.values()]),
                    author=message.author,
                    attempts=row.attempts,
                    text="\n\n".join(texts),
                    confirmed=tuple(filter(None, (row.platform_id or "").split(_AND))),
                )
        for stream in rung:
            self._broker.ring(stream)
        return None if parcel is None else (parcel, rows)

    async def _others(self, session: AsyncSession, row: Outbox, message: Message) -> dict[int, Message]:
        """The further bubbles of the answer that `message` belongs to, by their rows."""
        if message.reply_to is None:
            return {}
        query = (
            select(Outbox, Message)
            .join(Message, Message.id == Outbox.message_id)
            .where(
                Outbox.status == "queued",
                Outbox.door_id == row.door_id,
                Outbox.id > row.id,
                Message.reply_to == message.reply_to,
                Message.author == message.author,
            )
            .order_by(Outbox.id)
            .with_for_update(of=Outbox)
        )
        return {row.id: other for row, other in (await session.execute(query)).all()}

    async def _text(self, session: AsyncSession, channel: Channel | None, message: Message) -> str:
        """The message as plain text; with its choices where the channel has no buttons for them, and with the
        names of files that came along."""
        if channel is None or channel.abilities.buttons:
            text = str(message.body.get("text", ""))
        else:
            text = await text_of(session, message)
        names = "、".join(f"「{file['name']}」" for file in message.body.get("files") or [])
        return f"{text}\n（随附文件{names}，请在网页上打开，或向专员当面索取）".strip() if names else text

    async def _shown(self, session: Any, message: Message) -> dict[str, Any]:
        """A message as the firm's page gets it."""
        name = None
        if message.officer_id is not None:
            name = (await session.get_one(Officer, message.officer_id)).title
        source = await session.get(Message, message.reply_to) if message.reply_to else None
        return {
            "id": message.seq,
            "author": message.author,
            "name": name,
            "text": message.body.get("text", ""),
            "buttons": message.body.get("buttons", []),
            **({"files": message.body["files"]} if message.body.get("files") else {}),
            "reply_to": _own_id(source),
            # Pages of linked doors follow the same stream.
            "door": message.door_id,
        }

    async def _again(self, rows: list[int], attempts: int, why: TryLater) -> None:
        if attempts >= MAX_ATTEMPTS:
            await self._close(rows, "failed", error=f"多次尝试仍未送达：{why}"[:200])
            return
        pause = (
            why.after_s if why.after_s is not None else min(300.0, 2.0**attempts) * random.uniform(0.8, 1.2)
        )
        values: dict[str, Any] = {"platform_id": _AND.join(why.confirmed)} if why.confirmed else {}
        await self._set(rows, status="queued", error=str(why)[:200], next_try_at=_later(pause), **values)

    async def _close(
        self, rows: list[int], status: str, *, error: str | None = None, platform_id: str | None = None
    ) -> None:
        sent_at = now() if status == "sent" else None
        await self._set(rows, status=status, error=error, platform_id=platform_id, sent_at=sent_at)

    async def _set(self, rows: list[int], **values: Any) -> None:
        async with self._database.write() as session:
            done: CursorResult[Any] = await session.execute(  # type: ignore[assignment]
                update(Outbox).where(Outbox.id.in_(rows), Outbox.status == "sending").values(**values)
            )
            if done.rowcount != len(rows):
                log.warning("outbox_rows_moved", rows=rows)
            rung = await _tell_desk(session, rows)
        for stream in rung:
            self._broker.ring(stream)


async def _tell_desk(session: AsyncSession, rows: list[int]) -> set[str]:
    """Tells the case's page how far what an officer wrote, or what the firm is told of its case, has got."""
    query = (
        select(Case.number, Message.seq)
        .join(Message, Message.conversation_id == Case.conversation_id)
        .join(Outbox, Outbox.message_id == Message.id)
        .where(Outbox.id.in_(rows), Message.author.in_(("officer", "system")))
        .order_by(Case.id, Message.seq)
    )
    streams = set()
    for number, seq in (await session.execute(query)).all():
        await events.append(session, events.case(number), "delivery", {"number": number, "seq": seq})
        streams.add(events.case(number))
    return streams


def _merged(replies: list[Reply]) -> Reply:
    if len(replies) == 1:
        return replies[0]
    texts = [reply.text for reply in replies if reply.text]
    return Reply("\n\n".join(texts), [button for reply in replies for button in reply.buttons])


def _own_id(message: Message | None) -> str | None:
    """The id that the firm's page gave its own message."""
    if message is None or message.platform_id is None:
        return None
    return message.platform_id.split(":", 1)[-1]


def _later(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)
