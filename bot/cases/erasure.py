"""Erases what is kept of a firm: talk, cases, files, index, events, outbox, answers.

What stays is the shell that the last words need to arrive (the door they were asked through, and whether
consent was given or taken back there), and the audit log, which holds ids only. The engine keeps nothing.
"""

from __future__ import annotations

import secrets
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

    What the person said through the same door before it was linked goes too, where no door leads to it any
    more: nobody could ask for it later.

    Args:
        door_id: the door through which it was asked for; it stays open for the answer, others go, or go back
            to the talk that they came from.
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
    await _other_doors(session, conversation_id, door_id, at)
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
    numbers = [(case.number, case.owner_id) for case in cases]
    for left in [] if door_id is None else await _left_behind(session, conversation_id, door_id):
        more = await erase(session, left, at)
        paths, numbers = paths + more.paths, numbers + more.cases
    return Erased(paths, numbers)


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


async def _left_behind(session: AsyncSession, conversation_id: str, door_id: int) -> list[str]:
    """Other conversations that the door led to and no door leads to now; they are locked."""
    written = select(Message.conversation_id).where(
        Message.door_id == door_id, Message.conversation_id != conversation_id
    )
    query = (
        select(Conversation.id)
        .where(Conversation.id.in_(written), Conversation.id.not_in(select(Door.conversation_id)))
        .order_by(Conversation.id)
        .with_for_update(key_share=True)
    )
    return list(await session.scalars(query))


async def _gone_back(session: AsyncSession, door: Door, at: datetime) -> bool:
    """Whether the door has words in another conversation, so that its row must stay. If it is the only way
    there, it leads there again; else nothing that says whose it was is left of it."""
    newest = (
        select(Message.conversation_id)
        .where(Message.door_id == door.id, Message.conversation_id != door.conversation_id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    earlier = await session.scalar(newest)
    if earlier is None:
        return False
    taken = await session.scalar(select(Door.id).where(Door.conversation_id == earlier).limit(1))
    ended = await session.scalar(select(Conversation.ended_at).where(Conversation.id == earlier))
    door.conversation_id, door.shares_talk = earlier, False
    if taken is not None:
        door.address, door.address_hash = None, secrets.token_hex(32)
    if taken is not None or ended is not None:
        door.closed_at = door.closed_at or at
    await session.flush()
    return True


async def _other_doors(
    session: AsyncSession, conversation_id: str, door_id: int | None, at: datetime
) -> None:
    others: ColumnElement[bool] = Door.conversation_id == conversation_id
    if door_id is not None:
        # What is not answered yet came through a door that is still needed.
        waiting = select(Message.door_id).where(
            Message.conversation_id == conversation_id, Message.door_id.is_not(None)
        )
        others &= ~or_(Door.id == door_id, Door.id.in_(waiting))
        await session.execute(update(Door).where(Door.id == door_id).values(shares_talk=False))
    found = list(await session.scalars(select(Door).where(others).order_by(Door.id)))
    ids = [door.id for door in found if not await _gone_back(session, door, at)]
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
