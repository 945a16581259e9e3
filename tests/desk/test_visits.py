"""Visits: set up by the operator, booked once a place, moved, cancelled, and never by more firms than fit."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from case_stage import TUESDAY, Stage, make_stage
from sqlalchemy import select

from bot.cases import visits
from bot.cases.database import Database
from bot.cases.firm_models import VisitSlot

HOUR = timedelta(hours=1)


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return make_stage(database, monkeypatch)


async def slots(stage: Stage, *rooms: int) -> list[int]:
    """Slots of one place, an hour each from tomorrow on."""
    async with stage.database.write() as session:
        place = await visits.add_place(session, "金融便利店", "科学大道")
        made = [
            await visits.add_slot(
                session,
                place.id,
                TUESDAY + timedelta(days=1) + number * HOUR,
                TUESDAY + timedelta(days=1) + (number + 1) * HOUR,
                room,
            )
            for number, room in enumerate(rooms)
        ]
        return [slot.id for slot in made]


async def taken(stage: Stage) -> dict[int, int]:
    async with stage.database.read() as session:
        return {row[0]: row[1] for row in await session.execute(select(VisitSlot.id, VisitSlot.taken))}


async def test_the_last_place_goes_to_one_of_many_who_want_it(stage: Stage) -> None:
    [slot] = await slots(stage, 3)
    firms = [await stage.firm() for _ in range(12)]

    async def wish(conversation_id: str) -> bool:
        async with stage.database.write() as session:
            try:
                await visits.book(session, conversation_id, slot, TUESDAY)
            except visits.SlotGone:
                return False
            return True

    won = await asyncio.gather(*(wish(firm.conversation_id) for firm in firms))
    assert sum(won) == 3
    assert await taken(stage) == {slot: 3}
    async with stage.database.read() as session:
        assert await visits.open_slots(session, TUESDAY) == []


async def test_booked_moved_and_cancelled(stage: Stage) -> None:
    first, second = await slots(stage, 1, 1)
    firm, other = await stage.firm(), await stage.firm()
    async with stage.database.write() as session:
        booked = await visits.book(session, firm.conversation_id, first, TUESDAY)
    assert booked.slot.when == "2026年11月25日（周三）10:00–11:00"
    async with stage.database.write() as session:
        with pytest.raises(visits.AlreadyBooked):
            await visits.book(session, firm.conversation_id, second, TUESDAY)
    async with stage.database.write() as session:
        moved = await visits.move(session, firm.conversation_id, second, TUESDAY)
        assert moved.slot.id == second
        # The same again changes nothing.
        assert (await visits.move(session, firm.conversation_id, second, TUESDAY)).id == moved.id
    assert await taken(stage) == {first: 0, second: 1}
    async with stage.database.write() as session:
        await visits.book(session, other.conversation_id, first, TUESDAY)
        await visits.cancel(session, firm.conversation_id, TUESDAY)
        with pytest.raises(visits.NoVisit):
            await visits.cancel(session, firm.conversation_id, TUESDAY)
        with pytest.raises(visits.NoVisit):
            await visits.move(session, firm.conversation_id, first, TUESDAY)
    assert await taken(stage) == {first: 1, second: 0}


async def test_a_move_to_a_full_slot_keeps_the_old_one(stage: Stage) -> None:
    first, second = await slots(stage, 1, 1)
    firm, other = await stage.firm(), await stage.firm()
    async with stage.database.write() as session:
        await visits.book(session, firm.conversation_id, first, TUESDAY)
        await visits.book(session, other.conversation_id, second, TUESDAY)
    async with stage.database.write() as session:
        with pytest.raises(visits.SlotGone):
            await visits.move(session, firm.conversation_id, second, TUESDAY)
    async with stage.database.read() as session:
        kept = await visits.visit_of(session, firm.conversation_id, TUESDAY)
    assert kept is not None
    assert kept.slot.id == first


async def test_random_wishes_at_once_leave_the_books_right(stage: Stage) -> None:
    ids = await slots(stage, 1, 2, 3)
    firms = [await stage.firm() for _ in range(6)]

    async def wishes(conversation_id: str) -> None:
        for _ in range(8):
            wish = random.choice(("book", "move", "cancel"))
            slot = random.choice(ids)
            async with stage.database.write() as session:
                # As the recorder does: the conversation is locked first.
                try:
                    if wish == "cancel":
                        await visits.cancel(session, conversation_id, TUESDAY)
                    elif wish == "move":
                        await visits.move(session, conversation_id, slot, TUESDAY)
                    else:
                        await visits.book(session, conversation_id, slot, TUESDAY)
                except (visits.SlotGone, visits.NoVisit, visits.AlreadyBooked):
                    pass

    await asyncio.gather(*(wishes(firm.conversation_id) for firm in firms))
    counted: dict[int, int] = dict.fromkeys(ids, 0)
    async with stage.database.read() as session:
        for firm in firms:
            visit = await visits.visit_of(session, firm.conversation_id, TUESDAY)
            if visit is not None:
                counted[visit.slot.id] += 1
    assert await taken(stage) == counted
    assert all(counted[slot] <= room for slot, room in zip(ids, (1, 2, 3), strict=True))


async def test_what_is_over_or_closed_is_not_offered_or_taken(stage: Stage) -> None:
    first, second = await slots(stage, 1, 1)
    firm = await stage.firm()
    begins = TUESDAY + timedelta(days=1)
    async with stage.database.read() as session:
        assert [slot.id for slot in await visits.open_slots(session, begins - visits.NOTICE)] == [
            first,
            second,
        ]
        late = begins - visits.NOTICE + timedelta(seconds=1)
        assert [slot.id for slot in await visits.open_slots(session, late)] == [second]
    async with stage.database.write() as session:
        with pytest.raises(visits.SlotGone):
            await visits.book(session, firm.conversation_id, first, late)
        [place] = await visits.places(session)
        await visits.close_place(session, place.id)
    async with stage.database.write() as session:
        assert await visits.open_slots(session, TUESDAY) == []
        with pytest.raises(visits.SlotGone):
            await visits.book(session, firm.conversation_id, second, TUESDAY)
        with pytest.raises(visits.SlotGone):
            await visits.book(session, firm.conversation_id, 4711, TUESDAY)


async def test_the_operator_is_told_what_makes_no_sense(stage: Stage) -> None:
    async with stage.database.write() as session:
        place = await visits.add_place(session, "金融便利店")
        await visits.add_slot(session, place.id, TUESDAY, TUESDAY + HOUR)
        for name in ("", " " * 3, "长" * 61, "金融便利店"):
            with pytest.raises(visits.VisitError):
                await visits.add_place(session, name)
        for begin, end, room in (
            (TUESDAY, TUESDAY, 1),
            (TUESDAY + HOUR, TUESDAY, 1),
            (TUESDAY, TUESDAY + timedelta(days=2), 1),
            (TUESDAY, TUESDAY + HOUR, 0),
            (TUESDAY, TUESDAY + HOUR, 1),
        ):
            with pytest.raises(visits.VisitError):
                await visits.add_slot(session, place.id, begin, end, room)
        with pytest.raises(visits.VisitError):
            await visits.add_slot(session, 99, TUESDAY, TUESDAY + HOUR)
        await visits.close_place(session, place.id)
        again = await visits.add_place(session, "金融便利店", "新址")
        assert (again.id, again.address, again.active) == (place.id, "新址", True)


async def test_a_slot_taken_back_keeps_who_has_booked(stage: Stage) -> None:
    [slot] = await slots(stage, 2)
    firm = await stage.firm()
    async with stage.database.write() as session:
        booked = await visits.book(session, firm.conversation_id, slot, TUESDAY)
        await visits.drop_slot(session, slot)
    async with stage.database.write() as session:
        assert await visits.open_slots(session, TUESDAY) == []
        day = await visits.agenda(session, TUESDAY, TUESDAY + timedelta(days=3))
        assert [(visit.id, visit.number) for visit in day] == [(booked.id, firm.number)]
        assert await visits.note_arrival(session, booked.id, TUESDAY)
        assert not await visits.note_arrival(session, booked.id, TUESDAY, came=False)
    async with stage.database.read() as session:
        day = await visits.agenda(session, TUESDAY, TUESDAY + timedelta(days=3))
    assert [visit.status for visit in day] == ["came"]
