"""What a page of the desk must learn, from several numbered streams over one connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, Officer
from bot.cases.database import Database
from bot.cases.models import Conversation, Counter, Event, Message
from bot.cases.routing import may_see
from bot.conversation import events
from bot.conversation.events import Broker

_PAGE = 200
_LONGEST = 80


class BadCursor(ValueError):
    """The place in the streams that a page names cannot be read."""


def streams_of(officer: Officer, number: str | None = None) -> list[str]:
    """The streams of `officer`'s pages: everybody's, their own, and the case's that a page shows."""
    own = [events.DESK, events.desk_of(officer.id)]
    return own if number is None else [*own, events.case(number)]


def cursor_text(after: Mapping[str, int]) -> str:
    """How far the streams have been read, in their order, as the page keeps it."""
    return ".".join(str(seq) for seq in after.values())


def parse_cursor(text: str, streams: list[str]) -> dict[str, int]:
    """The opposite of `cursor_text`; raises `BadCursor`."""
    parts = text.split(".")
    good = len(parts) == len(streams) and len(text) <= _LONGEST
    if not good or not all(part.isascii() and part.isdigit() for part in parts):
        raise BadCursor(text[:_LONGEST])
    return dict(zip(streams, map(int, parts), strict=True))


async def ends_of(session: AsyncSession, streams: list[str]) -> dict[str, int]:
    """The number of the last event of each stream: read before what the page shows, nothing is missed."""
    names = [f"event:{stream}" for stream in streams]
    rows = await session.execute(select(Counter.name, Counter.value).where(Counter.name.in_(names)))
    found = {row[0]: row[1] for row in rows}
    return {stream: found.get(f"event:{stream}", 0) for stream in streams}


async def follow_all(
    database: Database, broker: Broker, after: dict[str, int], *, beat_s: float = 15.0
) -> AsyncGenerator[Event | None]:
    """Every event of the streams of `after` above the numbers there, each stream in its order.

    `after` is moved on with each event that is yielded. `None` comes after `beat_s` seconds of silence.
    """
    with ExitStack() as listening:
        bells = [listening.enter_context(broker.listen(stream)) for stream in after]
        while not broker.closed:
            # Cleared before reading: what is committed after the read rings again.
            for bell in bells:
                bell.clear()
            newer = or_(*(and_(Event.stream == one, Event.seq > seq) for one, seq in after.items()))
            query = select(Event).where(newer).order_by(Event.stream, Event.seq).limit(_PAGE)
            async with database.read(quick=True) as session:
                found = list(await session.scalars(query))
            for event in found:
                after[event.stream] = event.seq
                yield event
            if len(found) == _PAGE:
                continue
            if not await _rung(bells, beat_s):
                yield None


async def _rung(bells: list[asyncio.Event], beat_s: float) -> bool:
    """Waits until one of `bells` rings; False if none does within `beat_s` seconds."""
    waiting = [asyncio.create_task(bell.wait()) for bell in bells]
    try:
        done, _ = await asyncio.wait(waiting, timeout=beat_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return bool(done)


async def sees(session: AsyncSession, officer: Officer, number: str) -> bool:
    """Whether the case of this number is `officer`'s to see."""
    case = await session.scalar(select(Case).where(Case.number == number))
    return case is not None and may_see(officer, case)


async def firm_spoke_to(session: AsyncSession, officer: Officer, number: str | None) -> bool:
    """Whether the last word in the talk of this case is the firm's, and `officer` has the talk."""
    query = (
        select(Message.author)
        .join(Case, Case.conversation_id == Message.conversation_id)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(Case.number == number, Conversation.owner_id == officer.id, Conversation.mode == "human")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return await session.scalar(query) == "firm"
