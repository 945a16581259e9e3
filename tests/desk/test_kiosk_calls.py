"""Calls for the staff on both databases: pressed at once they are one, and events keep their numbers."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.cases.database import Database
from bot.cases.models import Event
from bot.conversation import events
from bot.web.kiosk import CALL, call


async def test_presses_at_one_moment_are_one_call(database: Database) -> None:
    called = await asyncio.gather(*(call(database, f"a{turn % 2}", "大厅") for turn in range(10)))
    assert [one.fresh for one in called].count(True) == 2
    assert all(0 < one.again_s <= 60 for one in called)
    async with database.read() as session:
        found = list(await session.scalars(select(Event).where(Event.stream == events.DESK)))
    assert sorted((event.seq, event.kind) for event in found) == [(1, CALL), (2, CALL)]
    assert {event.data["kiosk"] for event in found} == {"a0", "a1"}
