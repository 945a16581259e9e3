"""The tables of conversations: who wrote what through which door, and what still has to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, MetaData, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.cases.columns import Moment, SealedJson, SealedText

# Named, so that later migrations can drop a constraint on both databases.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Counter(Base):
    """Numbers that only go up: case numbers of a day, event numbers of a stream."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[int]


class Setting(Base):
    """What the installation must remember about itself, such as which key its data were sealed with."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str]


class Conversation(Base):
    """One firm's talk.

    `mode` says who answers (`bot`, `waiting`, `human`). `version` grows whenever that changes: claiming is
    one UPDATE guarded by it, and an answer computed under an older version is dropped. `state` is the
    dialogue's own; `state_rev` grows with every change of it, by a turn or by an officer's correction.
    """

    __tablename__ = "conversation"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    mode: Mapped[str] = mapped_column(String(10), default="bot")
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("conversation.state"))
    state_rev: Mapped[int] = mapped_column(default=0)
    # Number of the last message, both ways.
    last_seq: Mapped[int] = mapped_column(default=0)
    # Whether the firm may be told of better news later; empty while it was not asked or did not answer.
    may_contact: Mapped[bool | None]
    may_contact_at: Mapped[datetime | None] = mapped_column(Moment)
    # A telephone number the firm left so that somebody calls back.
    phone: Mapped[str | None] = mapped_column(SealedText("conversation.phone"))


class Door(Base):
    """A way into a conversation: a browser session, a WeChat follower, a Telegram chat.

    A conversation may have several; answers leave through the door of the message they answer.
    """

    __tablename__ = "door"
    __table_args__ = (UniqueConstraint("channel", "account", "address_hash"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    # Which of our accounts (a WeChat app id, a kiosk's number); empty where there is only one.
    account: Mapped[str] = mapped_column(String(60), default="")
    # The platform's id of the person, or nothing: a browser's session is kept as its hash only.
    address: Mapped[str | None] = mapped_column(SealedText("door.address"))
    address_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    # Whether talk of the conversation's other doors may be shown here.
    shares_talk: Mapped[bool] = mapped_column(default=False)


class Message(Base):
    """One message, in (`firm`) or out (`bot`, `officer`, `system`), in the order of `seq`.

    `status` of an inbound message: `stored` (waits its turn), `done`, `failed` (given up with an apology).
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("channel", "account", "platform_id"),
        # The start-up looks for what was stored and never answered.
        Index(
            "ix_message_stored",
            "conversation_id",
            sqlite_where=text("status = 'stored'"),
            postgresql_where=text("status = 'stored'"),
        ),
        # What is left of erased talks is looked for every hour.
        Index(
            "ix_message_erased",
            "conversation_id",
            sqlite_where=text("kind = 'erased'"),
            postgresql_where=text("kind = 'erased'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    door_id: Mapped[int | None] = mapped_column(ForeignKey("door.id"))
    author: Mapped[str] = mapped_column(String(10))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str] = mapped_column(String(10), default="text")
    channel: Mapped[str] = mapped_column(String(20))
    account: Mapped[str] = mapped_column(String(60), default="")
    platform_id: Mapped[str | None] = mapped_column(String(160))
    # {"text", "payload"?, "buttons"?}
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("message.body"))
    status: Mapped[str] = mapped_column(String(10), default="done")
    attempts: Mapped[int] = mapped_column(default=0)
    intent: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    # Inbound: the answer as it was first given, for a repeat of the same message.
    answer: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("message.answer"))
    # Outbound: the inbound message that it answers.
    reply_to: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


# The `route_version` of a bot's answer that a human has overtaken; conversations begin with 1.
SUPERSEDED = 0


class Outbox(Base):
    """What is to be delivered; written in the transaction that made the message.

    `status`: `queued`, `sending`, `sent`, `failed` (given up), `dropped` (a human took over first), `unknown`
    (the process died while the platform was being asked, and asking again might send it twice).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_open",
            "next_try_at",
            sqlite_where=text("status IN ('queued', 'sending')"),
            postgresql_where=text("status IN ('queued', 'sending')"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"))
    channel: Mapped[str] = mapped_column(String(20))
    # The conversation's version under which a bot's answer was computed; empty for officers.
    route_version: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    platform_id: Mapped[str | None] = mapped_column(String(160))
    # A short reason for people, never the platform's raw answer.
    error: Mapped[str | None] = mapped_column(String(200))


class Event(Base):
    """What a live page must learn, numbered without gaps in its stream: it can ask for what it missed.

    Streams: `talk:CONVERSATION` (the firm's page), `desk` (all officers' pages).
    """

    __tablename__ = "event"
    stream: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    data: Mapped[dict[str, Any]] = mapped_column(SealedJson("event.data"))
    at: Mapped[datetime] = mapped_column(Moment)
