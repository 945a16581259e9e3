"""SQLite's statements run where they are asked for; what may wait does not hold up the service."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
from database_templates import KEY, SqliteTemplate
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from bot.cases.database import Database
from bot.cases.models import Setting
from bot.cases.sealing import Sealer


@pytest.fixture
async def sqlite(sqlite_template: SqliteTemplate, tmp_path: Path):
    opened = Database(sqlite_template.copy(tmp_path), Sealer([KEY]))
    yield opened
    await opened.close()


async def threads_of(database: Database, *, quick: bool, write: bool) -> set[str]:
    """Names of the threads in which SQLite calls back for a statement of such a session."""
    seen: set[str] = set()

    def note() -> int:
        seen.add(threading.current_thread().name)
        return 1

    @event.listens_for(database.engine.sync_engine, "checkout")
    def equip(connection: object, _record: object, _proxy: object) -> None:
        connection.driver.create_function("note", 0, note)  # type: ignore[attr-defined]

    async with database.write() if write else database.read(quick=quick) as session:
        assert await session.scalar(text("SELECT note()")) == 1
    return seen


@pytest.mark.parametrize(
    ("quick", "write", "here"), [(True, False, True), (False, True, True), (False, False, False)]
)
async def test_where_statements_run(sqlite: Database, quick: bool, write: bool, here: bool) -> None:
    threads = await threads_of(sqlite, quick=quick, write=write)
    assert (threads == {threading.current_thread().name}) is here


async def test_a_lock_held_by_another_process_does_not_hold_up_reading(sqlite: Database) -> None:
    other = sqlite3.connect(sqlite.url.split("///")[1], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = asyncio.Event()

    async def write() -> None:
        asked.set()
        async with sqlite.write() as session:
            session.add(Setting(name="late", value="yes"))

    writing = asyncio.create_task(write())
    await asked.wait()
    async with sqlite.read(quick=True) as session:
        assert await session.scalar(select(func.count()).select_from(Setting)) == 0
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
    async with sqlite.read() as session:
        assert await session.scalar(select(Setting.value).where(Setting.name == "late")) == "yes"


async def test_what_fails_is_rolled_back_and_the_connection_goes_on(sqlite: Database) -> None:
    async with sqlite.write() as session:
        session.add(Setting(name="one", value="1"))

    async def add_twice() -> None:
        async with sqlite.write() as session:
            session.add(Setting(name="two", value="2"))
            await session.flush()
            await session.execute(text("INSERT INTO setting (name, value) VALUES ('one', '3')"))

    with pytest.raises(IntegrityError):
        await add_twice()
    async with sqlite.write() as session:
        session.add(Setting(name="three", value="3"))
    async with sqlite.read(quick=True) as session:
        assert set(await session.scalars(select(Setting.name))) == {"one", "three"}
