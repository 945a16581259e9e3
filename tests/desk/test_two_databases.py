"""The fixtures themselves: each test has a database of its own, migrated and empty, of each kind."""

from __future__ import annotations

import pytest
from app_harness import Running
from sqlalchemy import func, select

from bot.cases.database import Database
from bot.cases.models import Conversation, Counter


@pytest.mark.parametrize("again", [1, 2])
async def test_what_one_test_writes_no_other_sees(database: Database, again: int) -> None:
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Counter)) == 0
    async with database.write() as session:
        session.add(Counter(name="left behind", value=again))


async def test_the_app_works_on_it(running: Running) -> None:
    answer = await running.client.say(None, "你好")
    assert answer["replies"][0]["text"] == "收到：你好"
    async with running.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1
