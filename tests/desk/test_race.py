"""Twenty officers and two hundred waiting cases on real connections; the bot that comes too late."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from app_fakes import FakeEngine
from app_harness import Client, Running
from case_stage import DIALOGUE, Stage
from sqlalchemy import func, select

from bot.cases.audit import first_broken
from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.database import Database
from bot.cases.models import Conversation, Message
from bot.cases.officers import add_officer
from bot.conversation.handling import CaseTaken, Stale, assign, claim, hand_back, write

OFFICERS, CASES = 20, 200


@pytest.mark.slow
async def test_each_of_many_waiting_cases_gets_one_owner(stage: Stage) -> None:
    """Every officer tries every case, each in an order of their own, over a connection pool of their own."""
    officers = [await stage.officer(f"o{n:02d}", title=f"{n}号专员") for n in range(OFFICERS)]
    numbers = [(await stage.firm()).number for _ in range(CASES)]
    assert len(set(numbers)) == CASES
    won: dict[str, int] = {}
    losers: list[tuple[str, int, str]] = []

    async def works(officer: Officer) -> None:
        own = Database(stage.database.url, stage.database.sealer)
        order = random.sample(numbers, len(numbers))
        try:
            for number in order:
                try:
                    async with own.write() as session:
                        await claim(session, number, officer)
                    assert number not in won, "two were told that they won"
                    won[number] = officer.id
                except CaseTaken as taken:
                    losers.append((number, officer.id, taken.owner))
        finally:
            await own.close()

    await asyncio.gather(*(works(officer) for officer in officers))

    titles = {officer.id: officer.title for officer in officers}
    async with stage.database.read() as session:
        rows = await session.execute(select(Case.number, Case.owner_id, Case.status, Case.version))
        cases = {row[0]: (row[1], row[2], row[3]) for row in rows}
        claims = await session.execute(
            select(Case.number, func.count())
            .join(CaseEvent, CaseEvent.case_id == Case.id)
            .where(CaseEvent.kind == "claimed")
            .group_by(Case.number)
        )
        talks = Counter(await session.scalars(select(Conversation.mode)))
        assert await first_broken(session) is None
        assert Counter(row[1] for row in claims) == {1: CASES}
    assert cases == {number: (won[number], "claimed", 2) for number in numbers}
    assert talks == {"human": CASES}
    assert len(losers) == CASES * (OFFICERS - 1)
    for number, loser, owner in losers:
        assert owner == titles[won[number]]
        assert loser != won[number]
    # The race was one: nobody got everything.
    assert len(set(won.values())) > 1


async def test_claims_and_assignments_meet(stage: Stage) -> None:
    officers = [await stage.officer(f"o{n}", title=f"{n}号专员") for n in range(4)]
    lead = await stage.officer("lead", "lead")
    firms = [await stage.firm() for _ in range(20)]
    outcome: dict[str, list[int]] = {firm.number: [] for firm in firms}

    async def claims(number: str, officer: Officer) -> None:
        try:
            async with stage.database.write() as session:
                await claim(session, number, officer)
            outcome[number].append(officer.id)
        except CaseTaken:
            pass

    async def assigns(number: str, to: Officer) -> None:
        try:
            async with stage.database.write() as session:
                await assign(session, number, lead, to.id, 1)
            outcome[number].append(to.id)
        except (CaseTaken, Stale):
            pass

    attempts = [claims(firm.number, officer) for firm in firms for officer in officers[:3]]
    attempts += [assigns(firm.number, officers[3]) for firm in firms]
    random.shuffle(attempts)
    await asyncio.gather(*attempts)
    for firm in firms:
        assert outcome[firm.number] == [(await stage.case(firm)).owner_id]


async def test_numbers_stay_unique_when_many_hand_over_at_once(running: Running, client: Client) -> None:
    async def asks() -> str:
        session = (await client.say(None, "想贷300万"))["session"]
        number: str = (await client.say(session, payload="human"))["state"]["case"]["number"]
        return number

    numbers = await asyncio.gather(*(asks() for _ in range(25)))
    assert sorted(number[-4:] for number in numbers) == [f"{n:04d}" for n in range(1, 26)]


@pytest.mark.parametrize("handed_back", [False, True], ids=["claimed", "claimed and handed back"])
async def test_a_bot_answer_computed_before_a_claim_never_arrives_after_it(
    running: Running, client: Client, engine: FakeEngine, handed_back: bool
) -> None:
    """The engine thinks while an officer claims; whatever it says then, the firm must not get it."""
    session = (await client.say(None, "想贷300万"))["session"]
    number = (await client.say(session, payload="human"))["state"]["case"]["number"]
    async with running.database.write() as database_session:
        officer = await add_officer(database_session, "wang", "correct horse", title="王专员")
    calls = len(engine.calls)
    engine.gate.clear()
    engine.arrived.clear()
    slow = asyncio.create_task(client.say(session, "利率多少？"))
    await engine.arrived.wait()
    async with running.database.write() as database_session:
        await claim(database_session, number, officer)
    if handed_back:
        async with running.database.write() as database_session:
            await hand_back(database_session, number, officer, "助手来答", dialogue=DIALOGUE)
    engine.gate.set()
    answer = await slow
    shown = (await client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
    texts = [message["text"] for message in shown["messages"]]
    if handed_back:
        # It was asked anew, after the bot had the talk again: one answer, and not the old one.
        assert len(engine.calls) == calls + 2
        assert engine.calls[-1]["context"]["mode"] == "bot"
        assert texts.count("收到：利率多少？") == 1
    else:
        assert answer["replies"] == []
        assert "收到：利率多少？" not in texts
        assert len(engine.calls) == calls + 1


async def test_the_engine_is_not_called_while_a_human_has_it(
    running: Running, client: Client, engine: FakeEngine
) -> None:
    session = (await client.say(None, "想贷300万"))["session"]
    number = (await client.say(session, payload="human"))["state"]["case"]["number"]
    async with running.database.write() as database_session:
        officer = await add_officer(database_session, "wang", "correct horse", title="王专员")
        version = (await claim(database_session, number, officer)).version
    before = len(engine.calls)
    for words in ("去年营收1500万", "在吗", "转人工"):
        assert (await client.say(session, words))["replies"] == []
    await client.say(session, payload="human")
    assert len(engine.calls) == before
    with pytest.raises(Stale):
        async with running.database.write() as database_session:
            await write(database_session, number, officer, version - 1, "过时的页面")
    async with running.database.write() as database_session:
        await hand_back(database_session, number, officer, "助手来答", dialogue=DIALOGUE)
    running.services.sender.ring()
    answered = await client.say(session, "接着说")
    assert answered["replies"][0]["text"] == "收到：接着说"
    # The turn was given the state that knows what was said to the officer.
    heard = engine.calls[-1]["state"]["heard"]
    assert [words for words in heard if words][-3:] == ["去年营收1500万", "在吗", "转人工"]
    async with running.database.read() as database_session:
        stale = await database_session.scalars(select(Message).where(Message.author == "officer"))
        assert list(stale) == []


async def test_a_firm_that_asks_again_calls_its_officer_back(
    running: Running, client: Client, engine: FakeEngine
) -> None:
    session = (await client.say(None, "想贷300万"))["session"]
    number = (await client.say(session, payload="human"))["state"]["case"]["number"]
    async with running.database.write() as database_session:
        officer = await add_officer(database_session, "wang", "correct horse", title="王专员")
        await claim(database_session, number, officer)
    async with running.database.write() as database_session:
        await hand_back(database_session, number, officer, "助手来答", dialogue=DIALOGUE)
    again = await client.say(session, payload="human")
    assert again["state"]["mode"] == "waiting"
    assert again["state"]["case"] == {"number": number, "status": "claimed"}
    assert again["replies"][-1]["text"].startswith(f"好的，已请王专员回来接着和您谈，办件还是 {number}")
    stage = Stage(running.database, lambda: None)  # type: ignore[arg-type]
    assert (await stage.events(f"desk:{officer.id}"))[-1][0] == "wanted"
    async with running.database.write() as database_session:
        await claim(database_session, number, officer)
    assert (await client.say(session, "谢谢"))["state"]["mode"] == "human"
