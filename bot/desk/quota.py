"""How the firm is reached now, and how many messages its platform still lets us send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import quotas
from bot.cases.channel_models import Quota
from bot.cases.clock import local_day
from bot.cases.models import Door, Message
from bot.channels.base import Channel
from bot.conversation.notices import day


class Way(msgspec.Struct, frozen=True):
    """The door through which words leave: where the firm wrote last.

    `left`: messages that may still be sent there by what was counted, until `until` (none: nothing counted).
    """

    channel: str
    left: int
    until: datetime | None


class Shown(msgspec.Struct, frozen=True):
    """The way in words. `open`: something can be sent now; `low`: hardly anything; `longest`: characters of
    one message, 0 for no limit; `files`: pictures and files get there as such."""

    text: str
    open: bool
    low: bool
    longest: int
    files: bool


async def way_to(session: AsyncSession, conversation_id: str, at: datetime) -> Way | None:
    """Nothing where all of the firm's doors are closed."""
    door = await session.scalar(
        select(Door)
        .join(Message, Message.door_id == Door.id)
        .where(Message.conversation_id == conversation_id, Message.author == "firm", Door.closed_at.is_(None))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    if door is None:
        return None
    until = await session.scalar(
        select(func.max(Quota.expires_at)).where(Quota.door_id == door.id, Quota.expires_at > at)
    )
    return Way(door.channel, await quotas.left(session, door.id, at), until)


def shown(way: Way | None, channels: Mapping[str, Channel]) -> Shown:
    """What the officer must know before writing."""
    if way is None:
        return Shown("企业已结束对话，没有渠道可以送达", open=False, low=True, longest=0, files=False)
    channel = channels.get(way.channel)
    if channel is None:
        return Shown("企业用的渠道没有启用，消息送不到", open=False, low=True, longest=0, files=False)
    able = channel.abilities
    longest = able.max_chars or (able.max_bytes or 0) // 3
    if not able.counted:
        return Shown(f"{channel.title}：可以随时发送", True, False, longest, channel.pull)
    if not way.left:
        words = f"{channel.title}：现在不能发送，要等企业再发来一条消息"
        return Shown(words, open=False, low=True, longest=longest, files=channel.pull)
    until = "" if way.until is None else f"，{_until(way.until)}前有效"
    words = f"{channel.title}：还可以发 {way.left} 条{until}"
    return Shown(words, open=True, low=way.left <= 2, longest=longest, files=channel.pull)


def _until(moment: datetime) -> str:
    return day(local_day(moment))
