"""The clocks of a case's targets. Everything is in the database, so a restart forgets and repeats nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent
from bot.cases.clock import local_day, unknown_years_note
from bot.cases.desk_models import CaseClock
from bot.cases.office import office_of
from bot.cases.worktime import WorkHours

FIRST_REPLY, OPINION = "first_reply", "opinion"
HALF, MOST, OVER = 50, 80, 100
"""Percent of the allowed time: two warnings, then the lead is told."""
_BATCH = 100


class Notice(msgspec.Struct, frozen=True):
    """A clock reached `percent` (50, 80: a warning; 100: the lead is told)."""

    number: str
    target: str
    percent: int
    owner_id: int | None
    team: str


async def begin(session: AsyncSession, case: Case, at: datetime) -> None:
    """Starts both clocks of a new case. A target is kept until the end of the day that the firm was told."""
    hours = (await office_of(session)).hours
    for target, day in ((FIRST_REPLY, case.first_reply_by), (OPINION, case.opinion_by)):
        allowed = hours.seconds_between(at, hours.end_of(day))
        clock = CaseClock(case_id=case.id, target=target, status="running", allowed_s=allowed, used_s=0)
        clock.running_since = at
        _plan(clock, hours)
        session.add(clock)
    await session.flush()


async def stop(session: AsyncSession, case: Case, at: datetime) -> None:
    """The case waits for the firm: its clocks stand still."""
    hours = (await office_of(session)).hours
    for clock in await _clocks(session, case, "running"):
        clock.used_s = used_s(clock, hours, at)
        clock.status, clock.running_since, clock.next_look_at = "stopped", None, None


async def start(session: AsyncSession, case: Case, at: datetime) -> None:
    """The firm answered: the clocks go on, and the days by which the targets are kept move."""
    hours = (await office_of(session)).hours
    for clock in await _clocks(session, case, "stopped"):
        clock.status, clock.running_since = "running", at
        _plan(clock, hours)
        due = due_at(clock, hours)
        if due is not None:
            if clock.target == FIRST_REPLY:
                case.first_reply_by = local_day(due)
            else:
                case.opinion_by = local_day(due)
            case.clock_note = unknown_years_note(hours.unknown_years(at, due)) or case.clock_note


async def meet(session: AsyncSession, case: Case, target: str, at: datetime) -> None:
    """What the target asks for was done: the first reply was written, the opinion given. Counts once."""
    if target == FIRST_REPLY and case.first_reply_at is None:
        case.first_reply_at = at
    if target == OPINION and case.opinion_at is None:
        case.opinion_at = at
    hours = (await office_of(session)).hours
    for clock in await _clocks(session, case, "running", "stopped"):
        if clock.target == target:
            _end(clock, hours, at)


async def end(session: AsyncSession, case: Case, at: datetime) -> None:
    """The case ended: nothing is measured any more. What was neither met nor missed stays `stopped`."""
    hours = (await office_of(session)).hours
    for clock in await _clocks(session, case, "running", "stopped"):
        late = used_s(clock, hours, at) > clock.allowed_s
        _end(clock, hours, at)
        clock.status = "missed" if late else "stopped"


def _end(clock: CaseClock, hours: WorkHours, at: datetime) -> None:
    clock.used_s = used_s(clock, hours, at)
    clock.status = "met" if clock.used_s <= clock.allowed_s else "missed"
    clock.running_since, clock.next_look_at, clock.ended_at = None, None, at


def used_s(clock: CaseClock, hours: WorkHours, at: datetime) -> int:
    """Working seconds used up to `at`."""
    running = 0 if clock.running_since is None else hours.seconds_between(clock.running_since, at)
    return clock.used_s + running


def due_at(clock: CaseClock, hours: WorkHours) -> datetime | None:
    """When the target is missed if nothing happens; nothing while the clock stands."""
    if clock.running_since is None:
        return None
    return hours.after(clock.running_since, max(0, clock.allowed_s - clock.used_s))


def _plan(clock: CaseClock, hours: WorkHours) -> None:
    """Notes when the next warning is due."""
    if clock.running_since is None:
        clock.next_look_at = None
        return
    marks = ((HALF, clock.warned_half_at), (MOST, clock.warned_most_at), (OVER, clock.escalated_at))
    left = [percent for percent, told in marks if told is None]
    if not left:
        clock.next_look_at = None
        return
    seconds = -(-clock.allowed_s * left[0] // 100) - clock.used_s
    clock.next_look_at = hours.after(clock.running_since, max(0, seconds))


async def next_look(session: AsyncSession) -> datetime | None:
    """When the next clock is due for a look."""
    return await session.scalar(select(func.min(CaseClock.next_look_at)).where(CaseClock.status == "running"))


async def look(session: AsyncSession, at: datetime) -> list[Notice]:
    """Warns at 50 % and 80 % of the allowed time and reports what is over, each once.

    Where several marks were passed at once (the service stood still), only the last one is told.
    """
    hours = (await office_of(session)).hours
    due = (
        select(CaseClock, Case)
        .join(Case, Case.id == CaseClock.case_id)
        .where(CaseClock.status == "running", CaseClock.next_look_at <= at)
        .order_by(CaseClock.next_look_at, CaseClock.id)
        .limit(_BATCH)
        # Another process may be looking too: each clock is looked at by one of them.
        .with_for_update(of=CaseClock, skip_locked=True)
    )
    notices = []
    for clock, case in (await session.execute(due)).all():
        percent = _mark(clock, used_s(clock, hours, at), at)
        _plan(clock, hours)
        if not percent:
            continue
        kind = "escalated" if percent == OVER else "warned"
        session.add(
            CaseEvent(case_id=case.id, at=at, kind=kind, data={"target": clock.target, "percent": percent})
        )
        notices.append(Notice(case.number, clock.target, percent, case.owner_id, case.team))
    await session.flush()
    return notices


def _mark(clock: CaseClock, used: int, at: datetime) -> int:
    """Notes the marks that are reached and returns the highest one that is new."""
    reached = 0
    for percent, name in ((HALF, "warned_half_at"), (MOST, "warned_most_at"), (OVER, "escalated_at")):
        if used * 100 >= clock.allowed_s * percent and getattr(clock, name) is None:
            setattr(clock, name, at)
            reached = percent
    return reached


async def replan(session: AsyncSession) -> None:
    """Reckons anew when each running clock is due: the office's hours are others than before."""
    hours = (await office_of(session)).hours
    for clock in await session.scalars(select(CaseClock).where(CaseClock.status == "running")):
        _plan(clock, hours)


async def clocks_of(session: AsyncSession, case_id: int) -> Sequence[CaseClock]:
    """The clocks of a case, for the desk."""
    return list(
        await session.scalars(select(CaseClock).where(CaseClock.case_id == case_id).order_by(CaseClock.id))
    )


async def _clocks(session: AsyncSession, case: Case, *statuses: str) -> list[CaseClock]:
    query = select(CaseClock).where(
        CaseClock.case_id == case.id, CaseClock.status.in_(statuses), CaseClock.ended_at.is_(None)
    )
    return list(await session.scalars(query.order_by(CaseClock.id)))
