"""The tables of what a firm leaves besides words: files, stars, visits, complaints, codes, consent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.cases.columns import Moment, SealedText
from bot.cases.models import Base


class Attachment(Base):
    """A picture or file of a talk. The bytes lie sealed outside the web root, under `path`'s random name."""

    __tablename__ = "attachment"
    id: Mapped[int] = mapped_column(primary_key=True)
    # Unguessable: what stands in an address instead of the number.
    key: Mapped[str] = mapped_column(String(40), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    name: Mapped[str] = mapped_column(SealedText("attachment.name"))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Rating(Base):
    """What the firm thought of a closed case: 1–5 stars, once; `stars` is empty where it was skipped."""

    __tablename__ = "rating"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), unique=True)
    stars: Mapped[int | None]
    words: Mapped[str | None] = mapped_column(SealedText("rating.words"))
    at: Mapped[datetime] = mapped_column(Moment)


class VisitPlace(Base):
    """A place where firms can be received, set up by the operator."""

    __tablename__ = "visit_place"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)


class VisitSlot(Base):
    """A time at a place, for so many firms."""

    __tablename__ = "visit_slot"
    __table_args__ = (UniqueConstraint("place_id", "starts_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("visit_place.id"))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    room: Mapped[int] = mapped_column(default=1)
    # Grows with each booking by a guarded UPDATE; never above `room`.
    taken: Mapped[int] = mapped_column(default=0)


class Visit(Base):
    """A firm's booking. `status`: `booked`, `moved` (another one took its place), `cancelled`, `came`."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_conversation_id_status", "conversation_id", "status"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("visit_slot.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    status: Mapped[str] = mapped_column(String(10), default="booked")
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Complaint(Base):
    """What a firm was not content with. `handled_at` is set by the lead who dealt with it."""

    __tablename__ = "complaint"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    words: Mapped[str] = mapped_column(SealedText("complaint.words"))
    at: Mapped[datetime] = mapped_column(Moment)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    handled_at: Mapped[datetime | None] = mapped_column(Moment)


class OneTimeCode(Base):
    """A code that works once and for a short time: linking a door (`link`), asking for a case (`status`).

    Only its keyed hash is kept. `tries` counts wrong answers where a person types the code.
    """

    __tablename__ = "one_time_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Consent(Base):
    """That a person behind a door agreed to a version of the privacy notice, or took it back."""

    __tablename__ = "consent"
    id: Mapped[int] = mapped_column(primary_key=True)
    door_id: Mapped[int] = mapped_column(ForeignKey("door.id"), index=True)
    # Of which notice (`privacy`, `abroad`, `share`), and which wording of it.
    notice: Mapped[str] = mapped_column(String(20))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class OpenQuestion(Base):
    """A question that nobody could answer, for the reports; identity and phone numbers are masked."""

    __tablename__ = "open_question"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    words: Mapped[str] = mapped_column(SealedText("open_question.words"))
    # `silent` (the record does not say), `unknown` (no passage), `out_of_scope`.
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment)


class SearchGram(Base):
    """Two neighbouring characters of a message or a firm's words, as a keyed hash.

    A copy of the database tells nobody what was written, and words of two characters are found on both
    databases: a query's pairs are intersected, and what is left is opened and compared.
    """

    __tablename__ = "search_gram"
    gram: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True, index=True)
