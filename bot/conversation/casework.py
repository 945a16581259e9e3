"""One transaction's work on one case: locks it, changes it under a guard, tells firm, timeline and desk.

Rows are locked in one order everywhere (conversation, case, outbox, counters of the audit log and of the
event streams), so that two transactions wait for each other in turn and never both at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.clock import now
from bot.cases.models import SUPERSEDED, Conversation, Door, Message, Outbox
from bot.cases.routing import may_see
from bot.conversation import doors, events
from bot.conversation.intake import take_seq
from bot.conversation.wire import Button, Reply


class CaseTaken(Exception):
    """Somebody was quicker, or the case is held out to somebody else; `owner` is their title."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


class Stale(Exception):
    """The page that sent this shows a case or a talk that has moved on, or is not the officer's."""


class NotAllowed(Exception):
    """The officer may not do this, or it makes no sense now; the message says why in Chinese."""


class Handled(msgspec.Struct, frozen=True):
    """The conversation's version now, and the streams to ring after the commit."""

    version: int
    streams: frozenset[str]


Gathered = tuple[str, str, dict[str, Any]]
"""An event to be written: stream, kind, data."""
# The order in which streams are written, by what they begin with.
_ORDER = ("talk:", "case:", "desk:", "desk")


class Casework:
    def __init__(self, session: AsyncSession, case: Case, conversation: Conversation, at: datetime) -> None:
        self.session = session
        self.case = case
        self.conversation = conversation
        self.at = at
        self._events: list[Gathered] = []
        self._audited: list[tuple[str, str]] = []

    @classmethod
    async def open(cls, session: AsyncSession, number: str, officer: Officer | None = None) -> Casework:
        """Locks the case and its conversation.

        Raises:
            LookupError: there is no such case, or it is not `officer`'s to see: the difference would tell.
        """
        found = await session.scalar(select(Case.conversation_id).where(Case.number == number))
        if found is None:
            raise LookupError(number)
        conversation = (
            await session.scalars(
                select(Conversation)
                .where(Conversation.id == found)
                .with_for_update(key_share=True)
                .execution_options(populate_existing=True)
            )
        ).one_or_none()
        # Read under the lock: whatever changes a case holds its conversation.
        case = (
            await session.scalars(
                select(Case).where(Case.number == number).execution_options(populate_existing=True)
            )
        ).one_or_none()
        if conversation is None or case is None:
            # The firm had everything erased while this waited.
            raise LookupError(number)
        if officer is not None and not may_see(officer, case):
            raise LookupError(number)
        return cls(session, case, conversation, now())

    async def change(self, *guard: ColumnElement[bool], **values: Any) -> bool:
        """Changes the case if it is as `guard` says; False, and nothing changed, if it is not."""
        done: CursorResult[Any] = await self.session.execute(  # type: ignore[assignment]
            update(Case)
            .where(Case.id == self.case.id, *guard)
            .values(version=Case.version + 1, updated_at=self.at, **values)
            .execution_options(synchronize_session=False)
        )
        if not done.rowcount:
            return False
        await self.session.refresh(self.case)
        return True

    def talk_to(self, mode: str, owner_id: int | None = None) -> None:
        """From the commit on `mode` says who answers, and what was computed before does not count."""
        self.conversation.mode = mode
        self.conversation.owner_id = owner_id
        self.conversation.version += 1

    async def silence_bot(self) -> None:
        """Takes the bot's words that have not left out of the outbox; what a platform is asked to deliver now
        is not tried again, whoever has the talk by then."""
        bots = select(Message.id).where(
            Message.conversation_id == self.conversation.id, Message.author == "bot"
        )
        mine = update(Outbox).where(
            Outbox.conversation_id == self.conversation.id, Outbox.message_id.in_(bots)
        )
        for status, values in (
            ("queued", {"status": "dropped"}),
            ("sending", {"route_version": SUPERSEDED}),
        ):
            await self.session.execute(
                mine.where(Outbox.status == status)
                .values(**values)
                .execution_options(synchronize_session=False)
            )

    async def tell(
        self,
        text: str,
        buttons: Sequence[Button] = (),
        *,
        author: str = "system",
        officer: Officer | None = None,
        card: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET,
        files: Sequence[dict[str, Any]] = (),
    ) -> Message | None:
        """Puts words for the firm into the outbox; nothing if there is no way to it any more."""
        await self.session.flush()
        seq = await take_seq(self.session, self.conversation.id)
        door = await self._door()
        if seq is None or door is None:
            return None
        body: dict[str, Any] = msgspec.to_builtins(Reply(text, list(buttons), card))
        if files:
            body["files"] = list(files)
        message = Message(
            conversation_id=self.conversation.id,
            seq=seq,
            door_id=door.id,
            author=author,
            officer_id=None if officer is None else officer.id,
            kind="text",
            channel=door.channel,
            account=door.account,
            body=body,
            status="done",
            attempts=0,
            created_at=self.at,
        )
        self.session.add(message)
        await self.session.flush()
        self.session.add(
            Outbox(
                conversation_id=self.conversation.id,
                message_id=message.id,
                door_id=door.id,
                channel=door.channel,
                route_version=self.conversation.version if author == "bot" else None,
                status="queued",
                attempts=0,
                next_try_at=self.at,
            )
        )
        self.event(events.case(self.case.number), "talk", {"number": self.case.number, "seq": seq})
        return message

    async def _door(self) -> Door | None:
        """Where the firm wrote last, among the doors that are open."""
        query = (
            select(Door)
            .join(Message, Message.door_id == Door.id)
            .where(
                Message.conversation_id == self.conversation.id,
                Message.author == "firm",
                Door.closed_at.is_(None),
                doors.reaches(self.conversation.id),
            )
            .order_by(Message.seq.desc())
            .limit(1)
        )
        door: Door | None = await self.session.scalar(query)
        return door

    def timeline(self, kind: str, officer: Officer | None = None, **data: Any) -> None:
        """Adds a line to the case's timeline."""
        by = None if officer is None else officer.id
        self.session.add(CaseEvent(case_id=self.case.id, at=self.at, kind=kind, officer_id=by, data=data))

    def audit(self, officer: Officer | str, action: str) -> None:
        actor = officer if isinstance(officer, str) else f"officer:{officer.id}"
        self._audited.append((actor, action))

    def event(self, stream: str, kind: str, data: dict[str, Any]) -> None:
        """Gathers an event; `done` writes them."""
        self._events.append((stream, kind, data))

    def status_events(self) -> None:
        """Tells the firm's page, the case's page and all desks how the case stands."""
        case, conversation = self.case, self.conversation
        shown = {"mode": conversation.mode, "case": {"number": case.number, "status": case.status}}
        self.event(events.talk(conversation.id), "status", shown)
        versions = {"version": conversation.version, "case_version": case.version, "owner_id": case.owner_id}
        plain = {"number": case.number, "status": case.status}
        self.event(events.case(case.number), "status", {**plain, "mode": conversation.mode, **versions})
        self.event(events.DESK, "case", plain)

    async def done(self) -> Handled:
        """Writes audit lines and events; nothing may be locked after them."""
        await self.session.flush()
        for actor, action in self._audited:
            await audit.note(self.session, actor, action, f"case:{self.case.number}")
        streams = await write_events(self.session, self._events)
        return Handled(self.conversation.version, streams)


async def write_events(session: AsyncSession, gathered: Sequence[Gathered]) -> frozenset[str]:
    """Appends events in the order of their streams; returns the streams."""

    def place(one: Gathered) -> tuple[int, str]:
        return next(n for n, prefix in enumerate(_ORDER) if one[0].startswith(prefix)), one[0]

    for stream, kind, data in sorted(gathered, key=place):
        await events.append(session, stream, kind, data)
    return frozenset(stream for stream, _, _ in gathered)


async def title_of(session: AsyncSession, officer_id: int | None) -> str:
    """What firms call the officer; empty for nobody."""
    if officer_id is None:
        return ""
    return await session.scalar(select(Officer.title).where(Officer.id == officer_id)) or ""
