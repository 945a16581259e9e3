"""Welcome words: the one message that may go to somebody who opened the session and has not written."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.channel_models import ChannelCursor

# The platform takes a welcome for 20 seconds.
_LASTS = timedelta(seconds=18)


async def keep_welcome(session: AsyncSession, door_id: int, code: str, at: datetime) -> None:
    """Keeps the platform's `code` for the door, for whichever process sends."""
    row = await session.get(ChannelCursor, _name(door_id), with_for_update=True)
    if row is None:
        row = ChannelCursor(name=_name(door_id))
        session.add(row)
    row.value, row.at = code, at
    await session.flush()


async def take_welcome(session: AsyncSession, door_id: int, at: datetime) -> str | None:
    """The door's code, once and while the platform takes it."""
    row = await session.get(ChannelCursor, _name(door_id), with_for_update=True)
    if row is None:
        return None
    code, kept_at = row.value, row.at
    await session.execute(delete(ChannelCursor).where(ChannelCursor.name == row.name))
    return code if at - kept_at <= _LASTS else None


def _name(door_id: int) -> str:
    return f"wecom:welcome:{door_id}"
