"""Firms with cases and officers who work on them, in a database without an app around it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from app_fakes import FakeDialogue
from sqlalchemy import select

from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.database import Database
from bot.cases.models import Conversation, Door, Event, Message, Outbox
from bot.cases.opening import Targets, open_case
from bot.cases.routing import Traits, route
from bot.conversation import casework
from bot.conversation.assignment import hold_out
from bot.conversation.casework import write_events
from bot.conversation.handling import Handled, claim
from bot.conversation.intake import take_seq

# Tuesday, 10:00 in Chongqing: working time.
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DIALOGUE = FakeDialogue()


class Moving:
    """A clock that tests set."""

    def __init__(self, at: datetime = TUESDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **step: float) -> datetime:
        self.at += timedelta(**step)
        return self.at


class Firm(msgspec.Struct):
    """A talk with its case."""

    conversation_id: str
    door_id: int
    number: str


class Stage:
    """Makes officers, firms and cases, and reads what became of them."""

    def __init__(self, database: Database, clock: Moving) -> None:
        self.database = database
        self.clock = clock

    async def officer(
        self, name: str, role: str = "officer", *, title: str = "", teams: tuple[str, ...] = (), **more: Any
    ) -> Officer:
        async with self.database.write() as session:
            officer = Officer(
                name=name,
                title=title or f"{name}专员",
                role=role,
                password_hash="-",
                skills={"teams": list(teams), **more.pop("skills", {})},
                active=more.pop("active", True),
                created_at=more.pop("created_at", self.clock()),
                on_duty=more.pop("on_duty", True),
                max_open=more.pop("max_open", 20),
                last_claimed_at=more.pop("last_claimed_at", None),
            )
            session.add(officer)
        assert not more
        return officer

    async def firm(
        self,
        *,
        state: dict[str, Any] | None = None,
        product: str | None = None,
        reason: str = "firm_asked",
        traits: Traits | None = None,
        offered: bool = False,
    ) -> Firm:
        """A firm that wrote and waits for somebody; with `offered`, its case is held out as a new one is."""
        at = self.clock()
        async with self.database.write() as session:
            conversation = Conversation(
                id=secrets.token_hex(12),
                created_at=at,
                mode="waiting",
                version=2,
                state=state or {"facts": {}},
                state_rev=1,
                last_seq=0,
            )
            session.add(conversation)
            await session.flush()
            door = Door(
                conversation_id=conversation.id,
                channel="web",
                account="",
                address_hash=secrets.token_hex(32),
                created_at=at,
            )
            session.add(door)
            await session.flush()
            await self._write(session, conversation.id, door.id, "要贷款，转人工")
            case = await open_case(
                session,
                conversation_id=conversation.id,
                at=at,
                reason=reason,
                product=product,
                team=await route(session, traits or Traits(product), reason),
                state=conversation.state,
                brief={"need": "要贷款"},
                catalog_version="test-1",
                targets=Targets(),
            )
            if offered:
                await write_events(session, await hold_out(session, case, at))
            return Firm(conversation.id, door.id, case.number)

    async def another_case(self, firm: Firm) -> Firm:
        """The same firm asks for a human again, after its case has ended."""
        async with self.database.write() as session:
            conversation = await session.get_one(Conversation, firm.conversation_id)
            conversation.mode = "waiting"
            conversation.version += 1
            case = await open_case(
                session,
                conversation_id=firm.conversation_id,
                at=self.clock(),
                reason="firm_asked",
                product=None,
                team="loan_officer",
                state=conversation.state,
                brief={},
                catalog_version="test-1",
                targets=Targets(),
            )
            return Firm(firm.conversation_id, firm.door_id, case.number)

    async def writes(self, firm: Firm, text: str, *, payload: str | None = None, status: str = "done") -> int:
        """A message of the firm as intake stores it; returns its number in the talk."""
        async with self.database.write() as session:
            return await self._write(session, firm.conversation_id, firm.door_id, text, payload, status)

    async def _write(
        self,
        session: Any,
        conversation_id: str,
        door_id: int,
        text: str,
        payload: str | None = None,
        status: str = "done",
    ) -> int:
        seq = await take_seq(session, conversation_id)
        assert seq is not None
        body = {"text": text} | ({"payload": payload} if payload else {})
        session.add(
            Message(
                conversation_id=conversation_id,
                seq=seq,
                door_id=door_id,
                author="firm",
                kind="text",
                channel="web",
                account="",
                body=body,
                status=status,
                attempts=0,
                created_at=self.clock(),
            )
        )
        await session.flush()
        return seq

    async def case(self, firm: Firm) -> Case:
        async with self.database.read() as session:
            return (await session.scalars(select(Case).where(Case.number == firm.number))).one()

    async def conversation(self, firm: Firm) -> Conversation:
        async with self.database.read() as session:
            return await session.get_one(Conversation, firm.conversation_id)

    async def told(self, firm: Firm) -> list[tuple[str, str]]:
        """(author, text) of everything that was put into the outbox for the firm, in order."""
        async with self.database.read() as session:
            rows = await session.scalars(
                select(Message)
                .join(Outbox, Outbox.message_id == Message.id)
                .where(Message.conversation_id == firm.conversation_id)
                .order_by(Message.seq)
            )
            return [(row.author, row.body["text"]) for row in rows]

    async def timeline(self, firm: Firm) -> list[CaseEvent]:
        async with self.database.read() as session:
            rows = await session.scalars(
                select(CaseEvent)
                .join(Case, Case.id == CaseEvent.case_id)
                .where(Case.number == firm.number)
                .order_by(CaseEvent.id)
            )
            return list(rows)

    async def events(self, stream: str) -> list[tuple[str, dict[str, Any]]]:
        async with self.database.read() as session:
            rows = await session.scalars(select(Event).where(Event.stream == stream).order_by(Event.seq))
            return [(row.kind, row.data) for row in rows]

    async def take(self, firm: Firm, officer: Officer) -> Handled:
        """`officer` claims the firm's case."""
        async with self.database.write() as session:
            return await claim(session, firm.number, officer)

    async def owner_and_mode(self, firm: Firm) -> tuple[int | None, str, str, int | None]:
        """(owner of the case, its status, who answers, whose talk it is)"""
        case, talk = await self.case(firm), await self.conversation(firm)
        return case.owner_id, case.status, talk.mode, talk.owner_id

    async def set_status(self, firm: Firm, status: str, owner: Officer | None) -> int:
        """Puts the case into a state without going the way to it; returns its version."""
        async with self.database.write() as session:
            case = (await session.scalars(select(Case).where(Case.number == firm.number))).one()
            case.status, case.owner_id = status, None if owner is None else owner.id
            conversation = await session.get_one(Conversation, firm.conversation_id)
            conversation.mode = "human" if owner is not None else "waiting"
            conversation.owner_id = case.owner_id
            return case.version


def make_stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage whose clock is also the one by which officers' work is dated."""
    clock = Moving()
    monkeypatch.setattr(casework, "now", clock)
    return Stage(database, clock)
