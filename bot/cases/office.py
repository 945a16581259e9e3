"""How the office works: its hours and how long an offer stands.

Kept in the database, written at the start from the settings, so that every process and command reckons alike.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.models import Setting
from bot.cases.worktime import WorkHours, parse_hours
from bot.settings import DEFAULT_HOURS

_HOURS, _OFFER = "work_hours", "offer_minutes"
OFFER_MINUTES = 10


class Office(msgspec.Struct, frozen=True):
    hours: WorkHours = parse_hours(DEFAULT_HOURS)
    offer_minutes: float = OFFER_MINUTES


async def office_of(session: AsyncSession) -> Office:
    """The office as it was last set; the defaults where it never was."""
    rows = await session.execute(
        select(Setting.name, Setting.value).where(Setting.name.in_((_HOURS, _OFFER)))
    )
    kept = {row[0]: row[1] for row in rows}
    return Office(parse_hours(kept.get(_HOURS, DEFAULT_HOURS)), float(kept.get(_OFFER, str(OFFER_MINUTES))))


async def set_office(session: AsyncSession, hours: str, offer_minutes: float) -> bool:
    """Keeps the hours and how long an offer stands; says whether the hours are others than before.

    Args:
        hours: as `parse_hours` reads them.
    """
    parse_hours(hours)
    before = await session.get(Setting, _HOURS)
    changed = (before.value if before else DEFAULT_HOURS) != hours
    await session.merge(Setting(name=_HOURS, value=hours))
    await session.merge(Setting(name=_OFFER, value=str(offer_minutes)))
    return changed
