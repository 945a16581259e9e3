"""Where an officer's words go after the firm's door was led elsewhere."""

from __future__ import annotations

import secrets

import pytest
from case_stage import Stage
from sqlalchemy import func, select

from bot.cases.case_models import Officer
from bot.cases.models import Door, Message
from bot.conversation import doors
from bot.conversation.handling import NotAllowed, write
from bot.conversation.intake import new_conversation
from bot.desk.quota import way_to


async def test_a_door_that_was_unlinked_gets_no_words_of_the_talk_it_left(
    stage: Stage, wang: Officer
) -> None:
    firm = await stage.firm()
    at = stage.clock()
    async with stage.database.write() as session:
        # The kiosk where the talk began; it has wiped itself since.
        kiosk = Door(
            conversation_id=firm.conversation_id, channel="kiosk", account="k1",
            address_hash=secrets.token_hex(32), created_at=at, closed_at=at,
        )  # fmt: skip
        session.add(kiosk)
    version = (await stage.take(firm, wang)).version
    async with stage.database.write() as session:
        assert await doors.unlink(session, firm.door_id, at)
    with pytest.raises(NotAllowed, match="没有渠道"):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, version, "只给原来那边的话")
    async with stage.database.read() as session:
        assert not await session.scalar(select(func.count()).where(Message.author == "officer"))
        assert await way_to(session, firm.conversation_id, at) is None


async def test_a_firm_that_went_to_another_talk_is_still_told_of_its_case(
    stage: Stage, wang: Officer
) -> None:
    firm = await stage.firm()
    version = (await stage.take(firm, wang)).version
    async with stage.database.write() as session:
        other = new_conversation(stage.clock())
        session.add(other)
        await session.flush()
        (await session.get_one(Door, firm.door_id)).conversation_id = other.id
    async with stage.database.write() as session:
        await write(session, firm.number, wang, version, "您的件有进展")
    async with stage.database.read() as session:
        sent = await session.scalar(select(Message.door_id).where(Message.author == "officer"))
        assert sent == firm.door_id
