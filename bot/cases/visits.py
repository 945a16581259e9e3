"""Visits: places and times set up by the operator, booked by a guarded UPDATE, so never by too many."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cases.case_models import Case
from bot.cases.clock import SHANGHAI
from bot.cases.firm_models import Visit, VisitPlace, VisitSlot

BOOKED, MOVED, CANCELLED, CAME, MISSED = "booked", "moved", "cancelled", "came", "missed"
# Nobody is received who books when the time has all but begun.
NOTICE = timedelta(minutes=30)
_MOST_ROOM = 100
_WEEKDAYS = "一二三四五六日"
# Put together once, because every turn runs them.
_OPEN = (
    select(VisitSlot, VisitPlace)
    .join(VisitPlace, VisitPlace.id == VisitSlot.place_id)
    .where(
        VisitPlace.active.is_(True),
        VisitSlot.starts_at >= bindparam("from_then"),
        VisitSlot.taken < VisitSlot.room,
    )
    .order_by(VisitSlot.starts_at, VisitSlot.id)
    .limit(bindparam("most"))
)
_BOOKED = (
    select(Visit, VisitSlot, VisitPlace)
    .join(VisitSlot, VisitSlot.id == Visit.slot_id)
    .join(VisitPlace, VisitPlace.id == VisitSlot.place_id)
    .where(
        Visit.conversation_id == bindparam("talk"),
        Visit.status == BOOKED,
        VisitSlot.ends_at > bindparam("then"),
    )
    .order_by(VisitSlot.starts_at)
    .limit(1)
)


class VisitError(ValueError):
    """The operator asks for what makes no sense; the message is Chinese."""


class SlotGone(Exception):
    """The slot is full, over, or no longer offered."""


class AlreadyBooked(Exception):
    """The firm has a visit: it can be moved."""


class NoVisit(Exception):
    """The firm has no visit that is still to come."""


class Slot(msgspec.Struct, frozen=True):
    """A time that can be booked; `left` is for how many firms."""

    id: int
    place_id: int
    place: str
    address: str
    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def when(self) -> str:
        return when(self.starts_at, self.ends_at)


class Booked(msgspec.Struct, frozen=True):
    """A visit as firm and desk see it; `number` is the firm's open case or its last one, if any."""

    id: int
    conversation_id: str
    status: str
    slot: Slot
    number: str | None = None


def when(starts_at: datetime, ends_at: datetime) -> str:
    """The time as people read it.

    >>> from datetime import UTC
    >>> when(datetime(2026, 11, 25, 1, 30, tzinfo=UTC), datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    '2026年11月25日（周三）09:30–10:00'
    """
    begin, end = starts_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    day = f"{begin.year}年{begin.month}月{begin.day}日（周{_WEEKDAYS[begin.weekday()]}）"
    return f"{day}{begin:%H:%M}–{end:%H:%M}"


async def add_place(session: AsyncSession, name: str, address: str = "") -> VisitPlace:
    """A new place, or a closed one of this name opened again with this address.

    Raises:
        VisitError: the name is empty, too long, or in use.
    """
    name, address = name.strip(), address.strip()
    if not name or len(name) > 60 or len(address) > 200:
        raise VisitError("地点名称应为 1–60 个字，地址不超过 200 个字。")
    known: VisitPlace | None = await session.scalar(select(VisitPlace).where(VisitPlace.name == name))
    if known is None:
        known = VisitPlace(name=name, address=address, active=True)
        session.add(known)
    elif known.active:
        raise VisitError(f"已有地点“{name}”。")
    else:
        known.active, known.address = True, address or known.address
    await session.flush()
    return known


async def close_place(session: AsyncSession, place_id: int) -> VisitPlace:
    """The place is not offered any more; what is booked there stays until somebody cancels it.

    Raises:
        VisitError: there is no such place.
    """
    place = await session.get(VisitPlace, place_id)
    if place is None:
        raise VisitError("没有这个地点。")
    place.active = False
    return place


