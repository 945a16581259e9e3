"""An officer takes a case over and writes to the firm."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.clock import now
from bot.cases.models import Conversation, Door, Message, Outbox
from bot.conversation import events
from bot.conversation.intake import take_seq


class CaseTaken(Exception):
    """Somebody was quicker; `owner` is the winner's title."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


class Stale(Exception):
    """The page that sent this shows a conversation that has moved on, or is not the officer's."""


class Handled(msgspec.Struct, frozen=True):
    """The conversation's new version, and the streams to ring after the commit."""

    version: int
    streams: frozenset[str]


async def claim(session: AsyncSession, number: str, officer: Officer) -> Handled:
    """Makes `officer` the owner of a queued case. From the commit on the bot is silent.

    Raises:
        CaseTaken: the case has an owner already. LookupError: there is no such case.
    """
    at = now()
    won = await session.execute(
        update(Case)
        .where(Case.number == number, Case.status == "queued", Case.owner_id.is_(None))
        .values(status="claimed", owner_id=officer.id, version=Case.version + 1, updated_at=at)
        .returning(Case.id, Case.conversation_id)
    )
    row = won.one_or_none()
    if row is None:
        raise await _lost(session, number)
    version: int = (
        await session.execute(
            update(Conversation)
            .where(Conversation.id == row.conversation_id)
            .values(mode="human", owner_id=officer.id, version=Conversation.version + 1)
            .returning(Conversation.version)
        )
    ).scalar_one()
    session.add(CaseEvent(case_id=row.id, at=at, kind="claimed", officer_id=officer.id, data={}))
    await audit.note(session, f"officer:{officer.id}", "claim", f"case:{number}")
    status = {"mode": "human", "case": {"number": number, "status": "claimed"}}
    talk = events.talk(row.conversation_id)
    await events.append(session, talk, "status", status)
    await events.append(session, events.DESK, "case", {"number": number, "status": "claimed"})
    return Handled(version, frozenset((talk, events.DESK)))


async def _lost(session: AsyncSession, number: str) -> Exception:
    owner = await session.execute(
        select(Officer.title)
        .select_from(Case)
        .outerjoin(Officer, Officer.id == Case.owner_id)
        .where(Case.number == number)
    )
    row = owner.one_or_none()
    return LookupError(number) if row is None else CaseTaken(row[0] or "")


async def write(session: AsyncSession, number: str, officer: Officer, version: int, text: str) -> Handled:
    """Puts an officer's words into the outbox, to leave through the door the firm used last.

    Args:
        version: the conversation's version that the officer's page shows.

    Raises:
        Stale: the conversation has another version or another owner.
    """
    case = await session.scalar(select(Case).where(Case.number == number, Case.owner_id == officer.id))
    if case is None:
        raise Stale
    seq = await take_seq(session, case.conversation_id)
    conversation = await session.get_one(Conversation, case.conversation_id)
    if seq is None or conversation.version != version or conversation.owner_id != officer.id:
        raise Stale
    door = await _last_door(session, case.conversation_id)
    body: dict[str, Any] = {"text": text, "buttons": []}
    message = Message(
        conversation_id=case.conversation_id,
        seq=seq,
        door_id=door.id,
        author="officer",
        officer_id=officer.id,
        kind="text",
        channel=door.channel,
        account=door.account,
        body=body,
        status="done",
        attempts=0,
        created_at=now(),
    )
    session.add(message)
    await session.flush()
    session.add(
        Outbox(
            conversation_id=case.conversation_id,
            message_id=message.id,
            door_id=door.id,
            channel=door.channel,
            route_version=None,
            status="queued",
            attempts=0,
            next_try_at=now(),
        )
    )
    await audit.note(session, f"officer:{officer.id}", "write", f"case:{number}")
    await events.append(session, events.DESK, "talk", {"number": number, "status": case.status})
    return Handled(version, frozenset((events.DESK,)))


async def _last_door(session: AsyncSession, conversation_id: str) -> Door:
    query = (
        select(Door)
        .join(Message, Message.door_id == Door.id)
        .where(Message.conversation_id == conversation_id, Message.author == "firm")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    door: Door | None = await session.scalar(query)
    if door is None:
        raise Stale
    return door
