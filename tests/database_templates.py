"""Databases for tests: each made as a copy of one that was migrated once, so that it is quick."""

from __future__ import annotations

import asyncio
import os
import shutil
from itertools import count
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.cases.database import Database
from bot.cases.migrate import upgrade
from bot.cases.sealing import Sealer
from bot.settings import async_address

KEY = b"k" * 32
_templates = count(1)


class SqliteTemplate:
    """A migrated file without rows; `copy` puts one like it into a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "peipao.sqlite3"
        asyncio.run(_migrate(f"sqlite+aiosqlite:///{self._file}"))

    def copy(self, folder: Path) -> str:
        """The address of a copy in `folder`."""
        return f"sqlite+aiosqlite:///{shutil.copy(self._file, folder / 'peipao.sqlite3')}"


class PostgresTemplate:
    """A migrated database without rows on a server; its user must be allowed to create databases.

    Args:
        address: any database of the server, as in PEIPAO_TEST_POSTGRES; it is not touched itself.
    """

    def __init__(self, address: str) -> None:
        self._address = async_address(address)
        # The process's number: two runs on one server must not meet; nor must folders of tests in one run.
        self._name = f"peipao_template_{os.getpid()}_{next(_templates)}"
        self._numbers = count(1)
        asyncio.run(self._make())

    async def _make(self) -> None:
        await self._say(f'CREATE DATABASE "{self._name}"')
        await _migrate(self._at(self._name))

    async def copy(self) -> str:
        """The address of a new copy."""
        name = f"{self._name}_{next(self._numbers)}"
        await self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"')
        return self._at(name)

    async def empty(self) -> str:
        """The address of a new database in which nothing is, not even tables."""
        name = f"{self._name}_{next(self._numbers)}"
        await self._say(f'CREATE DATABASE "{name}"')
        return self._at(name)

    async def drop(self, address: str) -> None:
        """Removes a copy, whoever is still connected to it."""
        await self._say(f'DROP DATABASE IF EXISTS "{make_url(address).database}" WITH (FORCE)')

    def close(self) -> None:
        asyncio.run(self._say(f'DROP DATABASE IF EXISTS "{self._name}" WITH (FORCE)'))

    def _at(self, name: str) -> str:
        return make_url(self._address).set(database=name).render_as_string(hide_password=False)

    async def _say(self, statement: str) -> None:
        # A database cannot be made or removed inside a transaction.
        engine = create_async_engine(self._address, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()


async def _migrate(address: str) -> None:
    database = Database(address, Sealer([KEY]))
    await upgrade(database)
    await database.close()
