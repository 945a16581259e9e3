"""Lines that come in a row: joined, in order, and answered once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from app_fakes import FakeEngine
from app_harness import Running, Start
from sqlalchemy import func, select

from bot.cases.models import Message
from bot.conversation.settling import looks_unfinished

# Far longer than a test may last: what is answered at all was not waited for.
NEVER_MS = 3_600_000
LINES = ["我们做芯片的", "去年营收1500万", "想贷300万"]


async def in_order(app: Running, session: str, lines: list[str], **more: Any) -> list[asyncio.Task[Any]]:
    """Sends lines without waiting for their answers, each when the one before is stored."""
    before = await stored(app)
    sent = []
    for number, line in enumerate(lines, start=1):
        sent.append(asyncio.create_task(app.client.say(session, line, **more)))
        while await stored(app) < before + number:
            await asyncio.sleep(0)
    return sent


async def stored(app: Running) -> int:
    async with app.database.read() as session:
        return await session.scalar(select(func.count()).where(Message.author == "firm")) or 0


async def opened(app: Running, channel: str) -> str:
    answer = await app.client.post(
        "/api/v1/chat", json={"session": None, "text": "你好"}, headers={"X-Peipao-Channel": channel}
    )
    session: str = answer.json()["session"]
    return session


@pytest.mark.parametrize("lines", [LINES, LINES[:2], ["去年营收1500万，", "想贷300万"]])
async def test_a_row_is_one_turn_and_every_call_is_answered(
    start: Start, engine: FakeEngine, lines: list[str]
) -> None:
    # Long enough for a busy machine between two lines.
    async with start(settle_ms={"web": 1500}) as app:
        session = await opened(app, "web")
        answers = [await task for task in await in_order(app, session, lines)]
    assert engine.heard == ["你好", "\n".join(lines)]
    assert [len(answer["replies"]) for answer in answers] == [0] * (len(lines) - 1) + [1]
    # The calls that got no words got the state after the turn.
    assert all(answer["state"] == answers[-1]["state"] for answer in answers)
    assert answers[0]["state"]["facts"] == {"turns": 2}


async def test_a_row_is_joined_without_any_setting(running: Running, engine: FakeEngine) -> None:
    session = await opened(running, "web")
    await asyncio.gather(*await in_order(running, session, LINES))
    assert engine.heard == ["你好", "\n".join(LINES)]


async def test_a_single_line_does_not_wait(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": NEVER_MS}) as app:
        session = await opened(app, "web")
        for line in (
            "想贷300万周转",
            "科创保是什么",
            "转人工",
            "我们是做芯片的,成立三年,去年营收1500万,没抵押",
        ):
            async with asyncio.timeout(30):
                await app.client.say(session, line)
    assert len(engine.calls) == 5


async def test_an_answer_to_a_question_does_not_wait(start: Start, engine: FakeEngine) -> None:
    def ask(body: dict[str, Any]) -> dict[str, Any]:
        return {"replies": [{"text": "去年营收多少？"}], "state": {"asking": "revenue_wan"}, "effects": []}

    engine.think = ask
    async with start(settle_ms={"web": NEVER_MS}) as app, asyncio.timeout(30):
        session = await opened(app, "web")
        await app.client.say(session, "去年1500万")
    assert engine.heard == ["你好", "去年1500万"]


async def test_what_comes_while_a_line_is_being_answered_joins_it(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": 3000}) as app:
        session = await opened(app, "web")
        engine.gate.clear()
        engine.arrived.clear()
        first = await in_order(app, session, ["想贷300万"])
        await engine.arrived.wait()
        second = await in_order(app, session, ["我们做芯片的"])
        engine.gate.set()
        answers = await asyncio.gather(*first, *second)
        # What was computed for the first line alone was not kept.
        assert [len(answer["replies"]) for answer in answers] == [0, 1]
        assert answers[1]["state"]["facts"] == {"turns": 2}
    assert engine.heard == ["你好", "想贷300万", "想贷300万\n我们做芯片的"]


async def test_where_nothing_is_waited_for_what_piles_up_is_one_turn(
    running: Running, engine: FakeEngine
) -> None:
    session = await opened(running, "kiosk")
    engine.gate.clear()
    engine.arrived.clear()
    first = await in_order(running, session, ["想贷300万"])
    await engine.arrived.wait()
    later = await in_order(running, session, ["我们做芯片的", "去年营收1500万"])
    engine.gate.set()
    answers = await asyncio.gather(*first, *later)
    assert engine.heard == ["你好", "想贷300万", "我们做芯片的\n去年营收1500万"]
    assert [len(answer["replies"]) for answer in answers] == [1, 0, 1]


async def test_zero_switches_joining_off(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": 0}) as app:
        session = await opened(app, "web")
        answers = [await task for task in await in_order(app, session, LINES)]
    assert engine.heard == ["你好", *LINES]
    assert [len(answer["replies"]) for answer in answers] == [1, 1, 1]


async def test_a_press_ends_the_row_and_is_its_own_turn(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": NEVER_MS}) as app, asyncio.timeout(30):
        session = await opened(app, "web")
        row = await in_order(app, session, LINES[:2])
        await app.client.say(session, payload="set:has_collateral:true")
        await asyncio.gather(*row)
    assert engine.heard[:2] == ["你好", "\n".join(LINES[:2])]
    assert [call["payload"] for call in engine.calls] == [None, None, {"intent": "inform"}]


async def test_a_row_is_no_longer_than_a_message_may_be(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": 1500}, max_text_chars=14) as app:
        session = await opened(app, "web")
        await asyncio.gather(*await in_order(app, session, LINES))
    assert engine.heard[1:] == ["我们做芯片的", "去年营收1500万", "想贷300万"]


@pytest.mark.parametrize(
    ("text", "asked", "wanted"),
    [
        ("我们做芯片的", False, True),
        ("做芯片的", False, True),
        ("去年营收1500万", False, True),
        ("去年营收1500万", True, False),
        ("去年营收1500万，", True, True),
        ("我们是初创，还有", False, True),
        ("成立三年", False, True),
        ("想贷300万", False, False),
        ("我们想贷款", False, False),
        ("我们符合吗", False, False),
        ("你好", False, False),
        ("谢谢", False, False),
        ("转人工", False, False),
        ("科创保", False, False),
        ("我们公司在高新区。", False, False),
        ("", False, False),
        ("我们是做智能传感器的,成立四年,5项发明专利,去年营收1800万,没抵押", False, False),
    ],
)
def test_which_line_looks_unfinished(text: str, asked: bool, wanted: bool) -> None:
    assert looks_unfinished(text, asked=asked) is wanted
