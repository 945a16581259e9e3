"""Opens a case: number, targets, brief, first line of the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import audit
from bot.cases import targets as clocks
from bot.cases.case_models import ENDED, Case, CaseEvent
from bot.cases.clock import add_working_days, local_day, unknown_years_note
from bot.cases.counters import next_case_number


class Targets(msgspec.Struct, frozen=True):
    """The service's own aims, in working days from the hand-over."""

    first_reply_days: int = 1
    opinion_days: int = 7


async def open_case_of(session: AsyncSession, conversation_id: str) -> Case | None:
    """The conversation's case that is not ended."""
    query = select(Case).where(Case.conversation_id == conversation_id, Case.status.not_in(ENDED))
    return (await session.scalars(query)).one_or_none()


async def open_case(
    session: AsyncSession,
    *,
    conversation_id: str,
    at: datetime,
    reason: str,
    product: str | None,
    team: str,
    state: dict[str, Any],
    brief: dict[str, Any],
    catalog_version: str,
    targets: Targets,
) -> Case:
    """A new case in the caller's transaction. The conversation must have none that is open."""
    today = local_day(at)
    first_reply = add_working_days(today, targets.first_reply_days)
    opinion = add_working_days(today, targets.opinion_days)
    case = Case(
        number=await next_case_number(session, today),
        conversation_id=conversation_id,
        status="queued",
        version=1,
        team=team,
        product=product,
        reason=reason[:40],
        state=state,
        brief=brief,
        catalog_version=catalog_version,
        created_at=at,
        updated_at=at,
        first_reply_by=first_reply.day,
        opinion_by=opinion.day,
        clock_note=unknown_years_note(tuple(sorted({*first_reply.unknown_years, *opinion.unknown_years}))),
    )
    session.add(case)
    await session.flush()
    session.add(CaseEvent(case_id=case.id, at=at, kind="opened", data={"reason": reason, "product": product}))
    await clocks.begin(session, case, at)
    await audit.note(session, "firm", "open_case", f"case:{case.number}")
    return case
