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
from bot.conversation import doors
from bot.conversation.notices import day


class Way(msgspec.Struct, frozen=True):
    """The door through which words leave: where the firm wrote last.

    `left`: messages that may still be sent there by what was counted, until `until` (none: nothing counted).
    `closed`: the firm has left; nothing gets there any more.
    """

    channel: str
    account: str
    left: int
    until: datetime | None
    closed: bool = False


class Shown(msgspec.Struct, frozen=True):
    """The way in words. `open`: something can be sent now; `low`: hardly anything; `longest`: characters of
    one message, 0 for no limit; `files`: pictures and files get there as such; `title`: what people call the
    channel, for a kiosk with its place."""

    text: str
    open: bool
    low: bool
    longest: int
    files: bool
    title: str = ""


async def way_to(session: AsyncSession, conversation_id: str, at: datetime) -> Way | None:
    """Nothing where the firm never wrote; the door it left last where all of them are closed."""
    newest = (
        select(Door)
        .join(Message, Message.door_id == Door.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == "firm",
            doors.reaches(conversation_id),
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    door = await session.scalar(newest.where(Door.closed_at.is_(None)))
    if door is None:
        left = await session.scalar(newest)
        return None if left is None else Way(left.channel, left.account, 0, None, closed=True)
    until = await session.scalar(
        select(func.max(Quota.expires_at)).where(Quota.door_id == door.id, Quota.expires_at > at)
    )
    return Way(door.channel, door.account, await quotas.left(session, door.id, at), until)


def shown(way: Way | None, channels: Mapping[str, Channel]) -> Shown:
    """What the officer must know before writing."""
    if way is None:
        return Shown("企业已结束对话，没有渠道可以送达", open=False, low=True, longest=0, files=False)
    channel = channels.get(way.channel)
    # A channel with several accounts (kiosks) says which of them.
    title_of = getattr(channel, "title_of", None)
    title = title_of(way.account) if title_of else channel.title if channel else way.channel
    if way.closed:
        words = f"企业在{title}结束了对话，没有渠道可以送达"
        return Shown(words, open=False, low=True, longest=0, files=False, title=title)
    if channel is None:
        return Shown("企业用的渠道没有启用，消息送不到", open=False, low=True, longest=0, files=False)
    able = channel.abilities
    longest = able.max_chars or (able.max_bytes or 0) // 3
    if not able.counted:
        words = "可以随时发送" if able.push else "对方还在屏幕前才看得到"
        return Shown(f"{title}：{words}", True, False, longest, channel.pull, title)
    if not way.left:
        words = f"{title}：现在不能发送，要等企业再发来一条消息"
        return Shown(words, open=False, low=True, longest=longest, files=channel.pull, title=title)
    until = "" if way.until is None else f"，{_until(way.until)}前有效"
    words = f"{title}：还可以发 {way.left} 条{until}"
    return Shown(words, open=True, low=way.left <= 2, longest=longest, files=channel.pull, title=title)


def _until(moment: datetime) -> str:
    return day(local_day(moment))
