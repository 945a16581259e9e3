"""The talk goes to a human and back to the bot: what leaves, what does not, what the bot knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from app_fakes import FakeDialogue
from case_stage import DIALOGUE, Stage
from sqlalchemy import select

from bot.cases.case_models import Officer
from bot.cases.models import SUPERSEDED, Message, Outbox
from bot.channels.base import Abilities
from bot.channels.pull import PullChannel
from bot.conversation.dialogue import Said
from bot.conversation.events import Broker
from bot.conversation.handling import (
    CaseTaken,
    NotAllowed,
    Stale,
    claim,
    correct_fact,
    hand_back,
    move,
    transfer,
    write,
)
from bot.conversation.outbox import Sender
from bot.conversation.wire import TurnOutput


async def test_handed_back_the_bot_knows_what_was_said(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm()
    await stage.writes(firm, "接手前说的，助手读过")
    version = (await stage.take(firm, wang)).version
    async with stage.database.write() as session:
        await write(session, firm.number, wang, version, "营收多少？")
    await stage.writes(firm, "去年营收1500万")
    await stage.writes(firm, "还没处理的一句", status="stored")
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await hand_back(session, firm.number, wang, " ", dialogue=DIALOGUE)
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await hand_back(session, firm.number, li, "不是我的", dialogue=DIALOGUE)
    rev = (await stage.conversation(firm)).state_rev
    async with stage.database.write() as session:
        handled = await hand_back(session, firm.number, wang, "等银行，先让助手答疑", dialogue=DIALOGUE)
    talk, case = await stage.conversation(firm), await stage.case(firm)
    assert (talk.mode, talk.owner_id, case.owner_id, case.status) == ("bot", None, wang.id, "claimed")
    assert (talk.version, talk.state_rev) == (handled.version, rev + 1)
    assert talk.state["heard"] == ["去年营收1500万"]
    assert case.brief["need"] == "去年营收1500万"
    told = await stage.told(firm)
    assert told[-2][0] == told[-1][0] == "bot"
    assert told[-2][1].startswith("王专员先谈到这里，接下来由我继续帮您")
    assert told[-1][1] == "听到了：去年营收1500万"
    assert not any("等银行" in text for _, text in told)
    last = (await stage.timeline(firm))[-1]
    assert (last.kind, last.data["reason"]) == ("handed_back", "等银行，先让助手答疑")
    with pytest.raises(Stale):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, handled.version, "还有一句")


async def test_the_owner_takes_the_talk_back_and_nothing_is_read_twice(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await stage.take(firm, wang)
    await stage.writes(firm, "第一段")
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "一", dialogue=DIALOGUE)
    await stage.writes(firm, "助手读的")
    await stage.take(firm, wang)
    assert await stage.owner_and_mode(firm) == (wang.id, "claimed", "human", wang.id)
    assert "王专员回到您的办件" in (await stage.told(firm))[-1][1]
    await stage.writes(firm, "第二段")
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "二", dialogue=DIALOGUE)
    assert (await stage.conversation(firm)).state["heard"] == ["第一段", "第二段"]


async def test_what_the_bot_had_not_read_when_the_human_came_is_read_later(
    stage: Stage, wang: Officer
) -> None:
    firm = await stage.firm()
    unread = await stage.writes(firm, "刚好赶上接手", status="stored")
    await stage.take(firm, wang)
    async with stage.database.write() as session:
        message = (
            await session.scalars(
                select(Message).where(Message.conversation_id == firm.conversation_id, Message.seq == unread)
            )
        ).one()
        message.status = "done"
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "一", dialogue=DIALOGUE)
    assert (await stage.conversation(firm)).state["heard"] == ["刚好赶上接手"]


async def test_a_closed_case_gives_the_talk_back_silently(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await stage.take(firm, wang)
    await stage.writes(firm, "谢谢")
    version = (await stage.case(firm)).version
    async with stage.database.write() as session:
        await move(session, firm.number, wang, "closed", version, "问清楚了", dialogue=DIALOGUE)
    assert await stage.owner_and_mode(firm) == (wang.id, "closed", "bot", None)
    assert (await stage.conversation(firm)).state["heard"] == ["谢谢"]
    told = await stage.told(firm)
    assert told[-1][0] == "system"
    assert told[-1][1].startswith(f"您的办件 {firm.number} 有新进展：已办结，有需要随时再来。")
    async with stage.database.read() as session:
        last = (await session.scalars(select(Message).order_by(Message.id.desc()).limit(1))).one()
    assert [button["payload"].rpartition(":")[2] for button in last.body["buttons"]] == [
        "5", "4", "3", "2", "1", "skip",
    ]  # fmt: skip
    assert (await stage.case(firm)).ended_at == stage.clock()


async def test_an_ended_case_has_no_say_in_the_next_one(stage: Stage, wang: Officer, li: Officer) -> None:
    first = await stage.firm()
    version = (await stage.take(first, wang)).version
    seen = (await stage.case(first)).version
    async with stage.database.write() as session:
        await move(session, first.number, wang, "closed", seen, dialogue=DIALOGUE)
    second = await stage.another_case(first)
    version = (await stage.take(second, li)).version
    for attempt in (
        lambda session: hand_back(session, first.number, wang, "交回", dialogue=DIALOGUE),
        lambda session: transfer(session, first.number, wang, li.id, "", dialogue=DIALOGUE),
        lambda session: transfer(session, first.number, wang, "loan_officer", "", dialogue=DIALOGUE),
        lambda session: claim(session, first.number, wang),
        lambda session: write(session, first.number, wang, version, "还有一句"),
    ):
        with pytest.raises((NotAllowed, Stale, CaseTaken)):
            async with stage.database.write() as session:
                await attempt(session)
    assert await stage.owner_and_mode(second) == (li.id, "claimed", "human", li.id)
    assert (await stage.conversation(second)).version == version


async def test_a_claim_takes_the_bots_words_out_of_the_outbox(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    rows = {}
    async with stage.database.write() as session:
        for seq, (author, status) in enumerate(
            [("bot", "queued"), ("bot", "sent"), ("system", "queued"), ("bot", "sending")], start=50
        ):
            message = Message(
                conversation_id=firm.conversation_id, seq=seq, door_id=firm.door_id, author=author,
                channel="web", account="", kind="text", body={"text": "x"}, status="done", attempts=0,
                created_at=stage.clock(),
            )  # fmt: skip
            session.add(message)
            await session.flush()
            row = Outbox(
                conversation_id=firm.conversation_id, message_id=message.id, door_id=firm.door_id,
                channel="web", route_version=2 if author == "bot" else None, status=status, attempts=0,
                next_try_at=stage.clock(),
            )  # fmt: skip
            session.add(row)
            await session.flush()
            rows[author, status] = row.id
    await stage.take(firm, wang)
    async with stage.database.read() as session:
        found = {key: (await session.get_one(Outbox, id_)).status for key, id_ in rows.items()}
        superseded = (await session.get_one(Outbox, rows["bot", "sending"])).route_version
    assert found == {
        ("bot", "queued"): "dropped",
        ("bot", "sent"): "sent",
        ("system", "queued"): "queued",
        ("bot", "sending"): "sending",
    }
    # The platform is being asked: should it want to be asked again, it is not, even if the bot is back.
    assert superseded == SUPERSEDED
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "助手接着答", dialogue=DIALOGUE)
        (await session.get_one(Outbox, rows["bot", "sending"])).status = "queued"
    sender = Sender(stage.database, Broker(), {"web": PullChannel("web", "网页", Abilities())})
    while await sender.send_due():
        pass
    async with stage.database.read() as session:
        assert (await session.get_one(Outbox, rows["bot", "sending"])).status == "dropped"


class Listening(FakeDialogue):
    """Keeps what it was told to read."""

    said: Sequence[Said] = ()

    def after_human(
        self, state: dict[str, Any], said: Sequence[Said], today: date, *, goes_on: bool
    ) -> TurnOutput:
        self.said = said
        return super().after_human(state, said, today, goes_on=goes_on)


async def test_words_before_a_correction_are_read_as_settled(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    version = (await stage.take(firm, wang)).version
    await stage.writes(firm, "营收1500万")
    stage.clock.on(minutes=1)
    rev = (await stage.conversation(firm)).state_rev
    async with stage.database.write() as session:
        await correct_fact(
            session, firm.number, wang, "revenue_wan", 1800, "看了报表", rev, dialogue=DIALOGUE
        )
    stage.clock.on(minutes=1)
    async with stage.database.write() as session:
        await write(session, firm.number, wang, version, "报表上是1800万")
    await stage.writes(firm, "", payload="set:revenue_wan:1900")
    dialogue = Listening()
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "助手来", dialogue=dialogue)
    assert list(dialogue.said) == [
        Said("firm", "营收1500万", None, ("revenue_wan",)),
        Said("officer", "报表上是1800万", None, ()),
        Said("firm", "", "set:revenue_wan:1900", ()),
    ]
