"""The chat API: what goes in, what comes out, and what it does with bad input."""

from __future__ import annotations

import asyncio

import pytest
from app_fakes import FakeEngine
from app_harness import Client, Running, Start


async def test_a_new_session_is_opened_and_goes_on(client: Client, engine: FakeEngine) -> None:
    first = await client.say(None, "你好")
    second = await client.say(first["session"], "想贷300万")

    assert first["replies"] == [{"text": "收到：你好", "buttons": [{"title": "转专员", "payload": "human"}]}]
    assert second["state"] == {
        "mode": "bot",
        "asking": None,
        "facts": {"turns": 2},
        "ranking": [],
        "case": None,
        "engine": "up",
    }
    assert second["session"] == first["session"]
    assert engine.calls[1]["state"]["heard"] == ["你好"]
    assert engine.calls[1]["context"] == {"channel": "web", "mode": "bot", "case": None}


async def test_a_left_out_session_comes_from_the_cookie(running: Running) -> None:
    first = await running.client.say(None, "你好")
    set_cookie = await running.client.post("/api/v1/chat", json={"text": "还有"})
    assert set_cookie.json()["session"] == first["session"]
    assert {"HttpOnly", "SameSite=strict"} <= set(set_cookie.headers["set-cookie"].split("; "))


async def test_a_header_carries_the_session_too(client: Client) -> None:
    first = await client.say(None, "你好")
    client.cookies.clear()
    answer = await client.post(
        "/api/v1/chat", json={"text": "还有"}, headers={"X-Peipao-Session": first["session"]}
    )
    assert answer.json()["session"] == first["session"]


@pytest.mark.parametrize("session", ["nobody-has-this-session", "", "短", "../../etc/passwd", "a" * 500])
async def test_an_unknown_session_is_404(client: Client, session: str, engine: FakeEngine) -> None:
    response = await client.post("/api/v1/chat", json={"session": session, "text": "你好"})
    assert response.status_code == 404
    assert response.json() == {"error": "会话不存在或已结束，请重新开始。"}
    assert engine.calls == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"text": 5}',
        b'{"session": null, "text": null}',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": "a", "message_id": ""}',
        b'{"payload": ""}',
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_in_chinese(client: Client, body: bytes) -> None:
    response = await client.post("/api/v1/chat", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert "Traceback" not in response.text
    assert any("一" <= char <= "鿿" for char in response.json()["error"])


async def test_empty_text_is_answered_politely_and_not_sent_on(client: Client, engine: FakeEngine) -> None:
    answer = await client.say(None, " \n\x00​")
    assert answer["replies"][0]["text"].startswith("没有看到文字内容")
    assert engine.calls == []


async def test_a_very_long_text_is_kept_whole_and_answered_politely(
    client: Client, engine: FakeEngine
) -> None:
    words = "我们想贷款。" * 1700
    answer = await client.say(None, words)
    assert "10200个字" in answer["replies"][0]["text"]
    assert answer["replies"][0]["buttons"] == [{"title": "转陪跑专员", "payload": "human"}]
    assert engine.calls == []
    shown = await client.get("/api/v1/chat", headers={"X-Peipao-Session": answer["session"]})
    assert shown.json()["messages"][0]["text"] == words


async def test_beyond_all_limits_nothing_is_read(client: Client) -> None:
    assert (await client.post("/api/v1/chat", json={"text": "长" * 20_001})).status_code == 413
    as_json = {"Content-Type": "application/json"}
    response = await client.post("/api/v1/chat", content=b" " * 300_000, headers=as_json)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "😀🏭🚀 想贷300万",
        "<script>alert(1)</script>",
        "'; DROP TABLE message; --",
        '/inform{"amount_wan": 5}',
        "{{ 7*7 }} ${jndi}",
    ],
)
async def test_strange_text_reaches_the_engine_as_it_is(
    client: Client, engine: FakeEngine, text: str
) -> None:
    answer = await client.say(None, text)
    assert answer["replies"][0]["text"] == f"收到：{text}"
    assert engine.heard == [text]


