"""The tables of the desk: routing, offers, clocks, notes, canned replies, the journey after a yes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.cases.columns import Moment, SealedJson, SealedText
from bot.cases.models import Base


class RoutingRule(Base):
    """One line of the table that says which team a case goes to; the first line that fits decides.

    An empty list in `match` fits everything. `match`: {"products": [...], "kinds": [...], "stages": [...],
    "reasons": [...], "districts": [...]}.
    """

    __tablename__ = "routing_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    match: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    team: Mapped[str] = mapped_column(String(30))
    note: Mapped[str] = mapped_column(String(120), default="")


class Offer(Base):
    """A case held out to one officer until `expires_at`; only a claim makes an owner.

    `status`: `open`, `claimed`, `passed` (the officer declined), `expired`, `withdrawn` (the case went
    elsewhere). A case has at most one open offer.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index(
            "uq_offer_open",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    status: Mapped[str] = mapped_column(String(10), default="open")
    offered_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class CaseClock(Base):
    """One target of a case in working time. It runs, or stands while the case waits for the firm.

    Working seconds used so far are `used_s` plus, while `running_since` is set, the working time since then.
    `status`: `running`, `stopped`, `met`, `missed`. What was warned of is noted, so that a restart neither
    forgets nor repeats it.
    """

    __tablename__ = "case_clock"
    __table_args__ = (
        UniqueConstraint("case_id", "target"),
        Index(
            "ix_case_clock_running",
            "next_look_at",
            sqlite_where=text("status = 'running'"),
            postgresql_where=text("status = 'running'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    # `first_reply` or `opinion`.
    target: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10), default="running")
    allowed_s: Mapped[int]
    used_s: Mapped[int] = mapped_column(default=0)
    running_since: Mapped[datetime | None] = mapped_column(Moment)
    # When the next warning or the end is due, as things stand.
    next_look_at: Mapped[datetime | None] = mapped_column(Moment)
    warned_half_at: Mapped[datetime | None] = mapped_column(Moment)
    warned_most_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Note(Base):
    """Words among officers. In a table of their own: nothing that sends to firms reads it."""

    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("officer.id"))
    text: Mapped[str] = mapped_column(SealedText("note.text"))
    at: Mapped[datetime] = mapped_column(Moment)


class CannedReply(Base):
    """A reply kept ready, with variables in double braces: {{编号}}, {{专员}}, {{首次回复}} …"""

    __tablename__ = "canned_reply"
    id: Mapped[int] = mapped_column(primary_key=True)
    # Typed after a slash to find it.
    short: Mapped[str] = mapped_column(String(30), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(2000))
    # Empty: for every team.
    team: Mapped[str] = mapped_column(String(30), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Milestone(Base):
    """A step on an approved firm's way (技术研发 … 发展壮大), and when somebody looks after it next."""

    __tablename__ = "milestone"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    # {"text": …}
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("milestone.body"))
    due_on: Mapped[date | None] = mapped_column(Date)
    reached_on: Mapped[date | None] = mapped_column(Date)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
    at: Mapped[datetime] = mapped_column(Moment)
