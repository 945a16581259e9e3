"""Reads the rows that the reports are computed from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent
from bot.cases.desk_models import CaseClock
from bot.cases.firm_models import OpenQuestion, Rating
from bot.cases.models import Conversation
from bot.cases.office import office_of
from bot.desk.reports import CaseRow, ClockRow, QuestionRow, Report, TalkRow, report

# States and questions are sealed: each must be opened, so there is an end to how many are read.
MOST_TALKS, MOST_QUESTIONS = 5000, 1000
_TAKEN = ("claimed", "assigned")


async def load_report(session: AsyncSession, since: datetime) -> Report:
    """The report on cases, talks and questions from `since` on."""
    return report(
        await _cases(session, since),
        await _clocks(session, since),
        await _talks(session, since),
        await _questions(session, since),
        (await office_of(session)).hours,
    )


async def _cases(session: AsyncSession, since: datetime) -> list[CaseRow]:
    taken = (
        select(CaseEvent.case_id, func.min(CaseEvent.at).label("at"))
        .where(CaseEvent.kind.in_(_TAKEN))
        .group_by(CaseEvent.case_id)
        .subquery()
    )
    query = (
        select(
            Case.team,
            Case.reason,
            Case.product,
            Case.created_at,
            taken.c.at,
            Case.opinion_at,
            Case.ended_at,
            Rating.stars,
        )
        .outerjoin(taken, taken.c.case_id == Case.id)
        .outerjoin(Rating, Rating.case_id == Case.id)
        .where(Case.created_at >= since)
        .order_by(Case.id)
    )
    return [CaseRow(*row) for row in await session.execute(query)]


async def _clocks(session: AsyncSession, since: datetime) -> list[ClockRow]:
    query = (
        select(CaseClock.target, CaseClock.status, Case.team)
        .join(Case, Case.id == CaseClock.case_id)
        .where(Case.created_at >= since)
    )
    return [ClockRow(*row) for row in await session.execute(query)]


async def _talks(session: AsyncSession, since: datetime) -> list[TalkRow]:
    query = (
        select(Conversation.state)
        .where(Conversation.created_at >= since)
        .order_by(Conversation.created_at.desc())
        .limit(MOST_TALKS)
    )
    return [talk_row(state or {}) for state in await session.scalars(query)]


async def _questions(session: AsyncSession, since: datetime) -> list[QuestionRow]:
    query = (
        select(OpenQuestion.words, OpenQuestion.reason, OpenQuestion.at)
        .where(OpenQuestion.at >= since)
        .order_by(OpenQuestion.id.desc())
        .limit(MOST_QUESTIONS)
    )
    rows = (await session.execute(query)).all()
    return [QuestionRow(*row) for row in reversed(rows)]


def talk_row(state: dict[str, Any]) -> TalkRow:
    """What a dialogue's state says of products: named, asked about or checked; shown and not ruled out."""
    asked = {state.get("product"), state.get("topic"), *(state.get("checked") or {})} - {None}
    verdicts = {one["product"]: one["verdict"] for one in state.get("ranking") or []}
    found = {
        product for product in state.get("shown") or [] if verdicts.get(product, "ineligible") != "ineligible"
    }
    return TalkRow(frozenset(str(one) for one in asked), frozenset(found))
