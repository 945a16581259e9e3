"""Writes what a firm agreed to, took back, linked or unlinked, together with the turn that says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import search
from bot.cases.case_models import CaseEvent
from bot.cases.models import Conversation, Message
from bot.cases.opening import open_case_of
from bot.channels import consent
from bot.conversation import consenting, doors
from bot.conversation.turns import Turn
from bot.conversation.wire import Reply

#: Effects after which something is said that only the database knows.
TELLING = frozenset({"consent", "unlink"})


async def apply(
    session: AsyncSession, turn: Turn, effects: list[dict[str, Any]], at: datetime
) -> list[Reply]:
    """Keeps what the `effects` of a turn say about its door, and returns what follows the turn's replies."""
    door_id = turn.messages[-1].door_id
    assert door_id is not None
    replies: list[Reply] = []
    for effect in effects:
        kind = effect.get("kind")
        if kind == "consent" and effect["notice"] == consent.SHARE:
            await doors.share(session, door_id, agreed=effect["given"])
            if effect["given"]:
                await consent.give(session, door_id, consent.SHARE, at)
                until = turn.messages[0].seq
                replies.append(await doors.other_talk(session, turn.conversation_id, door_id, until=until))
        elif kind == "consent" and effect["given"]:
            await consent.give(session, door_id, effect["notice"], at)
        elif kind == "consent":
            await _withdraw(session, turn.conversation_id, door_id, at)
        elif kind == "unlink":
            was_linked = await doors.unlink(session, door_id, at)
            replies.append(consenting.unlinked(was_linked=was_linked))
        elif kind == "forget_words":
            # Written after consent was taken back: nothing of it stays.
            ids = [message.id for message in turn.messages]
            await session.execute(update(Message).where(Message.id.in_(ids)).values(body={"text": ""}))
            await search.forget(session, ids)
    return replies


async def _withdraw(session: AsyncSession, conversation_id: str, door_id: int, at: datetime) -> None:
    await consent.withdraw(session, conversation_id, door_id, at)
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(may_contact=False, may_contact_at=at)
    )
    case = await open_case_of(session, conversation_id)
    if case is not None:
        # The officer must see that what is there may not be worked on further.
        session.add(CaseEvent(case_id=case.id, at=at, kind="consent_withdrawn", data={}))