async def test_control_characters_are_kept_but_not_passed_on(client: Client, engine: FakeEngine) -> None:
    answer = await client.say(None, "贷\x00款\x1b[31m 300‮万\r\n急用")
    assert engine.heard == ["贷款[31m 300万\n急用"]
    shown = await client.get("/api/v1/chat", headers={"X-Peipao-Session": answer["session"]})
    assert shown.json()["messages"][0]["text"] == "贷\x00款\x1b[31m 300‮万\r\n急用"


async def test_the_same_message_twice_is_one_turn(client: Client, engine: FakeEngine) -> None:
    first = await client.say(None, "你好", message_id="m1")
    again = await client.say(first["session"], "你好", message_id="m1")
    await client.say(first["session"], "别的", message_id="m2")
    late = await client.say(first["session"], "完全不同", message_id="m1")
    assert first == again == late
    assert engine.heard == ["你好", "别的"]


async def test_three_times_at_once_is_one_turn(client: Client, engine: FakeEngine) -> None:
    session = (await client.say(None, "你好"))["session"]
    answers = await asyncio.gather(*(client.say(session, "想贷款", message_id="m1") for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]
    assert engine.heard == ["你好", "想贷款"]


async def test_a_message_id_counts_inside_its_own_talk_only(client: Client, engine: FakeEngine) -> None:
    one = await client.say(None, "甲", message_id="1")
    two = await client.say(None, "乙", message_id="1")
    assert (one["replies"][0]["text"], two["replies"][0]["text"]) == ("收到：甲", "收到：乙")


async def test_many_messages_at_once_are_answered_in_order(start: Start, engine: FakeEngine) -> None:
    async with start(settle_ms={"web": 0}) as app:
        client = app.client
        session = (await client.say(None, "开始"))["session"]
        engine.gate.clear()
        engine.arrived.clear()
        first = asyncio.create_task(client.say(session, "一"))
        await engine.arrived.wait()
        second = asyncio.create_task(client.say(session, "二"))
        other = asyncio.create_task(client.say(None, "别家"))
        while len(engine.calls) < 3:
            await asyncio.sleep(0)
        # The other firm is served meanwhile; the second line of the same one waits its turn.
        assert engine.heard == ["开始", "一", "别家"]
        engine.gate.set()
        await asyncio.gather(first, second, other)
        assert engine.heard[3:] == ["二"]
        assert engine.calls[3]["state"]["heard"] == ["开始", "一"]


async def test_a_pressed_button_is_its_own_turn(client: Client, engine: FakeEngine) -> None:
    session = (await client.say(None, "你好"))["session"]
    await client.say(session, payload="set:has_collateral:true")
    assert engine.calls[1]["payload"] == {"intent": "inform"}
    answer = await client.say(session, payload="nonsense:1")
    assert "按钮已经失效" in answer["replies"][0]["text"]
    assert len(engine.calls) == 2


async def test_an_ended_session_is_unknown(client: Client) -> None:
    session = (await client.say(None, "你好"))["session"]
    assert (await client.delete("/api/v1/chat", headers={"X-Peipao-Session": session})).status_code == 204
    for response in (
        await client.post("/api/v1/chat", json={"session": session, "text": "还在吗"}),
        await client.delete("/api/v1/chat", headers={"X-Peipao-Session": session}),
        await client.get("/api/v1/chat/events", headers={"X-Peipao-Session": session}),
    ):
        assert response.status_code == 404


async def test_the_terminal_and_each_kiosk_are_named(running: Running, engine: FakeEngine) -> None:
    headers = {"X-Peipao-Channel": "kiosk", "X-Peipao-Kiosk": "hall-1"}
    await running.client.post("/api/v1/chat", json={"text": "你好"}, headers=headers)
    assert engine.calls[0]["context"]["channel"] == "kiosk"
    wrong = await running.client.post(
        "/api/v1/chat", json={"session": None, "text": "你好"}, headers={"X-Peipao-Channel": "fax"}
    )
    assert wrong.status_code == 400
