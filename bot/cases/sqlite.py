"""SQLite under SQLAlchemy's async engine, without a change of threads for every small step.

`aiosqlite` runs everything in a thread of the connection's own: four hand-overs a statement, some sixty a
turn, which cost more than SQLite itself. Here a statement that cannot wait runs where it is asked for. What
may wait for a disk or for another process (the begin of a writing transaction, a commit, a read of unknown
length) still runs in the thread.
"""

from __future__ import annotations

import collections
import sqlite3
from typing import Any, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import EMPTY_DICT


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor of either kind, as the connection stands when it is made."""

    __slots__ = ("_plain",)

    def __init__(self, adapt_connection: Any) -> None:
        self._plain: sqlite3.Cursor | None = None
        if not adapt_connection.direct:
            super().__init__(adapt_connection)
            return
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = collections.deque()
        self._plain = adapt_connection.driver.cursor()
        # What SQLAlchemy asks of it besides (description, rowcount, lastrowid) both kinds have.
        self._cursor = cast(Any, self._plain)

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        if self._plain is None:
            return super().execute(operation, parameters)
        self._plain.execute(operation, () if parameters is None else parameters)
        if self._plain.description:
            self._rows = collections.deque(self._plain.fetchall())
        return self

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        if self._plain is None:
            return super().executemany(operation, seq_of_parameters)
        return self._plain.executemany(operation, seq_of_parameters)

    async def _async_soft_close(self) -> None:
        if self._plain is None:
            await super()._async_soft_close()

    def close(self) -> None:
        if self._plain is None:
            super().close()
            return
        self._rows.clear()
        self._plain.close()


class _Connection(AsyncAdapt_aiosqlite_connection):
    """A connection that may be told, at the begin of a transaction, to run its statements directly."""

    __slots__ = ("direct",)
    _cursor_cls: type[AsyncAdapt_aiosqlite_cursor] = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.direct = False

    @property
    def driver(self) -> sqlite3.Connection:
        found: sqlite3.Connection = self._connection._conn
        return found

    def rollback(self) -> None:
        if self.direct:
            self.driver.rollback()
        else:
            super().rollback()

    def commit(self) -> None:
        # Commits always wait for the disk, unless nothing was begun.
        if self.driver.in_transaction:
            super().commit()


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> _Connection:
        made = super().connect(*arg, **kw)
        return _Connection(self, made._connection)


def sqlite_module() -> Any:
    """For `create_async_engine(…, module=…)`; the connections must be made with `check_same_thread=False`."""
    return _Module(aiosqlite, sqlite3)


def run_directly(dbapi_connection: Any, direct: bool) -> None:
    """Whether the statements of the coming transaction run where they are asked for."""
    dbapi_connection.direct = direct
