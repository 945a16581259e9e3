"""Who is let in, what is stored before it is acknowledged, and what a repeat does."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from app_fakes import FakeEngine
from fake_bot_api import ACCOUNT, FakeBotApi, Refusal
from sqlalchemy import func, select, text
from telegram_person import CHAT, WEBHOOK_SECRET, Bot, Start, both_databases, message, press

from bot.cases.models import Door, Message, Outbox
from bot.channels.telegram.routes import HEADER
from bot.channels.telegram.running import KINDS, PATH
from bot.settings import Settings, SettingsError

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize("secret", ["", "wrong", WEBHOOK_SECRET[:-1], WEBHOOK_SECRET + "x", "错", None])
async def test_only_who_knows_the_secret_is_let_in(bot: Bot, secret: str | None) -> None:
    headers = {} if secret is None else {HEADER.encode(): secret.encode()}
    response = await bot.client.post(PATH, json=message(text="你好"), headers=headers)
    assert (response.status_code, response.content) == (403, b"")
    async with bot.services.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Door)) == 0


async def test_a_thousand_altered_secrets_are_refused(bot: Bot) -> None:
    signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    statuses = set()
    for _ in range(1_000):
        place = random.randrange(len(WEBHOOK_SECRET) + 1)
        cut = random.randrange(2)
        altered = WEBHOOK_SECRET[:place] + random.choice(signs) + WEBHOOK_SECRET[place + cut :]
        if altered == WEBHOOK_SECRET:
            continue
        response = await bot.client.post(PATH, json=message(text="你好"), headers={HEADER: altered})
        statuses.add(response.status_code)
    assert statuses == {403}


async def test_without_a_secret_nobody_is_let_in(start: Start, api: FakeBotApi) -> None:
    async with start({"TELEGRAM_SECRET": None}) as bot:
        for given in ("", WEBHOOK_SECRET):
            response = await bot.client.post(PATH, json=message(text="你好"), headers={HEADER: given})
            assert response.status_code == 403
        await api.until_asked("setMyCommands")
    assert api.webhook is None


async def test_the_webhook_is_registered_with_its_secret(bot: Bot) -> None:
    given = bot.api.webhook
    assert given is not None
    assert given["url"] == f"https://peipao.example{PATH}"
    assert given["secret_token"] == WEBHOOK_SECRET
    assert given["max_connections"] == "1"
    assert all(kind in given["allowed_updates"] for kind in KINDS)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"update_id": "1"}', b'{"update_id": true}', b"\xff\xfe", b"{}"]
)
async def test_what_is_no_update_is_refused(bot: Bot, body: bytes) -> None:
    response = await bot.client.post(PATH, content=body, headers={HEADER: WEBHOOK_SECRET})
    assert response.status_code == 400


@both_databases
async def test_a_message_three_times_at_once_is_one_turn_and_one_answer(bot: Bot, engine: FakeEngine) -> None:
    update = message(text="想贷300万")
    responses = await asyncio.gather(*(bot.deliver(update) for _ in range(3)))
    assert [response.status_code for response in responses] == [200, 200, 200]
    await bot.said(2)
    await bot.deliver(update)
    await bot.say("然后呢")
    assert (await bot.said(3))[2] == "收到：然后呢"
    assert engine.heard == ["想贷300万", "然后呢"]
    assert len(bot.api.shown[CHAT]) == 3


@pytest.mark.parametrize(
    "content",
    [
        {"text": "/start"},
        {"text": "转人工"},
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "执照"},
        {"document": {"file_id": "f", "file_unique_id": "u"}},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}},
        {"location": {"latitude": 29.5, "longitude": 106.4}},
        {"dice": {"emoji": "🎲", "value": 3}},
    ],
    ids=["start", "human", "photo", "document", "voice", "location", "dice"],
)
async def test_every_kind_three_times_at_once_is_one_turn(bot: Bot, content: dict[str, Any]) -> None:
    update = message(**content)
    await asyncio.gather(*(bot.deliver(update) for _ in range(3)))
    await bot.deliver(update)
    # The answer and the notice; then the next turn, with nothing between.
    before = len(await bot.said(2))
    await bot.say("接着说")
    assert (await bot.said(before + 1))[before:] == ["收到：接着说"]
    async with bot.services.database.read() as session:
        stored = await session.scalar(select(func.count()).where(Message.author == "firm"))
    assert (before, stored) == (2, 2)


@both_databases
async def test_a_press_three_times_at_once_is_one_turn_and_one_answer(bot: Bot, engine: FakeEngine) -> None:
    await bot.say("你好")
    shown = await bot.api.until_shown(CHAT, 2)
    update = press(shown[0]["buttons"][0])
    await asyncio.gather(*(bot.deliver(update) for _ in range(3)))
    await bot.api.until_asked("answerCallbackQuery", 3)
    await bot.say("还在吗")
    texts = await bot.said(4)
    assert sum("编号" in text for text in texts) == 1
    assert len(engine.calls) == 3


async def test_a_repeat_after_a_restart_is_known(start: Start, api: FakeBotApi, engine: FakeEngine) -> None:
    update = message(text="想贷300万")
    async with start() as bot:
        await bot.deliver(update)
        await bot.said(2)
    async with start() as bot:
        await bot.deliver(update)
        await bot.say("新的")
        await bot.said(3)
    assert engine.heard == ["想贷300万", "新的"]


async def test_what_cannot_be_stored_is_not_acknowledged(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    update = message(text="想贷300万")

    async def broken(*_args: Any, **_named: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(bot.services.conversations, "accept", broken)
        assert (await bot.deliver(update)).status_code == 500
    assert (await bot.deliver(update)).status_code == 200
    assert (await bot.said(1))[0] == "收到：想贷300万"


async def test_polling_brings_each_update_once(start: Start, api: FakeBotApi, engine: FakeEngine) -> None:
    async with start({"TELEGRAM_PUBLIC_URL": None}) as bot:
        await api.until_asked("deleteWebhook")
        first, second = message(text="第一句"), message(text="第二句")
        await api.push(first, second, first)
        texts = await bot.said(3)
        asked = await api.until_asked("getUpdates", 2)
    assert [text for text in texts if "告知" not in text] == ["收到：第一句", "收到：第二句"]
    assert engine.heard == ["第一句", "第二句"]
    assert max(int(given.get("offset", 0)) for given in asked) == second["update_id"] + 1


async def test_polling_goes_on_where_an_update_could_not_be_stored(
    start: Start, api: FakeBotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start({"TELEGRAM_PUBLIC_URL": None}) as bot:
        accept, failures = bot.services.conversations.accept, [OSError("disk full")]

        async def broken_once(*args: Any) -> Any:
            if failures:
                raise failures.pop()
            return await accept(*args)

        monkeypatch.setattr(bot.services.conversations, "accept", broken_once)
        await api.push(message(text="第一句"), message(text="第二句"))
        texts = await bot.said(3)
    assert [text for text in texts if "告知" not in text] == ["收到：第一句", "收到：第二句"]


async def test_the_service_starts_where_the_platform_cannot_be_reached(start: Start, api: FakeBotApi) -> None:
    api.unreachable = 1
    async with start() as bot:
        assert (await bot.client.get("/healthz")).status_code == 200
        await api.until_asked("setWebhook")


async def test_429_is_waited_for_as_long_as_the_platform_says(bot: Bot) -> None:
    bot.api.refusals.append(Refusal(429, "Too Many Requests: retry after 1", after=1))
    await bot.say("你好")
    await bot.api.until_asked("sendMessage", 1)
    texts = await bot.said(2)
    assert texts[0] == "收到：你好"
    calls = [given["text"] for name, given in bot.api.calls if name == "sendMessage"]
    assert calls[:2] == ["收到：你好", "收到：你好"]
    async with bot.services.database.read() as session:
        row = await session.scalar(select(Outbox).order_by(Outbox.id).limit(1))
    assert row is not None
    assert (row.status, row.attempts, row.platform_id) == ("sent", 2, "1")


async def test_an_error_of_the_platform_is_tried_again(bot: Bot) -> None:
    bot.api.refusals.append(Refusal(500, "Internal Server Error"))
    await bot.say("你好")
    assert (await bot.said(2))[0] == "收到：你好"


@both_databases
async def test_the_chat_is_kept_sealed(bot: Bot) -> None:
    await bot.say("你好")
    await bot.said(1)
    async with bot.services.database.read() as session:
        door = await session.scalar(select(Door))
        stored = await session.scalar(text("SELECT address FROM door"))
    assert door is not None
    assert (door.channel, door.account, door.address) == ("telegram", ACCOUNT, str(CHAT))
    assert str(CHAT).encode() not in bytes(stored)


async def test_a_token_of_another_form_stops_the_start_without_being_told(start: Start) -> None:
    with pytest.raises(SettingsError) as caught:
        async with start({"TELEGRAM_TOKEN": "my-secret-words"}):
            pass
    assert "PEIPAO_TELEGRAM_TOKEN" in str(caught.value)
    assert "my-secret-words" not in str(caught.value)


async def test_without_a_token_there_is_no_telegram(
    start: Start, api: FakeBotApi, settings: Settings
) -> None:
    async with start({"TELEGRAM_TOKEN": None}) as bot:
        response = await bot.client.post(PATH, json=message(text="你好"), headers={HEADER: WEBHOOK_SECRET})
        assert response.status_code != 200
        assert "telegram" not in bot.services.channels
    assert api.calls == []


async def test_stored_words_are_the_messages_of_one_account(bot: Bot) -> None:
    update = message(text="想贷300万")
    await bot.deliver(update)
    await bot.said(1)
    async with bot.services.database.read() as session:
        row = await session.scalar(select(Message).where(Message.author == "firm"))
    assert row is not None
    assert (row.channel, row.account, row.platform_id) == ("telegram", ACCOUNT, str(update["update_id"]))
