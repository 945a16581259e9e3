"""Takes an answer out of the outbox, for platforms that accept it with their own request."""

from __future__ import annotations

import msgspec
from sqlalchemy import select, update

from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import SUPERSEDED, Conversation, Message, Outbox
from bot.conversation.choices import text_of
from bot.conversation.wire import Reply

# In the place of the platform's id of a message: it went out with the platform's own request.
PASSIVE = "passive"


class Taken(msgspec.Struct, frozen=True):
    """An answer that is to be delivered now. `rows`: its outbox rows; `texts`: the replies as plain text with
    their choices numbered."""

    replies: list[Reply]
    rows: list[int]
    texts: list[str] = []


async def take(database: Database, message_id: int) -> Taken | None:
    """The answer to a message, marked as being sent; nothing when the sender has it or there is none."""
    async with database.write() as session:
        query = (
            select(Outbox, Message, Conversation)
            .join(Message, Message.id == Outbox.message_id)
            .join(Conversation, Conversation.id == Outbox.conversation_id)
            .where(Message.reply_to == message_id, Outbox.status == "queued")
            .order_by(Outbox.id)
            .with_for_update(of=Outbox)
        )
        taken = Taken([], [], [])
        for row, message, conversation in (await session.execute(query)).all():
            overtaken = conversation.mode == "human" and conversation.version != row.route_version
            if overtaken or row.route_version == SUPERSEDED:
                # A human took over after this was computed: the sender would drop it as well.
                row.status = "dropped"
                continue
            row.status, row.platform_id = "sending", PASSIVE
            row.attempts += 1
            taken.rows.append(row.id)
            taken.replies.append(msgspec.convert(message.body, Reply))
            taken.texts.append(await text_of(session, message))
        return taken if taken.rows else None


async def settle(database: Database, taken: Taken) -> None:
    """The answer has been written into the platform's request.

    `unknown` is what a start makes of one whose process died at this point: the platform's repeat has now
    been given the same answer.
    """
    async with database.write() as session:
        await session.execute(
            update(Outbox)
            .where(Outbox.id.in_(taken.rows), Outbox.status.in_(("sending", "unknown")))
            .values(status="sent", sent_at=now(), error=None)
        )


async def give_back(database: Database, taken: Taken) -> None:
    """The answer cannot go out with the platform's request: the outbox has it again."""
    async with database.write() as session:
        await session.execute(
            update(Outbox)
            .where(Outbox.id.in_(taken.rows), Outbox.status == "sending")
            .values(status="queued", platform_id=None, attempts=0, next_try_at=now())
        )


async def given(database: Database, message_id: int) -> Taken | None:
    """The answer as it was given with an earlier request for the same message; nothing if it was not."""
    query = (
        select(Outbox.id, Message)
        .join(Message, Message.id == Outbox.message_id)
        .where(Message.reply_to == message_id, Outbox.platform_id == PASSIVE)
        .order_by(Outbox.id)
    )
    async with database.read() as session:
        rows = (await session.execute(query)).all()
        if not rows:
            return None
        return Taken(
            [msgspec.convert(message.body, Reply) for _, message in rows],
            [number for number, _ in rows],
            [await text_of(session, message) for _, message in rows],
        )
