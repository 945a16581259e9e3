"""What the firm is told, and what officers write: words, notes, corrections."""

from __future__ import annotations

import pytest
from case_stage import DIALOGUE, Stage
from sqlalchemy import select

from bot.cases.case_models import Officer
from bot.cases.models import Door, Message
from bot.conversation import events
from bot.conversation.handling import (
    NotAllowed,
    Stale,
    claim,
    correct_fact,
    hand_back,
    move,
    note,
    write,
)


async def test_no_words_on_the_stream_of_all_desks(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    version = (await stage.take(firm, wang)).version
    async with stage.database.write() as session:
        await write(session, firm.number, wang, version, "秘密的话")
        await note(session, firm.number, wang, "内部的话")
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "原因", dialogue=DIALOGUE)
    for stream in (events.DESK, events.case(firm.number)):
        for _, data in await stage.events(stream):
            assert set(data) <= {
                "number", "status", "mode", "version", "case_version", "owner_id", "seq", "note",
            }  # fmt: skip


async def test_the_firm_is_told_of_every_status(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await stage.take(firm, wang)
    for status, words in (
        ("in_review", "正在研究"),
        ("waiting_firm", "等您补充"),
        ("in_review", "正在研究"),
        ("submitted", "已提交"),
        ("declined", "没有同意"),
        ("in_review", "正在研究"),
        ("submitted", "已提交"),
        ("approved", "办理方已同意"),
        ("closed", "已办结"),
    ):
        version = (await stage.case(firm)).version
        async with stage.database.write() as session:
            await move(session, firm.number, wang, status, version, "内部的原因", dialogue=DIALOGUE)
        author, text = (await stage.told(firm))[-1]
        assert author == "system"
        assert words in text
        assert "内部的原因" not in text
        status_events = [data for kind, data in await stage.events(events.talk(firm.conversation_id))]
        assert status_events[-1]["case"] == {"number": firm.number, "status": status}


async def test_what_is_told_is_written_with_the_change_or_not_at_all(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()

    async def dies_before_the_commit() -> None:
        async with stage.database.write() as session:
            await claim(session, firm.number, wang)
            raise EOFError

    with pytest.raises(EOFError):
        await dies_before_the_commit()
    assert await stage.owner_and_mode(firm) == (None, "queued", "waiting", None)
    assert await stage.told(firm) == []


async def test_notes_never_reach_the_firm(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await stage.take(firm, wang)
    before = await stage.told(firm)
    async with stage.database.write() as session:
        await note(session, firm.number, wang, "财报可能有问题")
    assert await stage.told(firm) == before
    async with stage.database.read() as session:
        said = [row.body["text"] for row in await session.scalars(select(Message))]
    assert not any("财报" in text for text in said)
    auditor = await stage.officer("auditor", "auditor")
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await note(session, firm.number, auditor, "看过了")


async def test_a_corrected_fact_keeps_who_when_old_and_new(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm(state={"facts": {"revenue_wan": 1500}})
    await stage.take(firm, wang)
    rev, number = (await stage.conversation(firm)).state_rev, firm.number

    async def correct(by: Officer, value: object, reason: str, rev: int) -> None:
        async with stage.database.write() as session:
            await correct_fact(session, number, by, "revenue_wan", value, reason, rev, dialogue=DIALOGUE)

    with pytest.raises(Stale):
        await correct(wang, 1800, "看了审计报告", rev - 1)
    with pytest.raises(NotAllowed):
        await correct(wang, 1800, " ", rev)
    with pytest.raises(NotAllowed):
        await correct(li, 1800, "不是我的件", rev)
    with pytest.raises(NotAllowed, match="没有这个值"):
        await correct(wang, "nonsense", "看了审计报告", rev)
    await correct(wang, 1800, "看了审计报告", rev)

    talk, case = await stage.conversation(firm), await stage.case(firm)
    assert talk.state["facts"] == case.state["facts"] == {"revenue_wan": 1800}
    assert talk.state_rev == rev + 1
    line = (await stage.timeline(firm))[-1]
    assert (line.kind, line.officer_id, line.at) == ("fact_corrected", wang.id, stage.clock())
    kept = {name: line.data[name] for name in ("fact", "old", "new", "reason")}
    assert kept == {"fact": "revenue_wan", "old": 1500, "new": 1800, "reason": "看了审计报告"}


async def test_who_ended_the_talk_cannot_be_written_to(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    version = (await stage.take(firm, wang)).version
    async with stage.database.write() as session:
        (await session.get_one(Door, firm.door_id)).closed_at = stage.clock()
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, version, "在吗")
    # The case goes on without it.
    seen = (await stage.case(firm)).version
    async with stage.database.write() as session:
        await move(session, firm.number, wang, "in_review", seen, dialogue=DIALOGUE)
    assert (await stage.case(firm)).status == "in_review"