async def add_slot(
    session: AsyncSession, place_id: int, starts_at: datetime, ends_at: datetime, room: int = 1
) -> VisitSlot:
    """A time at a place for `room` firms.

    Raises:
        VisitError: no such place, a time that ends before it begins or lasts over a day, or is there already.
    """
    place = await session.get(VisitPlace, place_id)
    if place is None or not place.active:
        raise VisitError("没有这个地点，或者它已停用。")
    if not timedelta() < ends_at - starts_at <= timedelta(days=1):
        raise VisitError("结束时间应晚于开始时间，且不超过一天。")
    if not 1 <= room <= _MOST_ROOM:
        raise VisitError(f"每个时段可接待 1–{_MOST_ROOM} 家。")
    slot = VisitSlot(place_id=place_id, starts_at=starts_at, ends_at=ends_at, room=room, taken=0)
    try:
        async with session.begin_nested():
            session.add(slot)
    except IntegrityError:
        raise VisitError("这个地点已有同一时间的时段。") from None
    return slot


async def drop_slot(session: AsyncSession, slot_id: int) -> None:
    """Takes a time back as far as nobody has booked it.

    Raises:
        VisitError: there is no such slot.
    """
    done = await session.execute(
        update(VisitSlot).where(VisitSlot.id == slot_id).values(room=VisitSlot.taken).returning(VisitSlot.id)
    )
    if done.scalar_one_or_none() is None:
        raise VisitError("没有这个时段。")


async def places(session: AsyncSession) -> list[VisitPlace]:
    """All places, those in use first."""
    return list(await session.scalars(select(VisitPlace).order_by(VisitPlace.active.desc(), VisitPlace.id)))


async def open_slots(session: AsyncSession, at: datetime, limit: int = 60) -> list[Slot]:
    """Times that can still be booked at `at`, the nearest first."""
    found = await session.execute(_OPEN, {"from_then": at + NOTICE, "most": limit})
    return [_slot(slot, place) for slot, place in found]


async def visit_of(session: AsyncSession, conversation_id: str, at: datetime) -> Booked | None:
    """The firm's visit that is not over yet."""
    row = (await session.execute(_BOOKED, {"talk": conversation_id, "then": at})).first()
    return None if row is None else Booked(row[0].id, conversation_id, row[0].status, _slot(row[1], row[2]))


async def book(session: AsyncSession, conversation_id: str, slot_id: int, at: datetime) -> Booked:
    """Takes a place in the slot for the firm. The caller's transaction has the conversation locked.

    Raises:
        AlreadyBooked: it has a visit. SlotGone.
    """
    if await visit_of(session, conversation_id, at) is not None:
        raise AlreadyBooked
    return await _take(session, conversation_id, slot_id, at)


async def move(session: AsyncSession, conversation_id: str, slot_id: int, at: datetime) -> Booked:
    """Puts the firm's visit off to another slot; the old one is free again. To the same slot it stays.

    Raises:
        NoVisit. SlotGone: the visit stays where it was.
    """
    old = await visit_of(session, conversation_id, at)
    if old is None:
        raise NoVisit
    if old.slot.id == slot_id:
        return old
    # Two firms that change places take the two rows in the same order, or they would wait for each other.
    both = select(VisitSlot.id).where(VisitSlot.id.in_((old.slot.id, slot_id))).order_by(VisitSlot.id)
    await session.execute(both.with_for_update())
    new = await _take(session, conversation_id, slot_id, at)
    await _release(session, old, MOVED, at)
    return new


async def cancel(session: AsyncSession, conversation_id: str, at: datetime) -> Booked:
    """Gives the firm's visit up.

    Raises:
        NoVisit.
    """
    old = await visit_of(session, conversation_id, at)
    if old is None or not await _release(session, old, CANCELLED, at):
        raise NoVisit
    return old


async def note_arrival(session: AsyncSession, visit_id: int, at: datetime, *, came: bool = True) -> bool:
    """Keeps that the firm came, or did not; whether there was such a visit."""
    done = await session.execute(
        update(Visit)
        .where(Visit.id == visit_id, Visit.status == BOOKED)
        .values(status=CAME if came else MISSED, changed_at=at)
        .returning(Visit.id)
    )
    return done.scalar_one_or_none() is not None


