"""One firm, many doors: a talk that began at one door goes on at another, by a code that works once."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.cases.firm_models import OneTimeCode
from bot.cases.models import Conversation, Door, Message
from bot.cases.sealing import Sealer
from bot.conversation.intake import new_conversation
from bot.conversation.wire import Reply

LASTS = timedelta(minutes=10)
_PURPOSE = "link"
_COLUMN = "one_time_code.link"
# No 0, 1, I, L, O, U: read from a screen and typed by hand. 60 bits: nobody hits one in ten minutes.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12
_CODE = re.compile(rf"[{_SIGNS}]{{{_LENGTH}}}")
_GAPS = re.compile(r"[\s\-－—]+")
# The longest talk that is shown at once; what is left out is said.
_SHOWN_LINES = 30


class BadCode(Exception):
    """The code is unknown, too old, or was used by somebody else."""


class Moved(msgspec.Struct, frozen=True):
    """The conversation that a door now leads to, and the channels of its other doors."""

    conversation_id: str
    channels: list[str]


def code_in(text: str) -> str | None:
    """The code that a message consists of, in whichever spacing and case it was typed.

    >>> code_in(" 2345-6789-abcd "), code_in("贷款300万")
    ('23456789ABCD', None)
    """
    bare = _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()
    return bare if _CODE.fullmatch(bare) else None


async def make_link_code(session: AsyncSession, sealer: Sealer, conversation_id: str, at: datetime) -> str:
    """A code for `LASTS` that leads another door into the conversation; only its keyed hash is kept.

    Raises:
        LookupError: the conversation has ended.
    """
    conversation = await session.get(Conversation, conversation_id)
    if conversation is None or conversation.ended_at is not None:
        raise LookupError(conversation_id)
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    session.add(
        OneTimeCode(
            purpose=_PURPOSE,
            code_hash=sealer.lookup(code, _COLUMN),
            conversation_id=conversation_id,
            tries=0,
            created_at=at,
            expires_at=at + LASTS,
        )
    )
    await session.flush()
    return code


async def take_link_code(
    session: AsyncSession, sealer: Sealer, code: str, door_id: int, at: datetime
) -> Moved:
    """Leads the door into the conversation that the code was made in, with everything it had.

    The platform may deliver the same request again: then the door is there already, and nothing changes. A
    kiosk that wiped itself meanwhile ended the talk; it goes on here.

    Raises:
        BadCode
    """
    own = (OneTimeCode.purpose == _PURPOSE, OneTimeCode.code_hash == sealer.lookup(code, _COLUMN))
    won = await session.execute(
        update(OneTimeCode)
        .where(*own, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at)
        .values(used_at=at)
        .returning(OneTimeCode.conversation_id)
    )
    conversation_id = won.scalar_one_or_none()
    door = await session.get_one(Door, door_id)
    if conversation_id is None:
        used = select(OneTimeCode.conversation_id).where(*own, OneTimeCode.used_at.is_not(None))
        if await session.scalar(used) != door.conversation_id:
            raise BadCode
        return Moved(door.conversation_id, await _others(session, door))
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.ended_at.is_not(None))
        .values(ended_at=None, version=Conversation.version + 1)
    )
    door.conversation_id = conversation_id
    door.closed_at = None
    # What was agreed to was about another talk.
    door.shares_talk = False
    await session.flush()
    return Moved(conversation_id, await _others(session, door))


async def unlink(session: AsyncSession, door_id: int, at: datetime) -> bool:
    """The door leads to a new, empty conversation; whether it had been linked with another one."""
    door = await session.get_one(Door, door_id)
    linked = await linked_with(session, door.conversation_id, door.id)
    if linked:
        conversation = new_conversation(at)
        session.add(conversation)
        await session.flush()
        door.conversation_id = conversation.id
        door.shares_talk = False
        await session.flush()
    return linked


def reaches(conversation_id: str) -> ColumnElement[bool]:
    """The condition on `Door` for where words of the conversation may go: its doors; one that was unlinked
    gets nothing more. A door that went to another talk is still told of this one while it is the only way."""
    other = aliased(Door)
    led_to = select(other.id).where(other.conversation_id == conversation_id)
    return or_(Door.conversation_id == conversation_id, ~led_to.exists())


async def linked_with(session: AsyncSession, conversation_id: str, door_id: int) -> bool:
    """Whether the conversation has, or had, another door."""
    query = select(Door.id).where(Door.conversation_id == conversation_id, Door.id != door_id)
    return await session.scalar(query.limit(1)) is not None


async def share(session: AsyncSession, door_id: int, *, agreed: bool) -> None:
    """Whether talk of the conversation's other doors may be shown at this one."""
    await session.execute(update(Door).where(Door.id == door_id).values(shares_talk=agreed))


async def shares(session: AsyncSession, door_id: int) -> bool:
    """Whether what was said at the conversation's other doors may be shown at this one."""
    return bool(await session.scalar(select(Door.shares_talk).where(Door.id == door_id)))


async def shown_at(session: AsyncSession, conversation_id: str, door_id: int) -> set[int]:
    """The doors whose words may be shown at this one: its own, and if that was agreed to here, those where it
    was agreed to as well, and the one where the talk began: who gave the code away there agreed by that.

    Else whoever leads somebody else's door into a talk of their own could read along.
    """
    if not await shares(session, door_id):
        return {door_id}
    began = (
        select(Message.door_id)
        .where(Message.conversation_id == conversation_id, Message.author == "firm")
        .order_by(Message.seq)
        .limit(1)
    )
    agreed = select(Door.id).where(
        Door.conversation_id == conversation_id,
        or_(Door.shares_talk, Door.id == began.scalar_subquery()),
    )
    return {door_id, *await session.scalars(agreed)}


async def spoken_at(session: AsyncSession, conversation_id: str) -> set[int]:
    """The doors at which something was said."""
    query = select(Message.door_id).where(
        Message.conversation_id == conversation_id, Message.door_id.is_not(None)
    )
    return {door for door in await session.scalars(query.distinct()) if door is not None}


async def other_talk(session: AsyncSession, conversation_id: str, door_id: int, *, until: int) -> Reply:
    """What was said at the other doors before message `until`, as one text for a door that may see it."""
    others = await shown_at(session, conversation_id, door_id) - {door_id}
    query = (
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.door_id.in_(sorted(others)),
            Message.seq < until,
            Message.author.in_(("firm", "bot", "officer")),
            Message.kind.in_(("text", "payload")),
        )
        .order_by(Message.seq.desc())
        .limit(_SHOWN_LINES + 1)
    )
    found = list(await session.scalars(query))
    lines = [_line(message) for message in reversed(found[:_SHOWN_LINES]) if message.body.get("text")]
    if not lines:
        return Reply("那边还没有说过什么。")
    head = "之前的对话" + ("（只显示最近的）" if len(found) > _SHOWN_LINES else "") + "："
    return Reply("\n".join([head, *lines]))


def _line(message: Message) -> str:
    who = {"firm": "您", "bot": "陪跑", "officer": "专员"}[message.author]
    return f"{who}：{message.body['text']}"


async def _others(session: AsyncSession, door: Door) -> list[str]:
    query = select(Door.channel).where(Door.conversation_id == door.conversation_id, Door.id != door.id)
    return sorted(set(await session.scalars(query)))
