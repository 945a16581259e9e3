"""Erases what is kept of a firm: talk, cases, files, index, events, outbox, answers.

What stays is the shell that the last words need to arrive (the door they were asked through, and whether
consent was given or taken back there), and the audit log, which holds ids only. The engine keeps nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.cases import audit
from bot.cases.case_models import Case, CaseEvent
from bot.cases.channel_models import Quota
from bot.cases.desk_models import CaseClock, Milestone, Note, Offer
from bot.cases.firm_models import (
    Attachment,
    Complaint,
    Consent,
    OneTimeCode,
    OpenQuestion,
    Rating,
    SearchGram,
    Visit,
)
from bot.cases.models import Conversation, Door, Event, Message, Outbox
from bot.cases.visits import BOOKED, give_back

_CHUNK = 400
# `Message.kind` of the last words; a shell in which nothing came after them is removed too.
LAST_WORDS = "erased"
_SHELL_STAYS = timedelta(days=1)


class Erased(msgspec.Struct, frozen=True):
    """`paths` of stored files, to be removed after the commit; the cases and who worked on each."""

    paths: list[str]
    cases: list[tuple[str, int | None]]


async def erase(
    session: AsyncSession,
    conversation_id: str,
    at: datetime,
    *,
    door_id: int | None = None,
    asking: Collection[int] = (),
) -> Erased:
    """Erases everything of a conversation in the caller's transaction, which has it locked.

    Args:
        door_id: the door through which it was asked for; it stays open for the answer, others go.
        asking: ids of the messages that ask for it; they are answered yet and lose their words.
    """
    cases = list(
        await session.scalars(select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id))
    )
    # Words that came after the wish are not meant by it.
    messages = list(
        await session.scalars(
            select(Message.id).where(
                Message.conversation_id == conversation_id,
                Message.status != "stored",
                Message.id.not_in(asking),
            )
        )
    )
    paths = list(
        await session.scalars(select(Attachment.path).where(Attachment.conversation_id == conversation_id))
    )
    await _free_visits(session, conversation_id, at)
    await _rows_of_cases(session, [case.id for case in cases])
    await _rows_of_talk(session, conversation_id, messages, asking)
    await session.execute(delete(Case).where(Case.conversation_id == conversation_id))
    streams = [f"talk:{conversation_id}", *(f"case:{case.number}" for case in cases)]
    for stream in streams:
        await session.execute(delete(Event).where(Event.stream == stream))
    await _other_doors(session, conversation_id, door_id)
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(
            state={},
            mode="bot",
            owner_id=None,
            version=Conversation.version + 1,
            phone=None,
            may_contact=None,
            may_contact_at=None,
        )
    )
    await audit.note(session, "firm", "erase", f"conversation:{conversation_id}")
    return Erased(paths, [(case.number, case.owner_id) for case in cases])


async def remove_shells(session: AsyncSession, at: datetime) -> int:
    """Removes what is left of talks that were erased a day ago and in which nothing was said since: door,
    consent, last words. Returns how many."""
    query = (
        select(Message.conversation_id)
        .where(Message.kind == LAST_WORDS, Message.created_at < at - _SHELL_STAYS)
        .distinct()
    )
    done = 0
    for conversation_id in list(await session.scalars(query)):
        if await _written_since(session, conversation_id):
            continue
        await erase(session, conversation_id, at)
        await session.execute(delete(Conversation).where(Conversation.id == conversation_id))
        done += 1
    return done


async def _written_since(session: AsyncSession, conversation_id: str) -> bool:
    """Whether the firm wrote after the last words of an erasure."""
    said = select(Message.seq).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc())
    last = await session.scalar(said.where(Message.kind == LAST_WORDS).limit(1))
    newest = await session.scalar(said.where(Message.author == "firm").limit(1))
    return newest is not None and last is not None and newest > last


async def _free_visits(session: AsyncSession, conversation_id: str, at: datetime) -> None:
    booked = await session.scalars(
        select(Visit.slot_id).where(Visit.conversation_id == conversation_id, Visit.status == BOOKED)
    )
    for slot_id in sorted(booked):
        await give_back(session, slot_id)
    await session.execute(delete(Visit).where(Visit.conversation_id == conversation_id))


async def _rows_of_cases(session: AsyncSession, ids: Sequence[int]) -> None:
    for table in (Rating, Offer, CaseClock, Note, Milestone, CaseEvent):
        await _delete(session, table, table.case_id, ids)


async def _rows_of_talk(
    session: AsyncSession, conversation_id: str, messages: Sequence[int], asking: Collection[int]
) -> None:
    mine = conversation_id
    await _delete(session, SearchGram, SearchGram.message_id, [*messages, *asking])
    for table in (Attachment, Complaint, OneTimeCode, OpenQuestion):
        await session.execute(delete(table).where(table.conversation_id == mine))
    await _delete(session, Outbox, Outbox.message_id, messages)
    for some in _chunks(messages):
        # Messages name each other: the ties go first.
        await session.execute(update(Message).where(Message.id.in_(some)).values(reply_to=None))
    await _delete(session, Message, Message.id, messages)
    if asking:
        blank: dict[str, Any] = {"body": {"text": ""}, "kind": LAST_WORDS}
        await session.execute(update(Message).where(Message.id.in_(asking)).values(**blank))


async def _other_doors(session: AsyncSession, conversation_id: str, door_id: int | None) -> None:
    others: ColumnElement[bool] = Door.conversation_id == conversation_id
    if door_id is not None:
        # What is not answered yet came through a door that is still needed.
        waiting = select(Message.door_id).where(
            Message.conversation_id == conversation_id, Message.door_id.is_not(None)
        )
        others &= ~or_(Door.id == door_id, Door.id.in_(waiting))
        await session.execute(update(Door).where(Door.id == door_id).values(shares_talk=False))
    ids = list(await session.scalars(select(Door.id).where(others)))
    await _delete(session, Quota, Quota.door_id, ids)
    await _delete(session, Consent, Consent.door_id, ids)
    await _delete(session, Door, Door.id, ids)


async def _delete(
    session: AsyncSession, table: type[Any], column: InstrumentedAttribute[Any], ids: Sequence[int]
) -> None:
    for some in _chunks(ids):
        await session.execute(
            delete(table).where(column.in_(some)).execution_options(synchronize_session=False)
        )


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    # SQLite takes only so many values in one statement.
    for begin in range(0, len(ids), _CHUNK):
        yield ids[begin : begin + _CHUNK]
