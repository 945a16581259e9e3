"""What firms were not content with: kept with their words until a lead has dealt with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.firm_models import Complaint

_LONGEST = 2000
HANDLERS = ("lead", "admin")


async def record(session: AsyncSession, conversation_id: str, words: str, at: datetime) -> Complaint:
    """Keeps a complaint; it belongs to the firm's last case, if there is one."""
    case = await session.scalar(
        select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id.desc()).limit(1)
    )
    complaint = Complaint(
        conversation_id=conversation_id,
        case_id=None if case is None else case.id,
        words=words.strip()[:_LONGEST],
        at=at,
    )
    session.add(complaint)
    if case is not None:
        session.add(CaseEvent(case_id=case.id, at=at, kind="complained", data={}))
    await session.flush()
    await audit.note(session, "firm", "complain", f"complaint:{complaint.id}")
    return complaint


async def listed(
    session: AsyncSession, officer: Officer, *, handled: bool = False, limit: int = 200
) -> list[tuple[Complaint, str | None]]:
    """Complaints with the number of their case, oldest first, for leads, admins and auditors; each is noted
    in the audit log. The session must write."""
    if officer.role not in (*HANDLERS, "auditor"):
        return []
    state = Complaint.handled_at.is_not(None) if handled else Complaint.handled_at.is_(None)
    rows = await session.execute(
        select(Complaint, Case.number)
        .outerjoin(Case, Case.id == Complaint.case_id)
        .where(state)
        .order_by(Complaint.at, Complaint.id)
        .limit(limit)
    )
    found: list[tuple[Complaint, str | None]] = [(complaint, number) for complaint, number in rows]
    for complaint, _ in found:
        await audit.note(session, f"officer:{officer.id}", "read_complaint", f"complaint:{complaint.id}")
    return found


async def handle(session: AsyncSession, complaint_id: int, officer: Officer, at: datetime) -> bool:
    """Notes that `officer`, a lead or admin, has dealt with it; False if somebody had, or may not."""
    if officer.role not in HANDLERS:
        return False
    done = await session.execute(
        update(Complaint)
        .where(Complaint.id == complaint_id, Complaint.handled_at.is_(None))
        .values(handled_by=officer.id, handled_at=at)
        .returning(Complaint.id)
    )
    if done.scalar_one_or_none() is None:
        return False
    await audit.note(session, f"officer:{officer.id}", "handle_complaint", f"complaint:{complaint_id}")
    return True
