"""Offers and clocks as the desk learns of them, and who is there for a new case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases import offers, targets
from bot.cases.case_models import Case, Officer
from bot.cases.clock import unknown_years_note
from bot.cases.offers import HeldOut
from bot.cases.office import office_of
from bot.cases.routing import belongs, on_duty
from bot.cases.targets import Notice
from bot.conversation import events, notices
from bot.conversation.casework import Casework, Gathered, Handled, NotAllowed, write_events

_LEADS = ("lead", "admin")


async def hold_out(session: AsyncSession, case: Case, at: datetime) -> list[Gathered]:
    """Holds a new case out to somebody, if anybody can take it now; returns the events to write of it."""
    held = await offers.offer(session, case, at)
    return [] if held is None else [_offered(held)]


async def pass_on(session: AsyncSession, number: str, officer: Officer) -> Handled:
    """`officer` does not take what is held out to them: it is the team's now.

    Raises:
        NotAllowed: nothing is held out to them (any more). LookupError: there is no such case for them.
    """
    work = await Casework.open(session, number, officer)
    try:
        await offers.pass_(session, number, officer, work.at)
    except LookupError:
        raise NotAllowed("这件已经不在等您接手。") from None
    work.audit(officer, "pass")
    work.event(events.DESK, "case", {"number": number, "status": work.case.status})
    return await work.done()


async def expire_offers(session: AsyncSession, at: datetime) -> frozenset[str]:
    """Ends the offers whose time is over and tells desks and officers."""
    gathered: list[Gathered] = []
    for gone in await offers.expire(session, at):
        data = {"number": gone.number, "status": "queued"}
        gathered.append((events.desk_of(gone.officer_id), "offer_gone", data))
        gathered.append((events.DESK, "case", data))
    return await write_events(session, gathered)


async def offer_waiting(session: AsyncSession, at: datetime) -> frozenset[str]:
    """Holds out what came while nobody was there, once somebody is."""
    held = await offers.offer_waiting(session, at)
    return await write_events(session, [_offered(one) for one in held])


def _offered(held: HeldOut) -> Gathered:
    data = {"number": held.number, "offer": held.offer_id, "expires_at": held.expires_at.isoformat()}
    return events.desk_of(held.officer_id), "offer", data


async def look_at_clocks(session: AsyncSession, at: datetime) -> frozenset[str]:
    """Warns the owner (or the team) at 50 % and 80 %, and tells the lead too when a target is missed."""
    gathered: list[Gathered] = []
    for notice in await targets.look(session, at):
        data = {"number": notice.number, "target": notice.target, "percent": notice.percent}
        for officer_id in await _concerned(session, notice):
            gathered.append((events.desk_of(officer_id), "warning", data))
        gathered.append((events.case(notice.number), "warning", data))
        gathered.append((events.DESK, "warning", data))
    return await write_events(session, gathered)


async def _concerned(session: AsyncSession, notice: Notice) -> list[int]:
    """Ids of the officers whom a notice is for."""
    if notice.owner_id is not None:
        found = {notice.owner_id}
    else:
        found = {one.id for one in await on_duty(session, notice.team)}
    if notice.percent >= targets.OVER:
        found |= await _leads(session, notice.team)
    return sorted(found)


async def _leads(session: AsyncSession, team: str) -> set[int]:
    """The team's leads; who runs the service where it has none."""
    query = select(Officer).where(Officer.active.is_(True), Officer.role.in_(_LEADS)).order_by(Officer.id)
    people = list(await session.scalars(query))
    leads = {one.id for one in people if one.role == "lead" and belongs(one, team)}
    return leads or {one.id for one in people if one.role == "admin"}


async def nobody_until(session: AsyncSession, team: str, at: datetime) -> datetime | None:
    """Nothing while somebody of `team` is on duty; else when working time begins next."""
    hours = (await office_of(session)).hours
    if not hours.working_at(at):
        return hours.next_start(at)
    if await on_duty(session, team):
        return None
    return hours.start_after(at)


async def when_somebody(session: AsyncSession, team: str, at: datetime) -> str:
    """What the firm is told where nobody is on duty: when somebody will be. Empty where somebody is."""
    opens = await nobody_until(session, team, at)
    if opens is None:
        return ""
    hours = (await office_of(session)).hours
    return notices.nobody_there(opens, unknown_years_note(hours.unknown_years(at, opens)))
