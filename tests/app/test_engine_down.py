"""When the engine is slow, broken or gone, and when the app itself was killed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from app_fakes import FakeEngine
from app_harness import Client, Running, Start
from sqlalchemy import select, update

from bot.cases.models import Message, Outbox
from bot.conversation import events
from bot.conversation.intake import store
from bot.conversation.wire import Inbound


def break_status(engine: FakeEngine) -> None:
    engine.status = 503


def break_json(engine: FakeEngine) -> None:
    engine.think = lambda body: b"<html>"


def break_shape(engine: FakeEngine) -> None:
    engine.think = lambda body: {"replies": "no list", "state": {}}


def break_outputs(engine: FakeEngine) -> None:
    engine.think = lambda body: b'{"intent": "x", "outputs": []}'


@pytest.mark.parametrize("breaks", [break_status, break_json, break_shape, break_outputs])
async def test_an_engine_that_answers_nonsense_counts_as_down(
    client: Client, engine: FakeEngine, breaks: Any
) -> None:
    breaks(engine)
    answer = await client.say(None, "想贷300万")
    assert answer["replies"][0] == {
        "text": "引擎没有回应",
        "buttons": [{"title": "转专员", "payload": "human"}],
    }
    assert answer["state"]["engine"] == "down"


async def test_a_slow_engine_is_not_waited_for(start: Start, engine: FakeEngine) -> None:
    async with start(engine_timeout_s=0.2) as app:
        engine.gate.clear()
        answer = await app.client.say(None, "想贷300万")
        assert answer["replies"][0]["text"] == "引擎没有回应"
        engine.gate.set()
        # What was written meanwhile is part of the state that the engine gets when it is back.
        again = await app.client.say(answer["session"], "还在吗")
        assert again["state"]["engine"] == "up"
        assert engine.calls[-1]["state"]["heard"] == ["想贷300万"]


async def test_without_an_engine_a_firm_still_reaches_an_officer(start: Start) -> None:
    async with start(engine_url="http://127.0.0.1:9") as app:
        session = (await app.client.say(None, "想贷300万"))["session"]
        handed = await app.client.say(session, payload="human")
        assert handed["state"]["mode"] == "waiting"
        assert handed["state"]["case"]["number"].startswith("KC")
        ready = await app.client.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"engine": False, "database": True})


async def test_what_was_stored_before_a_crash_is_answered_at_the_next_start(
    start: Start, engine: FakeEngine
) -> None:
    async with start() as app:
        session = (await app.client.say(None, "你好"))["session"]
        door = await app.services.conversations.find(session)
        assert door is not None
        # Stored and then killed: nobody kicks the lane.
        await store(app.database, door, Inbound("想贷300万", platform_id=f"{door.id}:m1"))
    async with start() as app:
        stream = events.talk(door.conversation_id)
        follow = events.follow(app.database, app.services.broker, stream, 0)
        event = await anext(follow)
        await follow.aclose()
        assert event is not None
        # The page that waited for this answer finds it by its own message id.
        assert (event.data["text"], event.data["reply_to"]) == ("收到：想贷300万", "m1")
        repeated = await app.client.say(session, "想贷300万", message_id="m1")
        assert repeated["replies"][0]["text"] == "收到：想贷300万"
    assert engine.heard == ["你好", "想贷300万"]


async def test_a_crash_after_the_engine_answered_costs_nothing_but_a_repeat(
    start: Start, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as app:
        session = (await app.client.say(None, "你好"))["session"]

        async def killed(*_: object, **__: object) -> None:
            raise OSError("killed")

        monkeypatch.setattr(app.services.conversations._recorder, "record", killed)
        refused = await app.client.post(
            "/api/v1/chat", json={"session": session, "text": "想贷300万", "message_id": "m1"}
        )
        assert refused.status_code == 503
        assert "已经保存" in refused.json()["error"]
        monkeypatch.undo()
        answer = await app.client.say(session, "想贷300万", message_id="m1")
        assert answer["replies"][0]["text"] == "收到：想贷300万"
        assert answer["state"]["facts"] == {"turns": 2}


async def test_a_message_that_always_fails_does_not_block_those_behind_it(
    start: Start, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as app:
        session = (await app.client.say(None, "你好"))["session"]
        real = app.services.conversations._answerer.compute

        async def compute(turn: Any, today: Any) -> Any:
            if turn.text == "毒药":
                raise RuntimeError("我们的手机号是13800138000")
            return await real(turn, today)

        monkeypatch.setattr(app.services.conversations._answerer, "compute", compute)
        for _ in range(2):
            response = await app.client.post(
                "/api/v1/chat", json={"session": session, "text": "毒药", "message_id": "m1"}
            )
            assert response.status_code == 503
        given_up = await app.client.say(session, "毒药", message_id="m1")
        assert "内容已经保存" in given_up["replies"][0]["text"]
        assert (await app.client.say(session, "还好吗"))["replies"][0]["text"] == "收到：还好吗"


async def test_an_interrupted_send_is_repeated_only_where_that_is_safe(start: Start) -> None:
    async with start() as app:
        session = (await app.client.say(None, "你好"))["session"]
        async with app.database.write() as database_session:
            await database_session.execute(update(Outbox).values(status="sending"))
        async with app.database.write() as database_session:
            row = await database_session.scalar(select(Outbox))
            assert row is not None
            other = Outbox(
                conversation_id=row.conversation_id, message_id=row.message_id, door_id=row.door_id,
                channel="fax", route_version=1, status="sending", attempts=1, next_try_at=row.next_try_at,
            )  # fmt: skip
            database_session.add(other)
    async with start() as app:
        # The answer and behind it the notice: a door's rows go one after the other.
        while await app.services.sender.send_due():
            pass
        async with app.database.read() as database_session:
            found = await database_session.execute(select(Outbox.channel, Outbox.status))
            rows = {row.channel: row.status for row in found}
        assert rows == {"web": "sent", "fax": "unknown"}
        assert session


async def test_two_app_processes_answer_a_message_once(start: Start, engine: FakeEngine) -> None:
    async with start() as one, start() as two:
        session = (await one.client.say(None, "你好"))["session"]
        answers = await asyncio.gather(
            *(app.client.say(session, "想贷款", message_id="m1") for app in (one, two, one, two))
        )
        assert all(answer == answers[0] for answer in answers)
        async with one.database.read() as database_session:
            bot = select(Message).where(Message.author == "bot", Message.kind != "notice")
            replies = list(await database_session.scalars(bot))
        assert len(replies) == 2


async def test_readiness_follows_the_engine(running: Running, engine: FakeEngine) -> None:
    assert (await running.client.get("/healthz")).json() == {"status": "ok"}
    assert (await running.client.get("/readyz")).status_code == 200
    engine.ready = False
    assert (await running.client.get("/readyz")).json() == {"engine": False, "database": True}
