"""How many messages a platform still lets us send to a person, by what the person did last."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.channel_models import Quota


async def grant(
    session: AsyncSession, door_id: int, opened_by: str, allowed: int, lasts_s: float, at: datetime
) -> None:
    """The person behind the door did something that lets us send `allowed` messages for `lasts_s` seconds.

    Args:
        opened_by: `message` or `event`; each is counted by itself, and the same again begins anew.
        at: when the person did it; what came late, after something newer, changes nothing.
    """
    expires_at = at + timedelta(seconds=lasts_s)
    anew = (
        update(Quota)
        .where(Quota.door_id == door_id, Quota.opened_by == opened_by, Quota.opened_at <= at)
        .values(opened_at=at, expires_at=expires_at, allowed=allowed, used=0)
    )
    if await _changed(session, anew):
        return
    try:
        async with session.begin_nested():
            session.add(
                Quota(
                    door_id=door_id,
                    opened_by=opened_by,
                    opened_at=at,
                    expires_at=expires_at,
                    allowed=allowed,
                    used=0,
                )
            )
    except IntegrityError:
        # There is a newer one, or another process was quicker.
        await _changed(session, anew)


async def take(session: AsyncSession, door_id: int, at: datetime) -> str | None:
    """Counts one message; says of which allowance it was taken, nothing when none is left.

    The allowance that ends first is used first.
    """
    for opened_by in await _open(session, door_id, at):
        one = (
            update(Quota)
            .where(
                Quota.door_id == door_id,
                Quota.opened_by == opened_by,
                Quota.used < Quota.allowed,
                Quota.expires_at > at,
            )
            .values(used=Quota.used + 1)
        )
        if await _changed(session, one):
            return opened_by
    return None


async def give_back(session: AsyncSession, door_id: int, opened_by: str) -> None:
    """What was counted was certainly not delivered."""
    counted = update(Quota).where(Quota.door_id == door_id, Quota.opened_by == opened_by, Quota.used > 0)
    await session.execute(counted.values(used=Quota.used - 1))


async def exhaust(session: AsyncSession, door_id: int) -> None:
    """The platform says that nothing is left, whatever was counted here."""
    await session.execute(update(Quota).where(Quota.door_id == door_id).values(used=Quota.allowed))


async def forget(session: AsyncSession, door_id: int) -> None:
    """The person left: nothing may be sent until they come back."""
    await session.execute(delete(Quota).where(Quota.door_id == door_id))


async def left(session: AsyncSession, door_id: int, at: datetime) -> int:
    """How many messages may still be sent now."""
    query = select(Quota).where(Quota.door_id == door_id, Quota.expires_at > at)
    return sum(max(0, row.allowed - row.used) for row in await session.scalars(query))


async def _open(session: AsyncSession, door_id: int, at: datetime) -> list[str]:
    query = select(Quota.opened_by).where(Quota.door_id == door_id, Quota.expires_at > at)
    return list(await session.scalars(query.order_by(Quota.expires_at)))


async def _changed(session: AsyncSession, statement: Any) -> bool:
    done: CursorResult[Any] = await session.execute(statement)  # type: ignore[assignment]
    return bool(done.rowcount)
