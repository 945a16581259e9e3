"""Numbered choices of doors that show no buttons: how they were labelled, and which one a number means."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.models import Message
from bot.channels.rendering import chosen, numbered
from bot.conversation.wire import Answer, Button, Reply

# An older list is not on anybody's mind: then a number is a number.
LASTS = timedelta(hours=24)


async def chosen_at(
    session: AsyncSession, conversation_id: str, door_id: int, typed: str, at: datetime
) -> Button | None:
    """The button that `typed` means among the choices that the door showed last; none if it means none.

    A list ends with the next answer, with or without choices, and after a day. An officer's words do not end
    it: they come between.
    """
    query = (
        select(Message)
        .where(
            # The conversation is named for the index, and because a linked door has left the old list behind.
            Message.conversation_id == conversation_id,
            Message.door_id == door_id,
            Message.author.in_(("bot", "system")),
            Message.kind != "notice",
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    last = await session.scalar(query)
    if last is None or last.created_at < at - LASTS:
        return None
    return chosen(typed, (await _offered(session, last))[1])


async def text_of(session: AsyncSession, message: Message) -> str:
    """An outbound message as plain text, its choices labelled as `chosen_at` will read them."""
    source = await _source(session, message)
    if source is None:
        return numbered([_reply(message)])[0][0]
    own = msgspec.convert(source.answer, Answer)
    texts, _ = numbered(own.replies, own.state.asking)
    reply = _reply(message)
    place = next((place for place, one in enumerate(own.replies) if _same(one, reply)), None)
    return numbered([reply])[0][0] if place is None else texts[place]


async def _offered(session: AsyncSession, last: Message) -> tuple[list[str], dict[str, Button]]:
    """All texts and choices of the answer that `last` belongs to."""
    source = await _source(session, last)
    if source is None:
        return numbered([_reply(last)])
    answer = msgspec.convert(source.answer, Answer)
    return numbered(answer.replies, answer.state.asking)


async def _source(session: AsyncSession, message: Message) -> Message | None:
    """The inbound message whose kept answer has `message` as one of its replies."""
    source = await session.get(Message, message.reply_to) if message.reply_to else None
    return None if source is None or source.answer is None else source


def _reply(message: Message) -> Reply:
    return msgspec.convert({"text": "", **message.body}, Reply)


def _same(one: Reply, other: Reply) -> bool:
    return one.text == other.text and one.buttons == other.buttons
