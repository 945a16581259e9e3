"""Opens doors and stores what comes in, before anything else happens to it."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import search
from bot.cases.clock import now
from bot.cases.database import Database
from bot.cases.models import Base, Conversation, Door, Message
from bot.conversation.choices import chosen_at
from bot.conversation.wire import Inbound

SESSION_SHAPE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_COLUMN = "door.address"
# Put together once, because every message runs them.
_CONVERSATION, _MESSAGE, _DOOR = map(Base.metadata.tables.__getitem__, ("conversation", "message", "door"))
_TAKE_SEQ = (
    update(_CONVERSATION)
    .where(_CONVERSATION.c.id == bindparam("its_id"), _CONVERSATION.c.ended_at.is_(None))
    .values(last_seq=_CONVERSATION.c.last_seq + 1)
    .returning(_CONVERSATION.c.last_seq)
)
_STORE = insert(_MESSAGE).returning(_MESSAGE.c.id)
_FIND_DOOR = select(_DOOR.c.id, _DOOR.c.conversation_id, _DOOR.c.channel, _DOOR.c.account).where(
    _DOOR.c.address_hash == bindparam("hashed"),
    _DOOR.c.closed_at.is_(None),
    # A door with an address is a platform's: its name for a person is no secret and opens nothing here.
    _DOOR.c.address.is_(None),
)


class OpenDoor(msgspec.Struct, frozen=True):
    """A door that messages may come through."""

    id: int
    conversation_id: str
    channel: str
    account: str


class Stored(msgspec.Struct, frozen=True):
    """`fresh` is false for a repeat of a message that is stored already."""

    message_id: int
    conversation_id: str
    fresh: bool


class ConversationEnded(Exception):
    """The conversation was ended between finding its door and storing the message."""


def new_session() -> str:
    """What a browser or terminal proves its door with: 192 random bits, kept only as a hash."""
    return secrets.token_urlsafe(24)


async def open_door(
    database: Database, channel: str, account: str, address: str, *, keep_address: bool
) -> OpenDoor:
    """The door of `address`, made together with a conversation when it is new or was closed.

    Args:
        address: the platform's id of the person, or a session made by `new_session`.
        keep_address: whether the address is needed for sending (then it is kept, encrypted).
    """
    try:
        return await _open(database, channel, account, address, keep_address)
    except IntegrityError:
        # Another process opened the same door at the same moment: now it is there.
        return await _open(database, channel, account, address, keep_address)


async def _open(database: Database, channel: str, account: str, address: str, keep_address: bool) -> OpenDoor:
    hashed = database.sealer.lookup(address, _COLUMN)
    async with database.write() as session:
        query = select(Door).where(
            Door.channel == channel, Door.account == account, Door.address_hash == hashed
        )
        door = (await session.scalars(query)).one_or_none()
        if door is None or door.closed_at is not None:
            conversation = new_conversation(now())
            session.add(conversation)
            await session.flush()
            if door is None:
                door = Door(channel=channel, account=account, address_hash=hashed, created_at=now())
                door.address = address if keep_address else None
                session.add(door)
            door.conversation_id = conversation.id
            door.closed_at = None
            await session.flush()
        return OpenDoor(door.id, door.conversation_id, door.channel, door.account)


def new_conversation(at: datetime) -> Conversation:
    """An empty talk that the bot answers."""
    return Conversation(
        id=secrets.token_hex(12), created_at=at, mode="bot", version=1, state={}, state_rev=0, last_seq=0
    )


async def find_door(session: AsyncSession, database: Database, address: str) -> OpenDoor | None:
    """The open door that a browser's session leads to; nothing for an unknown or ended one."""
    if not SESSION_SHAPE.fullmatch(address):
        return None
    found = await session.execute(_FIND_DOOR, {"hashed": database.sealer.lookup(address, _COLUMN)})
    row = found.first()
    return None if row is None else OpenDoor(*row)


async def store(database: Database, door: OpenDoor, inbound: Inbound, *, choosing: bool = False) -> Stored:
    """Stores a message, once. When this returns, the message survives whatever happens next.

    Args:
        choosing: whether the door shows its choices as numbers, so that a number may be a button.

    Raises:
        ConversationEnded: there is nothing left to write into.
    """
    async with database.write() as session:
        seq = await take_seq(session, door.conversation_id)
        if seq is None:
            raise ConversationEnded
        if inbound.platform_id is not None:
            # The conversation's row is locked now, so a repeat at the same moment waits here.
            known = await session.scalar(
                select(Message.id).where(
                    Message.channel == door.channel,
                    Message.account == door.account,
                    Message.platform_id == inbound.platform_id,
                )
            )
            if known is not None:
                await session.rollback()
                return Stored(known, door.conversation_id, fresh=False)
        if choosing and inbound.kind in ("text", "voice") and inbound.payload is None:
            button = await chosen_at(session, door.conversation_id, door.id, inbound.text, now())
            if button is not None:
                inbound = msgspec.structs.replace(inbound, payload=button.payload)
        message_id = await session.scalar(
            _STORE,
            {
                "conversation_id": door.conversation_id,
                "seq": seq,
                "door_id": door.id,
                "author": "firm",
                "kind": _kind(inbound),
                "channel": door.channel,
                "account": door.account,
                "platform_id": inbound.platform_id,
                "body": _body(inbound),
                "status": "stored",
                "attempts": 0,
                "created_at": now(),
            },
        )
        assert message_id is not None
        await search.index(session, message_id, inbound.text)
        return Stored(message_id, door.conversation_id, fresh=True)


def _kind(inbound: Inbound) -> str:
    if inbound.payload is not None:
        return "payload"
    # Words that were spoken are words: lines in a row are joined whichever way they came.
    return "text" if inbound.kind == "voice" and inbound.text.strip() else inbound.kind


def _body(inbound: Inbound) -> dict[str, Any]:
    body: dict[str, Any] = {"text": inbound.text}
    if inbound.payload is not None:
        body["payload"] = inbound.payload
    if inbound.file is not None:
        body["file"] = msgspec.to_builtins(inbound.file)
    if inbound.kind == "voice":
        body["voice"] = True
    return body


async def is_stored(session: AsyncSession, door: OpenDoor, platform_id: str | None) -> bool:
    """Whether a message is a repeat of one that came through this account before."""
    known = select(Message.id).where(
        Message.channel == door.channel,
        Message.account == door.account,
        Message.platform_id == platform_id,
    )
    return platform_id is not None and await session.scalar(known) is not None


async def take_seq(session: AsyncSession, conversation_id: str) -> int | None:
    """The number of the conversation's next message, whose row is locked until the commit; none if ended."""
    taken: int | None = await session.scalar(_TAKE_SEQ, {"its_id": conversation_id})
    return taken


async def end(database: Database, door: OpenDoor) -> None:
    """Closes `door`, and ends the conversation if that was its last one. An open case goes on without it."""
    async with database.write() as session:
        others = select(Door.id).where(
            Door.conversation_id == door.conversation_id, Door.closed_at.is_(None), Door.id != door.id
        )
        await session.execute(
            update(Conversation)
            .where(
                Conversation.id == door.conversation_id,
                Conversation.ended_at.is_(None),
                # Somebody who took the talk along goes on with it.
                ~others.exists(),
            )
            .values(ended_at=now(), version=Conversation.version + 1)
        )
        # After the conversation: everywhere else its row is locked first, too.
        await session.execute(update(Door).where(Door.id == door.id).values(closed_at=now()))
