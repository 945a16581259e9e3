"""The tables of cases and of the people who work on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.cases.columns import Moment, SealedJson
from bot.cases.models import Base

ENDED = ("closed", "withdrawn")
_OPEN = text("status NOT IN ('closed', 'withdrawn')")


class Officer(Base):
    """A person who logs in to the desk. `name` is the login, `title` what firms see."""

    __tablename__ = "officer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(10), default="officer")
    password_hash: Mapped[str]
    # {"teams": [...], "products": [...], "districts": [...]}; empty lists mean everything.
    skills: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    # Whether cases may be offered to them now, how many they carry at most, and since when they are idle.
    on_duty: Mapped[bool] = mapped_column(default=True)
    max_open: Mapped[int] = mapped_column(default=20)
    last_claimed_at: Mapped[datetime | None] = mapped_column(Moment)


class OfficerSession(Base):
    """A login. Only the hash of the cookie is kept: a copy of the database logs nobody in."""

    __tablename__ = "officer_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Case(Base):
    """What an officer works on. A conversation has at most one that is not ended.

    `status`: queued, claimed, in_review, waiting_firm, submitted, approved, declined, closed, withdrawn.
    `version` guards every change of status or owner.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        Index(
            "uq_case_file_open",
            "conversation_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_case_file_status_created_at", "status", "created_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default="queued")
    version: Mapped[int] = mapped_column(default=1)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    # Role from the contract (loan_officer, investment_manager, …) to which the case is offered.
    team: Mapped[str] = mapped_column(String(30), default="")
    product: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(40))
    # State and brief as they were handed over; refreshed while the case waits for an owner.
    state: Mapped[dict[str, Any]] = mapped_column(SealedJson("case.state"))
    brief: Mapped[dict[str, Any]] = mapped_column(SealedJson("case.brief"))
    catalog_version: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    # The service's own targets, last days on which they are kept.
    first_reply_by: Mapped[date] = mapped_column(Date)
    opinion_by: Mapped[date] = mapped_column(Date)
    # Said where the calendar of a year is not published yet.
    clock_note: Mapped[str] = mapped_column(String(200), default="")
    first_reply_at: Mapped[datetime | None] = mapped_column(Moment)
    opinion_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # Where an approved firm stands on its way, and when somebody calls on it next.
    journey: Mapped[str | None] = mapped_column(String(20))
    next_contact_on: Mapped[date | None] = mapped_column(Date)


class CaseEvent(Base):
    """The case's timeline: opened, claimed, moved, transferred, corrected."""

    __tablename__ = "case_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(30))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    data: Mapped[dict[str, Any]] = mapped_column(SealedJson("case_event.data"))


class Audit(Base):
    """Who did what to which record. Holds ids only; each line's hash covers the one before."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
