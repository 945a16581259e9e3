"""Numbers handed out one by one: safe when many ask at once, in one process or several."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

# One statement, understood by both databases. The row stays locked until the transaction ends, so
# numbers also become visible in their order and an unused one is given back by a rollback.
_NEXT = text(
    "INSERT INTO counter (name, value) VALUES (:name, 1) "
    "ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value"
)


async def next_number(session: AsyncSession, name: str) -> int:
    """1, 2, 3 … for `name`, without gaps."""
    value: int = (await session.execute(_NEXT, {"name": name})).scalar_one()
    return value


async def next_case_number(session: AsyncSession, day: date) -> str:
    """`KC20261124-0001`, counted anew each day."""
    serial = await next_number(session, f"case:{day:%Y%m%d}")
    return f"KC{day:%Y%m%d}-{serial:04d}"
