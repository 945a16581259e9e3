"""Who has a case: claim, assign, transfer; each guarded, each told to the firm."""

from __future__ import annotations

import pytest
from case_stage import DIALOGUE, Stage
from sqlalchemy import select

from bot.cases.audit import first_broken
from bot.cases.case_models import Audit, Officer
from bot.cases.desk_models import Note
from bot.conversation import events
from bot.conversation.handling import (
    CaseTaken,
    NotAllowed,
    Stale,
    assign,
    claim,
    transfer,
    write,
)


async def test_a_claim_owns_silences_and_tells(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    handled = await stage.take(firm, wang)
    assert await stage.owner_and_mode(firm) == (wang.id, "claimed", "human", wang.id)
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


async def test_who_may_not_see_it_may_not_claim_it(stage: Stage, wang: Officer) -> None:
    firm = await stage.firm()
    stranger = await stage.officer("stranger", teams=("investment_manager",))
    auditor = await stage.officer("auditor", "auditor")
    with pytest.raises(LookupError):
        await stage.take(firm, stranger)
    with pytest.raises(NotAllowed):
        await stage.take(firm, auditor)
    with pytest.raises(LookupError):
        async with stage.database.write() as session:
            await claim(session, "KC20261124-9999", wang)
    assert await stage.owner_and_mode(firm) == (None, "queued", "waiting", None)


async def test_the_loser_gets_the_winners_name(stage: Stage, wang: Officer, li: Officer) -> None:
    firm = await stage.firm()
    await stage.take(firm, wang)
    with pytest.raises(CaseTaken) as taken:
        await stage.take(firm, li)
    assert taken.value.owner == "王专员"
    # The winner's second click changes nothing.
    again = await stage.take(firm, wang)
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
    await stage.take(firm, wang)
    with pytest.raises(CaseTaken) as taken:
        async with stage.database.write() as session:
            await assign(session, firm.number, lead, li.id, queued)
    assert taken.value.owner == "王专员"
    seen = (await stage.case(firm)).version
    async with stage.database.write() as session:
        await assign(session, firm.number, lead, li.id, seen)
    assert await stage.owner_and_mode(firm) == (li.id, "claimed", "human", li.id)
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
    assert await stage.owner_and_mode(firm) == (li.id, "claimed", "human", li.id)
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
    version = (await stage.take(firm, wang)).version
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await transfer(session, firm.number, li, li.id, "我要", dialogue=DIALOGUE)
    async with stage.database.write() as session:
        await transfer(session, firm.number, wang, li.id, "材料在等审计报告", dialogue=DIALOGUE)
    assert await stage.owner_and_mode(firm) == (li.id, "claimed", "human", li.id)
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
    await stage.take(firm, wang)
    await stage.writes(firm, "想谈股权")
    async with stage.database.write() as session:
        await transfer(session, firm.number, wang, "investment_manager", "要股权", dialogue=DIALOGUE)
    assert await stage.owner_and_mode(firm) == (None, "queued", "waiting", None)
    case = await stage.case(firm)
    assert case.team == "investment_manager"
    # The bot, which helps meanwhile, and the next officer's brief know what was said.
    assert (await stage.conversation(firm)).state["heard"] == ["想谈股权"]
    assert case.brief["need"] == "想谈股权"
    assert "投资经理人" in (await stage.told(firm))[-1][1]
    assert (await stage.events(events.desk_of(chen.id)))[-1][0] == "offer"
    with pytest.raises(LookupError):
        await stage.take(firm, wang)
    # Passed on once more it is held out once more, to somebody who has not had it.
    dong = await stage.officer("dong", teams=("technology_broker",))
    await stage.take(firm, chen)
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
    await stage.take(firm, wang)
    await stage.set_status(firm, "submitted", wang)
    with pytest.raises(NotAllowed):
        async with stage.database.write() as session:
            await transfer(session, firm.number, wang, "loan_officer", "", dialogue=DIALOGUE)
    async with stage.database.write() as session:
        await transfer(session, firm.number, lead, lead.id, "", dialogue=DIALOGUE)
    assert await stage.owner_and_mode(firm) == (lead.id, "submitted", "human", lead.id)
