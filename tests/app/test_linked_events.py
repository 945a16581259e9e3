"""A page that listens while its door is led elsewhere."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from app_harness import Client, Running

from bot.cases.clock import now
from bot.cases.models import Door
from bot.conversation import doors, events


async def put(running: Running, stream: str, door_id: int, words: str) -> None:
    async with running.database.write() as session:
        await events.append(session, stream, "message", {"text": words, "door": door_id})
    running.services.broker.ring(stream)


async def linked(running: Running) -> tuple[str, str, int]:
    """(session of a page that shows another door's talk, the talk's stream, the other door)"""
    mine = (await running.client.say(None, "甲"))["session"]
    theirs = (await running.client.say(None, "乙"))["session"]
    door, other = [await running.services.conversations.find(one) for one in (mine, theirs)]
    assert door is not None
    assert other is not None
    async with running.database.write() as session:
        row = await session.get_one(Door, door.id)
        row.conversation_id, row.shares_talk = other.conversation_id, True
    return mine, events.talk(other.conversation_id), other.id


async def texts(client: Client, session: str, after: str | None = None) -> list[str]:
    """What an open stream carries until it is ended by the server."""
    headers = {"X-Peipao-Session": session} | ({} if after is None else {"Last-Event-ID": after})
    found: list[str] = []
    async with asyncio.timeout(10), client.stream("GET", "/api/v1/chat/events", headers=headers) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: "):
                body: dict[str, Any] = msgspec.json.decode(line.removeprefix("data: "))
                found.append(body["text"])
                if body["text"] == "最后":
                    break
    return found


@pytest.mark.parametrize("step", ["unlink", "close"])
async def test_a_page_whose_door_left_the_talk_hears_no_more_of_it(running: Running, step: str) -> None:
    session, stream, other = await linked(running)
    await put(running, stream, other, "可以看的")
    hearing = asyncio.create_task(texts(running.client, session))
    while not running.services.broker.listeners(stream):
        await asyncio.sleep(0.01)
    door = await running.services.conversations.find(session)
    assert door is not None
    async with running.database.write() as database_session:
        if step == "unlink":
            assert await doors.unlink(database_session, door.id, now())
        else:
            (await database_session.get_one(Door, door.id)).closed_at = now()
    await put(running, stream, other, "不该看的")
    await put(running, stream, other, "最后")
    assert await hearing in (["可以看的"], [])


async def test_a_place_in_the_talk_before_hides_nothing_of_the_new_one(running: Running) -> None:
    session = (await running.client.say(None, "甲"))["session"]
    door = await running.services.conversations.find(session)
    assert door is not None
    await put(running, events.talk(door.conversation_id), door.id, "最后")
    assert await texts(running.client, session, after="57") == ["最后"]