async def agenda(session: AsyncSession, since: datetime, until: datetime) -> list[Booked]:
    """Visits that begin in the given time, for the desk, with the number of the firm's last case."""
    query = (
        select(Visit, VisitSlot, VisitPlace)
        .join(VisitSlot, VisitSlot.id == Visit.slot_id)
        .join(VisitPlace, VisitPlace.id == VisitSlot.place_id)
        .where(Visit.status != MOVED, VisitSlot.starts_at >= since, VisitSlot.starts_at < until)
        .order_by(VisitSlot.starts_at, Visit.id)
    )
    rows = (await session.execute(query)).all()
    numbers = {
        row[0]: row[1]
        for row in await session.execute(
            select(Case.conversation_id, Case.number)
            .where(Case.conversation_id.in_({visit.conversation_id for visit, _, _ in rows}))
            .order_by(Case.id)
        )
    }
    return [
        Booked(
            visit.id,
            visit.conversation_id,
            visit.status,
            _slot(slot, place),
            numbers.get(visit.conversation_id),
        )
        for visit, slot, place in rows
    ]


async def all_slots(session: AsyncSession, since: datetime) -> list[tuple[Slot, int]]:
    """Times from `since` on with how many firms have booked each, full ones too, for the operator."""
    query = (
        select(VisitSlot, VisitPlace)
        .join(VisitPlace, VisitPlace.id == VisitSlot.place_id)
        .where(VisitSlot.ends_at > since)
        .order_by(VisitSlot.starts_at, VisitSlot.id)
    )
    return [(_slot(slot, place), slot.taken) for slot, place in await session.execute(query)]


async def _take(session: AsyncSession, conversation_id: str, slot_id: int, at: datetime) -> Booked:
    """One statement decides: of two firms that want the last place, one gets it."""
    in_use = select(VisitPlace.id).where(VisitPlace.active.is_(True))
    done = await session.execute(
        update(VisitSlot)
        .where(
            VisitSlot.id == slot_id,
            VisitSlot.taken < VisitSlot.room,
            VisitSlot.starts_at >= at + NOTICE,
            VisitSlot.place_id.in_(in_use),
        )
        .values(taken=VisitSlot.taken + 1)
        .returning(VisitSlot.id)
        .execution_options(synchronize_session=False)
    )
    if done.scalar_one_or_none() is None:
        raise SlotGone
    visit = Visit(
        slot_id=slot_id, conversation_id=conversation_id, status=BOOKED, created_at=at, changed_at=at
    )
    session.add(visit)
    await session.flush()
    slot = await session.get_one(VisitSlot, slot_id, populate_existing=True)
    place = await session.get_one(VisitPlace, slot.place_id)
    return Booked(visit.id, conversation_id, BOOKED, _slot(slot, place))


async def _release(session: AsyncSession, old: Booked, status: str, at: datetime) -> bool:
    done = await session.execute(
        update(Visit)
        .where(Visit.id == old.id, Visit.status == BOOKED)
        .values(status=status, changed_at=at)
        .returning(Visit.slot_id)
    )
    slot_id = done.scalar_one_or_none()
    if slot_id is None:
        return False
    await give_back(session, slot_id)
    return True


async def give_back(session: AsyncSession, slot_id: int) -> None:
    """One place of the slot is free again."""
    await session.execute(
        update(VisitSlot)
        .where(VisitSlot.id == slot_id, VisitSlot.taken > 0)
        .values(taken=VisitSlot.taken - 1)
        .execution_options(synchronize_session=False)
    )


def _slot(slot: VisitSlot, place: VisitPlace) -> Slot:
    return Slot(
        slot.id,
        slot.place_id,
        place.name,
        place.address,
        slot.starts_at,
        slot.ends_at,
        max(0, slot.room - slot.taken),
    )
