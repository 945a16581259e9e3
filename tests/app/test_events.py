"""Server-sent events: what a page gets after it has been away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import msgspec
import pytest
from app_harness import Client, Running

from bot.conversation import events
from bot.web.chat import MAX_LISTENERS, server_sent

Got = tuple[int, str, dict[str, object]]


async def put(running: Running, stream: str, number: int) -> None:
    async with running.database.write() as session:
        await events.append(session, stream, "message", {"n": number})
    running.services.broker.ring(stream)


@asynccontextmanager
async def listening(client: Client, session: str, after: str | None) -> AsyncIterator[AsyncIterator[Got]]:
    headers = {"X-Peipao-Session": session} | ({} if after is None else {"Last-Event-ID": after})
    async with client.stream("GET", "/api/v1/chat/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield read(response)


async def read(response: httpx.Response) -> AsyncIterator[Got]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "id" in fields:
            yield int(fields["id"]), fields["event"], msgspec.json.decode(fields["data"])
            fields = {}


async def stream_of(running: Running, session: str) -> str:
    door = await running.services.conversations.find(session)
    assert door is not None
    return events.talk(door.conversation_id)


async def test_after_any_disconnect_a_page_gets_exactly_what_it_missed(running: Running) -> None:
    session = (await running.client.say(None, "你好"))["session"]
    stream = await stream_of(running, session)
    total = 40
    writer = asyncio.create_task(write_many(running, stream, total))
    seen: list[int] = []
    while len(seen) < total:
        stay = random.randint(1, 8)
        async with listening(running.client, session, str(len(seen)) if seen else None) as found:
            async for number, kind, data in found:
                assert (number, kind) == (len(seen) + 1, "message")
                seen.append(int(str(data["n"])))
                stay -= 1
                if not stay or len(seen) == total:
                    break
    await writer
    assert seen == list(range(total))


async def write_many(running: Running, stream: str, total: int) -> None:
    for number in range(total):
        await put(running, stream, number)


async def test_a_silent_stream_says_nothing_a_page_would_take_for_a_message(running: Running) -> None:
    session = (await running.client.say(None, "你好"))["session"]
    stream = await stream_of(running, session)
    found = server_sent(running.services, stream, 0, beat_s=0.01)
    lines = (await anext(found)).encode() + (await anext(found)).encode()
    await found.aclose()
    assert b"retry: 2000" in lines
    assert b": still here" in lines
    assert b"data:" not in lines


async def test_events_of_one_firm_never_reach_another(running: Running) -> None:
    mine = (await running.client.say(None, "甲"))["session"]
    other = (await running.client.say(None, "乙"))["session"]
    await put(running, await stream_of(running, other), 1)
    await put(running, await stream_of(running, mine), 2)
    async with listening(running.client, mine, None) as found:
        assert (await anext(found))[2] == {"n": 2}


@pytest.mark.parametrize("bad", ["abc", "-1", "1.5", "9" * 30, "１２"])
async def test_a_last_event_id_that_is_no_number_is_refused(client: Client, bad: str) -> None:
    session = (await client.say(None, "你好"))["session"]
    response = await client.get(
        "/api/v1/chat/events",
        headers=[(b"X-Peipao-Session", session.encode()), (b"Last-Event-ID", bad.encode())],
    )
    assert response.status_code == 400
    assert "Last-Event-ID" in response.json()["error"]


async def test_the_session_is_never_taken_from_the_address(running: Running) -> None:
    session = (await running.client.say(None, "你好"))["session"]
    running.client.cookies.clear()
    response = await running.client.get("/api/v1/chat/events", params={"session": session})
    assert response.status_code == 404


async def test_one_session_cannot_hold_every_connection(running: Running) -> None:
    session = (await running.client.say(None, "你好"))["session"]
    stream = await stream_of(running, session)
    with (
        running.services.broker.listen(stream),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(running.services.broker, "listeners", lambda _: MAX_LISTENERS)
        response = await running.client.get("/api/v1/chat/events", headers={"X-Peipao-Session": session})
    assert response.status_code == 429


async def test_numbers_have_no_gaps_when_a_transaction_fails(running: Running) -> None:
    async with running.database.write() as session:
        assert await events.append(session, "talk:x", "message", {}) == 1
        await session.rollback()
    async with running.database.write() as session:
        assert await events.append(session, "talk:x", "message", {}) == 1
