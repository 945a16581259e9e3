"""Reads cases for the desk. Who may see what is decided here, for pages and programs alike."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import ENDED, Case, CaseEvent, Officer
from bot.cases.models import Message, Outbox

_SEES_ALL = ("lead", "auditor", "admin")


class CaseFile(msgspec.Struct, frozen=True):
    """Everything about one case.

    `officers` gives the title for each officer's id that occurs in it; `delivery` the outbox status
    (queued, sending, sent, failed, dropped, unknown) of each outgoing message by its id.
    """

    case: Case
    messages: list[Message]
    events: list[CaseEvent]
    officers: dict[int, str]
    delivery: dict[int, str]


def visible_to(officer: Officer) -> ColumnElement[bool]:
    """The condition on `Case` for what `officer` may see: their teams' cases and their own.

    An officer without any team belongs to all of them: a small office does not divide the work.
    """
    teams = list(officer.skills.get("teams") or [])
    if officer.role in _SEES_ALL or not teams:
        return Case.id.is_not(None)
    return or_(Case.team.in_(teams), Case.owner_id == officer.id)


async def list_cases(
    session: AsyncSession, officer: Officer, *, ended: bool = False, limit: int = 200
) -> list[tuple[Case, str]]:
    """Cases that `officer` may see with their owner's title (empty while nobody has it), oldest first."""
    chosen = Case.status.in_(ENDED) if ended else Case.status.not_in(ENDED)
    query = (
        select(Case, Officer.title)
        .outerjoin(Officer, Officer.id == Case.owner_id)
        .where(visible_to(officer), chosen)
        .order_by(Case.created_at, Case.id)
        .limit(limit)
    )
    return [(case, title or "") for case, title in await session.execute(query)]


async def read_case(session: AsyncSession, officer: Officer, number: str) -> CaseFile | None:
    """The case with its brief, whole talk and timeline; noted in the audit log.

    The session must be one that writes. Nothing for a case that does not exist or is not `officer`'s to see:
    the difference would tell that it exists.
    """
    case = await session.scalar(select(Case).where(Case.number == number, visible_to(officer)))
    if case is None:
        return None
    await audit.note(session, f"officer:{officer.id}", "read_case", f"case:{case.number}")
    messages = list(
        await session.scalars(
            select(Message).where(Message.conversation_id == case.conversation_id).order_by(Message.seq)
        )
    )
    events = list(
        await session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id))
    )
    delivery = await session.execute(
        select(Outbox.message_id, Outbox.status).where(Outbox.conversation_id == case.conversation_id)
    )
    return CaseFile(
        case,
        messages,
        events,
        await _titles(session, case, messages, events),
        {row[0]: row[1] for row in delivery},
    )


async def _titles(
    session: AsyncSession, case: Case, messages: Sequence[Message], events: Sequence[CaseEvent]
) -> dict[int, str]:
    ids = {case.owner_id, *(m.officer_id for m in messages), *(e.officer_id for e in events)} - {None}
    if not ids:
        return {}
    found = await session.execute(select(Officer.id, Officer.title).where(Officer.id.in_(ids)))
    return {row[0]: row[1] for row in found}
