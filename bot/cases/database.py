"""Opens the database: SQLite or PostgreSQL, by the same code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.cases import (  # noqa: F401  every table must be known before a query; what is written is indexed
    case_models,
    channel_models,
    desk_models,
    firm_models,
    policy_models,
    search,
)
from bot.cases.columns import equip
from bot.cases.models import Base, Setting
from bot.cases.sealing import Sealer
from bot.cases.sqlite import run_directly, sqlite_module
from bot.settings import SettingsError

WRITES = "peipao_writes"
QUICK = "peipao_quick"
BUSY_MS = 10_000
# The advisory lock of PostgreSQL that stands for preparing the database; any number that stays the same.
_START = 0x70656970616F


class Database:
    """Sessions for reading and for writing.

    On SQLite a writing transaction takes the write lock at once (`BEGIN IMMEDIATE`): one that began by
    reading and wanted to write later would fail at that point instead of waiting. Inside this process the
    writers queue before that: SQLite itself lets them poll, which is slow and lets the unlucky starve.
    """

    def __init__(self, url: str, sealer: Sealer) -> None:
        self.url = url
        self.sealer = sealer
        self.engine = _make_engine(url)
        equip(self.engine.sync_engine.dialect, sealer)
        self._read = async_sessionmaker(self.engine, expire_on_commit=False)
        quick = self.engine.execution_options(**{QUICK: True})
        self._read_quickly = async_sessionmaker(quick, expire_on_commit=False)
        writing = self.engine.execution_options(**{WRITES: True})
        self._write = async_sessionmaker(writing, expire_on_commit=False)
        sqlite = self.engine.dialect.name == "sqlite"
        self._turnstile: AbstractAsyncContextManager[Any] = asyncio.Lock() if sqlite else nullcontext()

    @asynccontextmanager
    async def read(self, *, quick: bool = False) -> AsyncIterator[AsyncSession]:
        """A session whose changes are not kept.

        Args:
            quick: only a few rows found by an index are read: on SQLite that is not worth another thread.
        """
        async with self._read_quickly() if quick else self._read() as session:
            yield session

    @asynccontextmanager
    async def write(self, *, alone: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back when anything is raised.

        Args:
            alone: no other process is in such a transaction meanwhile, for what a start does once: two that
                start at the same moment would both find it missing. On SQLite every writer is alone.
        """
        async with self._turnstile, self._write() as session, session.begin():
            if alone:
                await session.run_sync(lambda session: wait_to_be_alone(session.connection()))
            yield session

    async def check_key(self) -> None:
        """Notes which key the data are sealed with, and refuses another one later.

        Raises:
            SettingsError: the database was filled under another key.
        """
        async with self.write(alone=True) as session:
            kept = await session.scalar(select(Setting.value).where(Setting.name == "key"))
            if kept is None:
                session.add(Setting(name="key", value=self.sealer.fingerprint))
            elif kept != self.sealer.fingerprint:
                raise SettingsError(
                    "数据库里的个人信息是用另一把密钥加密的："
                    "请找回原来的密钥（PEIPAO_KEYS 或 PEIPAO_KEY_FILE），或换一个数据目录。"
                )

    async def close(self) -> None:
        await self.engine.dispose()


def wait_to_be_alone(connection: Connection) -> None:
    """Waits for other processes that have said the same in a transaction that has not ended yet."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_START)))


def _make_engine(url: str) -> AsyncEngine:
    # hide_parameters: an error's text may be logged and must not carry what people wrote.
    if not url.startswith("sqlite"):
        return create_async_engine(
            url, hide_parameters=True, pool_size=10, max_overflow=20, pool_pre_ping=True
        )
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        module=sqlite_module(),
        # One thread at a time uses a connection, but not always the same one.
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own accord: `_begin_sqlite` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        # What was acknowledged survives a power cut, not only a killed process.
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    writes = options.get(WRITES)
    driver = connection.connection.dbapi_connection
    # The begin of a writing transaction may wait for another process; once it holds the lock nothing waits.
    run_directly(driver, bool(options.get(QUICK)) and not writes)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    if writes:
        run_directly(driver, True)


metadata = Base.metadata
