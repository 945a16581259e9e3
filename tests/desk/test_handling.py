"""Claim to hand back: who has the case, who has the talk, what the firm is told, what the bot knows."""

from __future__ import annotations

import pytest
from case_stage import DIALOGUE, Firm, Stage, make_stage
from sqlalchemy import select

from bot.cases.audit import first_broken
from bot.cases.case_models import Audit, Officer
from bot.cases.database import Database
from bot.cases.desk_models import Note
from bot.cases.models import SUPERSEDED, Door, Message, Outbox
from bot.channels.base import Abilities
from bot.channels.pull import PullChannel
from bot.conversation import events
from bot.conversation.events import Broker
from bot.conversation.handling import (
    CaseTaken,
    Handled,
    NotAllowed,
    Stale,
    assign,
    claim,
    correct_fact,
    hand_back,
    move,
    note,
    transfer,
    write,
)
from bot.conversation.outbox import Sender


@pytest.fixture
def stage(database: Database, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return make_stage(database, monkeypatch)


@pytest.fixture
async def wang(stage: Stage) -> Officer:
    return await stage.officer("wang", title="王专员", teams=("loan_officer",))


@pytest.fixture
async def li(stage: Stage) -> Officer:
    return await stage.officer("li", title="李专员", teams=("loan_officer",))


@pytest.fixture
async def lead(stage: Stage) -> Officer:
    return await stage.officer("lead", "lead", title="组长")


async def take(stage: Stage, firm: Firm, officer: Officer) -> Handled:
    async with stage.database.write() as session:
        return await claim(session, firm.number, officer)


async def owner_and_mode(stage: Stage, firm: Firm) -> tuple[int | None, str, str, int | None]:
    """(owner of the case, its status, who answers, whose talk it is)"""
    case, talk = await stage.case(firm), await stage.conversation(firm)
    return case.owner_id, case.status, talk.mode, talk.owner_id


async def test_a_claim_owns_silences_and_tells(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    handled = await take(stage, firm, wang)
    assert await owner_and_mode(stage, firm) == (wang.id, "claimed", "human", wang.id)
    assert handled.version == (await stage.conversation(firm)).version == 3
    talk = events.talk(firm.conversation_id)
    assert handled.streams == {talk, events.case(firm.number), events.DESK}
    told = await stage.told(firm)
    assert told == [("system", f"王专员已接手您的办件 {firm.number}，接下来由王专员和您谈，助手先不插话。")]
    assert await stage.events(talk) == [
        ("status", {"mode": "human", "case": {"number": firm.number, "status": "claimed"}})
    ]
    async with stage.database.read() as session:
        lines = [(one.actor, one.action) for one in await session.scalars(select(Audit).order_by(Audit.seq))]
        assert await first_broken(session) is None
    assert lines[-1] == (f"officer:{wang.id}", "claim")


async def test_no_words_on_the_stream_of_all_desks(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    version = (await take(stage, firm, wang)).version
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


async def test_who_may_not_see_it_may_not_claim_it(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    stranger = await stage.officer("stranger", teams=("investment_manager",))
    auditor = await stage.officer("auditor", "auditor")
    with pytest.raises(LookupError):
        await take(stage, firm, stranger)
    with pytest.raises(NotAllowed):
        await take(stage, firm, auditor)
    with pytest.raises(LookupError):
        async with stage.database.write() as session:
            await claim(session, "KC20261124-9999", wang)
    assert await owner_and_mode(stage, firm) == (None, "queued", "waiting", None)


async def test_the_loser_gets_the_winners_name(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm()
    await take(stage, firm, wang)
    with pytest.raises(CaseTaken) as taken:
        await take(stage, firm, li)
    assert taken.value.owner == "王专员"
    # The winner's second click changes nothing.
    again = await take(stage, firm, wang)
    assert again.version == 3
    assert len(await stage.told(firm)) == 1


async def test_a_lead_assigns_by_the_same_guard(
    stage: Stage, wang: Officer, li: Officer, lead: Officer
) -> None:
    firm = await stage.firm()
    queued = (await stage.case(firm)).version
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await assign(session, firm.number, wang, li.id, queued)
    await take(stage, firm, wang)
    with pytest.raises(CaseTaken) as taken:
        async with stage.database.write() as session:
            await assign(session, firm.number, lead, li.id, queued)
    assert taken.value.owner == "王专员"
    seen = (await stage.case(firm)).version
    async with stage.database.write() as session:
        await assign(session, firm.number, lead, li.id, seen)
    assert await owner_and_mode(stage, firm) == (li.id, "claimed", "human", li.id)
    assert (await stage.events(events.desk_of(li.id)))[-1][0] == "assigned"
    with pytest.raises(Stale):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, 3, "我还以为是我的")
    last = (await stage.timeline(firm))[-1]
    assert (last.kind, last.officer_id, last.data["to"]) == ("assigned", lead.id, li.id)


async def test_assigning_a_waiting_case_makes_an_owner(stage: Stage, li: Officer, lead: Officer) -> None:
    firm = await stage.firm()
    async with stage.database.write() as session:
        await assign(session, firm.number, lead, li.id, 1)
    assert await owner_and_mode(stage, firm) == (li.id, "claimed", "human", li.id)
    assert "李专员已接手" in (await stage.told(firm))[-1][1]


@pytest.mark.parametrize("what", ["auditor", "gone", "nobody"])
async def test_nobody_gets_a_case_who_cannot_work_on_it(stage: Stage, lead: Officer, what: str) -> None:
    firm = await stage.firm()
    to = {
        "auditor": (await stage.officer("auditor", "auditor")).id,
        "gone": (await stage.officer("gone", active=False)).id,
        "nobody": 9999,
    }[what]
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await assign(session, firm.number, lead, to, 1)


async def test_a_transfer_to_a_person_keeps_the_talk_human(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm()
    version = (await take(stage, firm, wang)).version
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await transfer(session, firm.number, li, li.id, "我要", dialogue=DIALOGUE)
    async with stage.database.write() as session:
        await transfer(session, firm.number, wang, li.id, "材料在等审计报告", dialogue=DIALOGUE)
    assert await owner_and_mode(stage, firm) == (li.id, "claimed", "human", li.id)
    async with stage.database.read() as session:
        notes = list(await session.scalars(select(Note)))
    assert [(one.officer_id, one.text) for one in notes] == [(wang.id, "材料在等审计报告")]
    told = [text for _, text in await stage.told(firm)]
    assert told[-1] == f"您的办件 {firm.number} 转由李专员继续办理，前面谈过的都会带过去。"
    assert not any("审计报告" in text for text in told)
    assert (await stage.events(events.desk_of(li.id)))[-1][0] == "transferred"
    with pytest.raises(Stale):
        async with stage.database.write() as session:
            await write(session, firm.number, wang, version, "还有一句")


async def test_a_transfer_to_a_team_queues_it_again(stage: Stage, wang: Officer, lead: Officer) -> None:
    chen = await stage.officer("chen", teams=("investment_manager",))
    firm = await stage.firm()
    await take(stage, firm, wang)
    await stage.writes(firm, "想谈股权")
    async with stage.database.write() as session:
        await transfer(session, firm.number, wang, "investment_manager", "要股权", dialogue=DIALOGUE)
    assert await owner_and_mode(stage, firm) == (None, "queued", "waiting", None)
    case = await stage.case(firm)
    assert case.team == "investment_manager"
    # The bot, which helps meanwhile, and the next officer's brief know what was said.
    assert (await stage.conversation(firm)).state["heard"] == ["想谈股权"]
    assert case.brief["need"] == "想谈股权"
    assert "投资经理人" in (await stage.told(firm))[-1][1]
    assert (await stage.events(events.desk_of(chen.id)))[-1][0] == "offer"
    with pytest.raises(LookupError):
        await take(stage, firm, wang)
    # Passed on once more it is held out once more, to somebody who has not had it.
    dong = await stage.officer("dong", teams=("technology_broker",))
    await take(stage, firm, chen)
    async with stage.database.write() as session:
        await transfer(session, firm.number, chen, "technology_broker", "看专利", dialogue=DIALOGUE)
    assert (await stage.events(events.desk_of(dong.id)))[-1][0] == "offer"
    async with stage.database.write() as session:
        await assign(session, firm.number, lead, chen.id, (await stage.case(firm)).version)
    async with stage.database.write() as session:
        await transfer(session, firm.number, chen, "investment_manager", "还是股权", dialogue=DIALOGUE)
    assert [kind for kind, _ in await stage.events(events.desk_of(chen.id))] == ["offer", "assigned"]
    # Everybody of the team has had it; the lead is left.
    assert (await stage.events(events.desk_of(lead.id)))[-1][0] == "offer"


async def test_a_case_at_the_bank_goes_to_a_person_only(stage: Stage, wang: Officer, lead: Officer) -> None:
    firm = await stage.firm()
    await take(stage, firm, wang)
    await stage.set_status(firm, "submitted", wang)
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await transfer(session, firm.number, wang, "loan_officer", "", dialogue=DIALOGUE)
    async with stage.database.write() as session:
        await transfer(session, firm.number, lead, lead.id, "", dialogue=DIALOGUE)
    assert await owner_and_mode(stage, firm) == (lead.id, "submitted", "human", lead.id)


async def test_handed_back_the_bot_knows_what_was_said(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm()
    await stage.writes(firm, "接手前说的，助手读过")
    version = (await take(stage, firm, wang)).version
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
    await take(stage, firm, wang)
    await stage.writes(firm, "第一段")
    async with stage.database.write() as session:
        await hand_back(session, firm.number, wang, "一", dialogue=DIALOGUE)
    await stage.writes(firm, "助手读的")
    await take(stage, firm, wang)
    assert await owner_and_mode(stage, firm) == (wang.id, "claimed", "human", wang.id)
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
    await take(stage, firm, wang)
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
    await take(stage, firm, wang)
    await stage.writes(firm, "谢谢")
    version = (await stage.case(firm)).version
    async with stage.database.write() as session:
        await move(session, firm.number, wang, "closed", version, "问清楚了", dialogue=DIALOGUE)
    assert await owner_and_mode(stage, firm) == (wang.id, "closed", "bot", None)
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
    version = (await take(stage, first, wang)).version
    seen = (await stage.case(first)).version
    async with stage.database.write() as session:
        await move(session, first.number, wang, "closed", seen, dialogue=DIALOGUE)
    second = await stage.another_case(first)
    version = (await take(stage, second, li)).version
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
    assert await owner_and_mode(stage, second) == (li.id, "claimed", "human", li.id)
    assert (await stage.conversation(second)).version == version


async def test_the_firm_is_told_of_every_status(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await take(stage, firm, wang)
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
    assert await owner_and_mode(stage, firm) == (None, "queued", "waiting", None)
    assert await stage.told(firm) == []


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
    await take(stage, firm, wang)
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


async def test_notes_never_reach_the_firm(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    await take(stage, firm, wang)
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
    await take(stage, firm, wang)
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
    version = (await take(stage, firm, wang)).version
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
