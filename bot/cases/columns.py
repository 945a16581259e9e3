"""Column types: sealed text and JSON, and moments that keep their time zone on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from bot.cases.sealing import Sealer

# The sealer hangs on the dialect, of which every engine has its own: two services in one process
# (tests) may use different keys, and no query has to carry the sealer about.
_ATTRIBUTE = "peipao_sealer"


def equip(dialect: Dialect, sealer: Sealer) -> None:
    """Lets the sealed columns of every statement run under `dialect` use `sealer`."""
    setattr(dialect, _ATTRIBUTE, sealer)


def sealer_of(dialect: Dialect) -> Sealer:
    sealer: Sealer = getattr(dialect, _ATTRIBUTE)
    return sealer


class SealedJson(TypeDecorator[Any]):
    """Any JSON value, encrypted. `column` is authenticated with it: `table.column`."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).seal_json(value, self.column)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else sealer_of(dialect).open_json(value, self.column)


class SealedText(TypeDecorator[str]):
    """Text, encrypted."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer_of(dialect).seal(value.encode(), self.column)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else sealer_of(dialect).open(value, self.column).decode()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone, so it is taken off and put back there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
