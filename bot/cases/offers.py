"""A case is held out to one officer for a while, then to the whole team. Only a claim makes an owner."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.desk_models import Offer
from bot.cases.office import Office, office_of
from bot.cases.routing import candidates, crew_on_duty


class HeldOut(msgspec.Struct, frozen=True):
    """An offer as the desk must learn of it."""

    offer_id: int
    number: str
    officer_id: int
    expires_at: datetime


async def offer(session: AsyncSession, case: Case, at: datetime, *, again: bool = False) -> HeldOut | None:
    """Holds a queued case out to the best candidate; nothing outside working time or where nobody is free.

    Args:
        again: whether it may be held out although it was before; else it is the team's afterwards.
    """
    office = await office_of(session)
    if case.status != "queued" or not office.hours.working_at(at):
        return None
    before = await session.scalar(select(Offer.id).where(Offer.case_id == case.id).limit(1))
    if before is not None and not again:
        return None
    free = await candidates(session, case)
    return await hold_out(session, case, free[0], at, office) if free else None


async def hold_out(
    session: AsyncSession, case: Case, officer: Officer, at: datetime, office: Office
) -> HeldOut:
    """Holds the case out to `officer`. The caller has seen that no other offer of it is open."""
    expires_at = at + timedelta(minutes=office.offer_minutes)
    row = Offer(case_id=case.id, officer_id=officer.id, status="open", offered_at=at, expires_at=expires_at)
    session.add(row)
    session.add(CaseEvent(case_id=case.id, at=at, kind="offered", officer_id=officer.id, data={}))
    await session.flush()
    return HeldOut(row.id, case.number, officer.id, expires_at)


async def next_expiry(session: AsyncSession) -> datetime | None:
    """When the next offer that stands is over."""
    return await session.scalar(select(func.min(Offer.expires_at)).where(Offer.status == "open"))


def _never_offered() -> Select[Case]:
    before = select(Offer.id).where(Offer.case_id == Case.id).exists()
    return select(Case).where(Case.status == "queued", Case.owner_id.is_(None), ~before)


async def anybody_waits(session: AsyncSession, at: datetime) -> bool:
    """Whether `offer_waiting` may find something to do."""
    if not (await office_of(session)).hours.working_at(at):
        return False
    return await session.scalar(_never_offered().with_only_columns(Case.id).limit(1)) is not None


async def offer_waiting(session: AsyncSession, at: datetime, *, limit: int = 50) -> list[HeldOut]:
    """Holds out queued cases that never were, oldest first: those that came while nobody was there."""
    office = await office_of(session)
    if not office.hours.working_at(at):
        return []
    crew = await crew_on_duty(session)
    if not any(crew.carried.get(one.id, 0) < one.max_open for one in crew.people):
        return []
    never = (
        _never_offered()
        .order_by(Case.created_at, Case.id)
        .limit(limit)
        # Another process may be at it: each case is held out by one of them.
        .with_for_update(skip_locked=True, key_share=True)
    )
    made = []
    for case in list(await session.scalars(never)):
        free = crew.best_for(case)
        if free:
            made.append(await hold_out(session, case, free[0], at, office))
            crew.carried[free[0].id] = crew.carried.get(free[0].id, 0) + 1
    return made


async def expire(session: AsyncSession, at: datetime) -> list[HeldOut]:
    """Ends the offers whose time is over; their cases are the team's now."""
    ended = await session.execute(
        update(Offer)
        .where(Offer.status == "open", Offer.expires_at <= at)
        .values(status="expired", settled_at=at)
        .returning(Offer.id, Offer.case_id, Offer.officer_id, Offer.expires_at)
    )
    found = []
    for offer_id, case_id, officer_id, expires_at in ended.all():
        number = await session.scalar(select(Case.number).where(Case.id == case_id))
        session.add(CaseEvent(case_id=case_id, at=at, kind="offer_expired", officer_id=officer_id, data={}))
        found.append(HeldOut(offer_id, number or "", officer_id, expires_at))
    return found


async def pass_(session: AsyncSession, number: str, officer: Officer, at: datetime) -> HeldOut:
    """`officer` does not take the case that is held out to them; it is the team's now.

    Raises:
        LookupError: nothing is held out to them under this number.
    """
    held = (
        await session.execute(
            update(Offer)
            .where(
                Offer.status == "open",
                Offer.officer_id == officer.id,
                Offer.case_id.in_(select(Case.id).where(Case.number == number)),
            )
            .values(status="passed", settled_at=at)
            .returning(Offer.id, Offer.case_id, Offer.expires_at)
        )
    ).one_or_none()
    if held is None:
        raise LookupError(number)
    session.add(CaseEvent(case_id=held[1], at=at, kind="offer_passed", officer_id=officer.id, data={}))
    return HeldOut(held[0], number, officer.id, held[2])


async def settle(session: AsyncSession, case_id: int, claimer_id: int | None, at: datetime) -> int | None:
    """Closes the open offer of a case that got an owner or left the queue; returns to whom it was made."""
    row = (
        await session.execute(
            select(Offer.id, Offer.officer_id).where(Offer.case_id == case_id, Offer.status == "open")
        )
    ).one_or_none()
    if row is None:
        return None
    status = "claimed" if row[1] == claimer_id else "withdrawn"
    await session.execute(update(Offer).where(Offer.id == row[0]).values(status=status, settled_at=at))
    officer_id: int = row[1]
    return officer_id


async def open_offer(session: AsyncSession, case_id: int) -> Offer | None:
    """The offer of the case that still stands."""
    query = select(Offer).where(Offer.case_id == case_id, Offer.status == "open")
    return (await session.scalars(query)).one_or_none()
