"""What a firm thought of its case: one to five stars, once, or skipped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent
from bot.cases.firm_models import Rating

STARS = range(1, 6)
# Asked after these; who withdrew was not served to an end.
ASKED_AFTER = ("closed",)


class CannotRate(Exception):
    """There is no such case of this firm to rate, or it was rated already."""


async def rate(
    session: AsyncSession, conversation_id: str, number: str, stars: int | None, at: datetime
) -> None:
    """Keeps the firm's stars for its closed case; None: it would rather not. The caller has the conversation
    locked.

    Raises:
        CannotRate. ValueError: not one to five.
    """
    if stars is not None and stars not in STARS:
        raise ValueError(stars)
    case = await session.scalar(
        select(Case).where(
            Case.number == number,
            Case.conversation_id == conversation_id,
            Case.status.in_(ASKED_AFTER),
        )
    )
    if case is None or await session.scalar(select(Rating.id).where(Rating.case_id == case.id)) is not None:
        raise CannotRate
    session.add(Rating(case_id=case.id, stars=stars, at=at))
    session.add(CaseEvent(case_id=case.id, at=at, kind="rated", data={"stars": stars}))
    await session.flush()


async def unrated(session: AsyncSession, conversation_id: str) -> str | None:
    """Number of the firm's last case, if it is closed and was neither rated nor skipped."""
    query = (
        select(Case.number, Case.status, Rating.at)
        .outerjoin(Rating, Rating.case_id == Case.id)
        .where(Case.conversation_id == conversation_id)
        .order_by(Case.id.desc())
        .limit(1)
    )
    for number, status, rated_at in await session.execute(query):
        return None if status not in ASKED_AFTER or rated_at is not None else str(number)
    return None
