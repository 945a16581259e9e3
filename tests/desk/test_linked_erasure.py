"""Erasing a talk with several doors, one of which had a talk of its own before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from app_harness import Running, Start
from sqlalchemy import select

from bot.cases import erasure
from bot.cases.clock import now
from bot.cases.models import Conversation, Door, Message
from bot.conversation import doors
from bot.conversation.intake import OpenDoor, new_session, open_door, store
from bot.conversation.wire import Inbound

PHONE = "777000111"


async def linked(running: Running) -> tuple[OpenDoor, OpenDoor]:
    """(the kiosk's door, a phone's door that was led into the kiosk's talk after one of its own)"""
    phone = await open_door(running.database, "telegram", "", PHONE, keep_address=True)
    await store(running.database, phone, Inbound(text="手机上先说的话"))
    kiosk = await open_door(running.database, "kiosk", "k1", new_session(), keep_address=False)
    await store(running.database, kiosk, Inbound(text="自助机上说的话"))
    async with running.database.write() as session:
        code = await doors.make_link_code(session, running.database.sealer, kiosk.conversation_id, now())
        await doors.take_link_code(session, running.database.sealer, code, phone.id, now())
        for message in await session.scalars(select(Message)):
            message.status = "done"
    return kiosk, phone


async def words_in(running: Running) -> list[str]:
    async with running.database.read() as session:
        return [message.body["text"] for message in await session.scalars(select(Message))]


async def door_of(running: Running, door_id: int) -> Door | None:
    async with running.database.read() as session:
        found: Door | None = await session.get(Door, door_id)
        return found


async def test_what_was_said_through_the_asking_door_before_goes_too(start: Start) -> None:
    async with start() as running:
        kiosk, phone = await linked(running)
        async with running.database.write() as session:
            await erasure.erase(session, kiosk.conversation_id, now(), door_id=phone.id)
        assert await words_in(running) == []
        assert await door_of(running, kiosk.id) is None
        kept = await door_of(running, phone.id)
        assert kept is not None
        assert kept.conversation_id == kiosk.conversation_id


async def test_another_door_goes_back_to_its_own_talk(start: Start) -> None:
    async with start() as running:
        kiosk, phone = await linked(running)
        async with running.database.write() as session:
            await erasure.erase(session, kiosk.conversation_id, now(), door_id=kiosk.id)
        # That was another talk: whoever stood at the kiosk never saw it.
        assert await words_in(running) == ["手机上先说的话"]
        back = await door_of(running, phone.id)
        assert back is not None
        assert (back.conversation_id, back.closed_at) == (phone.conversation_id, None)


@pytest.mark.parametrize("step", ["erase", "shell"])
async def test_a_door_that_left_a_talk_takes_its_name_along(start: Start, step: str) -> None:
    async with start() as running:
        kiosk, phone = await linked(running)
        await store(running.database, phone.__replace__(conversation_id=kiosk.conversation_id), Inbound("乙"))
        async with running.database.write() as session:
            await doors.unlink(session, phone.id, now())
            own = (await session.get_one(Door, phone.id)).conversation_id
            if step == "erase":
                await erasure.erase(session, own, now())
            else:
                last = Message(
                    conversation_id=own, seq=1, door_id=phone.id, author="firm", kind=erasure.LAST_WORDS,
                    channel="telegram", body={"text": ""}, created_at=now(),
                )  # fmt: skip
                session.add(last)
        if step == "shell":
            async with running.database.write() as session:
                assert await erasure.remove_shells(session, now() + timedelta(days=2)) == 1
                assert await session.get(Conversation, own) is None
        left = await door_of(running, phone.id)
        assert left is not None
        assert left.conversation_id == kiosk.conversation_id
        assert left.address is None
        assert left.closed_at is not None
        fresh = await open_door(running.database, "telegram", "", PHONE, keep_address=True)
        assert fresh.id != phone.id
