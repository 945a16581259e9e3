"""From the bot to a person: cases, numbers, who answers, and what the firm is told."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from app_fakes import FakeEngine, answer
from app_harness import Client, Running
from sqlalchemy import select

from bot.cases.case_models import Case, CaseEvent, Officer
from bot.cases.clock import add_working_days, local_day, now
from bot.cases.models import Message, Outbox
from bot.cases.officers import add_officer
from bot.conversation import events
from bot.conversation.handling import CaseTaken, Stale, claim, write
from bot.desk.case_file import read_case
from bot.desk.queries import list_cases


@pytest.fixture
async def officer(running: Running) -> Officer:
    async with running.database.write() as session:
        return await add_officer(session, "wang", "correct horse", title="王专员")


async def the_case(running: Running) -> Case:
    async with running.database.read() as session:
        case = await session.scalar(select(Case))
    assert case is not None
    return case


async def ask_for_a_human(client: Client) -> tuple[str, str]:
    """(session, case number)"""
    session = (await client.say(None, "做芯片的，想贷300万"))["session"]
    handed = await client.say(session, payload="human")
    return session, handed["state"]["case"]["number"]


async def test_the_firm_gets_number_and_aims_and_the_desk_a_brief(
    running: Running, client: Client, officer: Officer
) -> None:
    session, number = await ask_for_a_human(client)
    today = local_day(now())
    assert number == f"KC{today:%Y%m%d}-0001"
    shown = (await client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
    first, opinion = add_working_days(today, 1), add_working_days(today, 7)
    assert shown["messages"][-1]["text"].startswith(
        f"编号 {number}，争取 {first.day} 前回复，{opinion.day} 前给意见。"
    )
    assert shown["state"]["mode"] == "waiting"

    async with running.database.write() as database_session:
        listed = await list_cases(database_session, officer, "queue")
        file = await read_case(database_session, officer, number, now())
    assert [(case.number, owner) for case, owner in listed] == [(number, "")]
    assert file is not None
    assert file.case.brief["need"].startswith("做芯片的，想贷300万")
    assert (file.case.team, file.case.catalog_version) == ("loan_officer", "test-1")
    assert [message.author for message in file.talk.messages if message.kind != "notice"] == [
        "firm", "bot", "firm", "bot",
    ]  # fmt: skip
    # In working time it is held out to the officer at once.
    assert [event.kind for event in file.events if event.kind != "offered"] == ["opened"]
    assert {delivery.status for delivery in file.talk.delivery.values()} == {"sent"}


async def test_while_waiting_the_bot_helps_and_the_words_join_the_case(
    running: Running, client: Client, engine: FakeEngine
) -> None:
    session, number = await ask_for_a_human(client)
    more = await client.say(session, "补充：有6项专利")
    assert more["replies"][0]["text"] == "收到：补充：有6项专利"
    assert more["state"]["case"] == {"number": number, "status": "queued"}
    told = engine.calls[-1]["context"]["case"]
    assert (told["number"], told["status"]) == (number, "queued")
    assert "补充：有6项专利" in (await the_case(running)).brief["need"]


async def test_asking_twice_makes_one_case(running: Running, client: Client) -> None:
    session, number = await ask_for_a_human(client)
    again = await client.say(session, payload="human")
    assert again["state"]["case"]["number"] == number
    assert number in again["replies"][-1]["text"]
    async with running.database.read() as database_session:
        assert len(list(await database_session.scalars(select(Case)))) == 1


async def test_case_numbers_are_unique_when_many_ask_at_once(running: Running, client: Client) -> None:
    found = await asyncio.gather(*(ask_for_a_human(client) for _ in range(12)))
    numbers = sorted(number for _, number in found)
    assert [number[-4:] for number in numbers] == [f"{n:04d}" for n in range(1, 13)]


async def test_a_claim_silences_the_bot(
    running: Running, client: Client, engine: FakeEngine, officer: Officer
) -> None:
    session, number = await ask_for_a_human(client)
    async with running.database.write() as database_session:
        await claim(database_session, number, officer)
    asked = len(engine.calls)
    answer = await client.say(session, "您好？")
    assert answer["replies"] == []
    assert answer["state"]["mode"] == "human"
    assert len(engine.calls) == asked


async def test_an_answer_computed_before_a_claim_never_arrives(
    running: Running, client: Client, engine: FakeEngine, officer: Officer
) -> None:
    session, number = await ask_for_a_human(client)
    engine.gate.clear()
    engine.arrived.clear()
    slow = asyncio.create_task(client.say(session, "利率多少？"))
    await engine.arrived.wait()
    async with running.database.write() as database_session:
        await claim(database_session, number, officer)
    engine.gate.set()
    answer = await slow
    assert answer["replies"] == []
    assert answer["state"]["mode"] == "human"
    shown = (await client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
    assert "收到：利率多少？" not in [message["text"] for message in shown["messages"]]


async def test_a_bot_answer_left_in_the_outbox_is_dropped_after_a_claim(
    running: Running, client: Client, officer: Officer
) -> None:
    session, number = await ask_for_a_human(client)
    door = await running.services.conversations.find(session)
    assert door is not None
    async with running.database.write() as database_session:
        words = Message(
            conversation_id=door.conversation_id, seq=99, door_id=door.id, author="bot", channel="web",
            account="", kind="text", body={"text": "太晚了"}, status="done", attempts=0, created_at=now(),
        )  # fmt: skip
        database_session.add(words)
        await database_session.flush()
        await claim(database_session, number, officer)
        row = Outbox(
            conversation_id=door.conversation_id, message_id=words.id, door_id=door.id, channel="web",
            route_version=2, status="queued", attempts=0, next_try_at=now(),
        )  # fmt: skip
        database_session.add(row)
    # What is before it in the talk goes first.
    while await running.services.sender.send_due():
        pass
    async with running.database.read() as database_session:
        kept = await database_session.get_one(Outbox, row.id)
    assert kept.status == "dropped"


async def test_only_one_of_many_claims_wins(running: Running, client: Client, officer: Officer) -> None:
    _, number = await ask_for_a_human(client)
    async with running.database.write() as session:
        others = [await add_officer(session, f"officer{n}", "password9", title=f"{n}号") for n in range(6)]

    async def attempt(one: Officer) -> str:
        try:
            async with running.database.write() as session:
                await claim(session, number, one)
        except CaseTaken as taken:
            return taken.owner
        return "won"

    results = await asyncio.gather(*(attempt(one) for one in [officer, *others]))
    assert results.count("won") == 1
    winner = ([officer, *others][results.index("won")]).title
    assert {result for result in results if result != "won"} == {winner}
    async with running.database.read() as session:
        kinds = list(await session.scalars(select(CaseEvent.kind).order_by(CaseEvent.id)))
    assert [kind for kind in kinds if kind != "offered"] == ["opened", "claimed"]


async def test_an_officer_writes_only_into_what_the_page_shows(
    running: Running, client: Client, officer: Officer
) -> None:
    session, number = await ask_for_a_human(client)
    async with running.database.write() as database_session:
        claimed = await claim(database_session, number, officer)
    with pytest.raises(Stale):
        async with running.database.write() as database_session:
            await write(database_session, number, officer, claimed.version - 1, "过时的页面")
    async with running.database.write() as database_session:
        await write(database_session, number, officer, claimed.version, "您好，我是王专员")
    while await running.services.sender.send_due():
        pass
    door = await running.services.conversations.find(session)
    assert door is not None
    stream = events.talk(door.conversation_id)
    found = events.follow(running.database, running.services.broker, stream, 0)
    kinds = [(await anext(found)), (await anext(found)), (await anext(found)), (await anext(found))]
    await found.aclose()
    assert [event.kind for event in kinds if event] == ["status", "status", "message", "message"]
    assert kinds[2] is not None
    assert kinds[3] is not None
    assert (kinds[2].data["author"], kinds[2].data["text"][:6]) == ("system", "王专员已接手")
    assert (kinds[3].data["author"], kinds[3].data["name"], kinds[3].data["text"]) == (
        "officer", "王专员", "您好，我是王专员",
    )  # fmt: skip


async def test_the_engine_may_hand_over_with_words_of_its_own(client: Client, engine: FakeEngine) -> None:
    def think(body: dict[str, object]) -> dict[str, object]:
        handed = answer({**body, "text": "转人工"})
        return {**handed, "replies": [{"text": "这个要专员看。"}]}

    engine.think = think
    result = await client.say(None, "帮我看看")
    assert [reply["text"][:3] for reply in result["replies"]] == ["这个要", "编号 "]
    assert result["state"]["mode"] == "waiting"


def test_aims_over_a_long_holiday_count_make_up_days() -> None:
    # 2026-10-01 to 10-07 is a holiday, 2026-10-10 (Saturday) is worked.
    assert add_working_days(date(2026, 9, 30), 3).day == date(2026, 10, 10)
    assert add_working_days(date(2026, 9, 30), 3).day - date(2026, 9, 30) == timedelta(days=10)
