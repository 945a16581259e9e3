"""Reads everything about one case for its page; every reading is noted in the audit log."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit, journey, targets
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.desk_models import CaseClock, Milestone, Note, Offer
from bot.cases.firm_models import Attachment, Rating
from bot.cases.models import Conversation, Message, Outbox
from bot.cases.offers import open_offer
from bot.cases.office import Office, office_of
from bot.cases.routing import CLAIMERS
from bot.desk.queries import visible_to
from bot.desk.quota import Way, way_to


class Delivery(msgspec.Struct, frozen=True):
    """How far a message has got: the outbox's status, and why it did not arrive."""

    status: str
    error: str = ""


class Talk(msgspec.Struct, frozen=True):
    """Messages of a case's talk.

    `delivery` and `files` belong to messages by their ids; `officers` gives the title for each officer's id.
    """

    messages: list[Message]
    delivery: dict[int, Delivery]
    files: dict[int, list[Attachment]]
    officers: dict[int, str]


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A case with its talk, timeline, notes, clocks and what may be done with it.

    `people` are those to whom it can be handed; `way` says how the firm is reached now.
    """

    case: Case
    conversation: Conversation
    talk: Talk
    events: list[CaseEvent]
    notes: list[Note]
    clocks: list[CaseClock]
    milestones: list[Milestone]
    rating: Rating | None
    offer: Offer | None
    office: Office
    people: list[Officer]
    way: Way | None

    @property
    def officers(self) -> dict[int, str]:
        return self.talk.officers


async def find_case(session: AsyncSession, officer: Officer, number: str) -> Case | None:
    """The case, if it exists and is `officer`'s to see: the difference would tell that it exists."""
    found: Case | None = await session.scalar(select(Case).where(Case.number == number, visible_to(officer)))
    return found


async def read_case(session: AsyncSession, officer: Officer, number: str, at: datetime) -> CaseFile | None:
    """The whole file; nothing for a case that `officer` may not see. The session must be one that writes."""
    case = await find_case(session, officer, number)
    if case is None:
        return None
    await audit.note(session, f"officer:{officer.id}", "read_case", f"case:{case.number}")
    conversation = await session.get_one(Conversation, case.conversation_id)
    events = await session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
    )
    notes = await session.scalars(select(Note).where(Note.case_id == case.id).order_by(Note.id))
    people = await session.scalars(
        select(Officer)
        .where(Officer.active.is_(True), Officer.role.in_(CLAIMERS))
        .order_by(Officer.on_duty.desc(), Officer.title)
    )
    return CaseFile(
        case=case,
        conversation=conversation,
        talk=await _talk(session, case, 0),
        events=list(events),
        notes=list(notes),
        clocks=list(await targets.clocks_of(session, case.id)),
        milestones=await journey.milestones(session, case.id),
        rating=await session.scalar(select(Rating).where(Rating.case_id == case.id)),
        offer=await open_offer(session, case.id),
        office=await office_of(session),
        people=list(people),
        way=await way_to(session, case.conversation_id, at),
    )


async def read_talk(session: AsyncSession, officer: Officer, number: str, after: int) -> Talk | None:
    """The messages numbered above `after`; nothing for a case that `officer` may not see.

    The session must be one that writes.
    """
    case = await find_case(session, officer, number)
    if case is None:
        return None
    await audit.note(session, f"officer:{officer.id}", "read_talk", f"case:{case.number}")
    return await _talk(session, case, after)


async def _talk(session: AsyncSession, case: Case, after: int) -> Talk:
    mine = Message.conversation_id == case.conversation_id
    messages = list(
        await session.scalars(select(Message).where(mine, Message.seq > after).order_by(Message.seq))
    )
    ids = {message.id for message in messages}
    sent = await session.execute(
        select(Outbox.message_id, Outbox.status, Outbox.error).where(
            Outbox.conversation_id == case.conversation_id
        )
    )
    files: dict[int, list[Attachment]] = {}
    for one in await session.scalars(
        select(Attachment)
        .where(Attachment.conversation_id == case.conversation_id, Attachment.message_id.is_not(None))
        .order_by(Attachment.id)
    ):
        files.setdefault(one.message_id or 0, []).append(one)
    titles = await session.execute(select(Officer.id, Officer.title))
    return Talk(
        messages,
        {row[0]: Delivery(row[1], row[2] or "") for row in sent if row[0] in ids},
        files,
        {row[0]: row[1] for row in titles},
    )
