"""The way of an approved firm, from research to growth: milestones, and when somebody calls on it next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.clock import is_working_day, local_day
from bot.cases.desk_models import Milestone

STAGES = {
    "research": "技术研发",
    "proof": "概念验证",
    "pilot": "中试熟化",
    "incubation": "孵化",
    "industry": "产业化",
    "growth": "发展壮大",
}
_BEGINS = {
    "lab": "research",
    "seed": "proof",
    "startup": "incubation",
    "growth": "industry",
    "mature": "growth",
}
CONTACT_DAYS = 30
"""Calendar days until the next contact unless the officer says otherwise."""


class NotOnTheWay(ValueError):
    """Only an approved case has a journey; the message is Chinese."""


def stage_for(firm_stage: str | None) -> str:
    """Where a firm of this `stage` (the contract's fact) begins; in the middle if it said nothing."""
    return _BEGINS.get(firm_stage or "", "incubation")


def next_contact(today: date, days: int = CONTACT_DAYS) -> date:
    """The working day on or after the one `days` days from `today`."""
    day = today + timedelta(days=days)
    while not is_working_day(day)[0]:
        day += timedelta(days=1)
    return day


async def begin(session: AsyncSession, case: Case, officer_id: int | None, at: datetime) -> None:
    """An approved case sets out, with a first milestone and a day for the next contact."""
    stage = stage_for(((case.state or {}).get("facts") or {}).get("stage"))
    case.journey, case.next_contact_on = stage, next_contact(local_day(at))
    _milestone(session, case, stage, "办理方已同意，开始陪跑", officer_id, at, reached_on=local_day(at))


async def advance(
    session: AsyncSession,
    case: Case,
    officer: Officer,
    stage: str,
    text: str,
    at: datetime,
    *,
    next_contact_on: date | None = None,
) -> Milestone:
    """The firm reached `stage` (a key of `STAGES`); `text` says how.

    Raises:
        NotOnTheWay: the case is not approved. KeyError: there is no such stage.
    """
    _on_the_way(case)
    STAGES[stage]
    case.journey = stage
    case.next_contact_on = next_contact_on or next_contact(local_day(at))
    session.add(
        CaseEvent(case_id=case.id, at=at, kind="journey", officer_id=officer.id, data={"stage": stage})
    )
    return _milestone(session, case, stage, text, officer.id, at, reached_on=local_day(at))


async def plan(
    session: AsyncSession, case: Case, officer: Officer, stage: str, text: str, due_on: date, at: datetime
) -> Milestone:
    """Something the firm wants to have reached by `due_on`."""
    _on_the_way(case)
    STAGES[stage]
    return _milestone(session, case, stage, text, officer.id, at, due_on=due_on)


async def contact_on(session: AsyncSession, case: Case, officer: Officer, day: date, at: datetime) -> None:
    """When somebody calls on the firm next."""
    _on_the_way(case)
    case.next_contact_on = day
    session.add(
        CaseEvent(
            case_id=case.id, at=at, kind="next_contact", officer_id=officer.id, data={"on": day.isoformat()}
        )
    )


async def milestones(session: AsyncSession, case_id: int) -> list[Milestone]:
    query = select(Milestone).where(Milestone.case_id == case_id).order_by(Milestone.id)
    return list(await session.scalars(query))


async def due_contacts(session: AsyncSession, today: date) -> list[Case]:
    """Approved cases whose firm should be called on by `today`, the longest waiting first."""
    query = (
        select(Case)
        .where(Case.status == "approved", Case.next_contact_on <= today)
        .order_by(Case.next_contact_on, Case.id)
    )
    return list(await session.scalars(query))


def _on_the_way(case: Case) -> None:
    if case.status != "approved":
        raise NotOnTheWay("办理方同意以后才有陪跑进程。")


def _milestone(
    session: AsyncSession,
    case: Case,
    stage: str,
    text: str,
    officer_id: int | None,
    at: datetime,
    *,
    due_on: date | None = None,
    reached_on: date | None = None,
) -> Milestone:
    made = Milestone(case_id=case.id, stage=stage, body={"text": text}, officer_id=officer_id, at=at)
    made.due_on, made.reached_on = due_on, reached_on
    session.add(made)
    return made
