"""Lists of cases for the desk. Who may see what is decided here, for pages and programs alike."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import ENDED, Case, Officer
from bot.cases.desk_models import CaseClock, Offer
from bot.cases.office import office_of
from bot.cases.targets import HALF, used_s
from bot.desk.access import OVERSEERS

LISTS = ("queue", "mine", "open", "ended")
"""Waiting for somebody; the officer's own; everything that runs (overseers); what has ended."""


class OfferedCase(msgspec.Struct, frozen=True):
    """A case that is held out to the officer."""

    case: Case
    expires_at: datetime


class Warned(msgspec.Struct, frozen=True):
    """A clock that has used half of its time or more."""

    number: str
    owner: str
    target: str
    percent: int
    left_s: int


def visible_to(officer: Officer) -> ColumnElement[bool]:
    """The condition on `Case` for what `officer` may see: their teams' cases and their own.

    An officer without any team belongs to all of them: a small office does not divide the work.
    """
    teams = list((officer.skills or {}).get("teams") or [])
    if officer.role in OVERSEERS or not teams:
        return Case.id.is_not(None)
    return or_(Case.team.in_(teams), Case.owner_id == officer.id)


def belongs_to(show: str, officer: Officer) -> ColumnElement[bool]:
    """The condition on `Case` for the list `show`, one of `LISTS`."""
    match show:
        case "queue":
            return (Case.status == "queued") & visible_to(officer)
        case "mine":
            return (Case.owner_id == officer.id) & Case.status.not_in(ENDED)
        case "ended":
            return Case.status.in_(ENDED) & visible_to(officer)
        case _:
            return Case.status.not_in(ENDED) & visible_to(officer)


async def list_cases(
    session: AsyncSession, officer: Officer, show: str, *, limit: int = 200
) -> list[tuple[Case, str]]:
    """Cases of the list `show` with their owner's title (empty while nobody has it): the oldest first, of
    those that have ended the newest."""
    newest = (Case.ended_at.desc(), Case.id.desc())
    order = newest if show == "ended" else (Case.created_at.asc(), Case.id.asc())
    query = (
        select(Case, Officer.title)
        .outerjoin(Officer, Officer.id == Case.owner_id)
        .where(belongs_to(show, officer))
        .order_by(*order)
        .limit(limit)
    )
    return [(case, title or "") for case, title in await session.execute(query)]


async def counts(session: AsyncSession, officer: Officer) -> dict[str, int]:
    """How many cases each list has."""
    return {
        show: await session.scalar(select(func.count(Case.id)).where(belongs_to(show, officer))) or 0
        for show in LISTS
    }


async def offers_to(session: AsyncSession, officer: Officer, at: datetime) -> list[OfferedCase]:
    """What is held out to `officer` now, what ends first first."""
    rows = await session.execute(
        select(Case, Offer.expires_at)
        .join(Offer, Offer.case_id == Case.id)
        .where(Offer.officer_id == officer.id, Offer.status == "open", Offer.expires_at > at)
        .order_by(Offer.expires_at, Offer.id)
    )
    return [OfferedCase(case, expires_at) for case, expires_at in rows]


async def warnings_for(
    session: AsyncSession, officer: Officer, at: datetime, *, limit: int = 30
) -> list[Warned]:
    """Running clocks that have used half of their time: of the officer's cases and of those that wait; of all
    for who oversees them. What is nearest to its end comes first."""
    hours = (await office_of(session)).hours
    concerns = Case.owner_id.is_(None) | (Case.owner_id == officer.id)
    query = (
        select(CaseClock, Case.number, Officer.title)
        .join(Case, Case.id == CaseClock.case_id)
        .outerjoin(Officer, Officer.id == Case.owner_id)
        .where(
            CaseClock.status == "running",
            CaseClock.warned_half_at.is_not(None) | CaseClock.escalated_at.is_not(None),
            visible_to(officer),
        )
    )
    if officer.role not in OVERSEERS:
        query = query.where(concerns)
    found = []
    for clock, number, owner in await session.execute(query):
        used = used_s(clock, hours, at)
        percent = 100 if clock.allowed_s <= 0 else used * 100 // clock.allowed_s
        if percent >= HALF:
            found.append(Warned(number, owner or "", clock.target, percent, clock.allowed_s - used))
    return sorted(found, key=lambda one: one.left_s)[:limit]
