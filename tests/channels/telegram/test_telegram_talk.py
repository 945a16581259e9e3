"""A talk over Telegram: words, buttons, long answers, what is not taken, and the notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from app_fakes import FakeEngine
from fake_bot_api import Refusal
from sqlalchemy import func, select
from telegram_person import CHAT, Bot, message, press

from bot.cases.case_models import Case
from bot.cases.firm_models import Attachment, Consent
from bot.cases.models import Message, Outbox

pytestmark = pytest.mark.asyncio


async def test_words_are_answered_with_buttons_and_once_with_the_notice(bot: Bot) -> None:
    await bot.say("想贷300万")
    shown = await bot.api.until_shown(CHAT, 2)
    assert shown[0]["text"] == "收到：想贷300万"
    assert [button["text"] for button in shown[0]["buttons"]] == ["转专员"]
    assert "个人信息告知" in shown[1]["text"]
    assert "Telegram的服务器在境外" in shown[1]["text"]
    await bot.say("还是500万")
    assert (await bot.said(3))[2] == "收到：还是500万"
    # Nothing behind it: the outbox is empty.
    assert len(bot.api.shown[CHAT]) == 3


async def test_nothing_is_taken_for_markup(bot: Bot) -> None:
    words = "*粗* _斜_ [链接](http://x) <b>x</b> `码` \\ &amp;"
    await bot.say(words)
    shown = await bot.api.until_shown(CHAT, 1)
    assert shown[0]["text"] == f"收到：{words}"
    assert shown[0]["parse_mode"] is None


async def test_a_button_is_pressed_and_its_mark_ended(bot: Bot, engine: FakeEngine) -> None:
    await bot.say("你好")
    shown = await bot.api.until_shown(CHAT, 2)
    response = await bot.deliver(press(shown[0]["buttons"][0]))
    assert response.status_code == 200
    assert bot.api.answered == {"q1": ""}
    texts = await bot.said(3)
    assert "编号 KC" in texts[2]
    async with bot.services.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 1
        given = {row.notice for row in await session.scalars(select(Consent))}
    # To call in an officer is an act of consent, to the transfer abroad as well.
    assert given == {"privacy", "abroad"}


async def test_a_button_of_somebody_else_is_nothing(bot: Bot, engine: FakeEngine) -> None:
    await bot.say("你好")
    shown = await bot.api.until_shown(CHAT, 2)
    before = len(engine.calls)
    await bot.deliver(press(shown[0]["buttons"][0], chat=CHAT + 1, query="q2"))
    await bot.deliver(press({"callback_data": "human"}, query="q3"))
    assert bot.api.answered == {
        "q2": "这个按钮已经失效了，请直接打字。",
        "q3": "这个按钮已经失效了，请直接打字。",
    }
    assert len(engine.calls) == before


async def test_a_payload_longer_than_the_platform_allows(bot: Bot, engine: FakeEngine) -> None:
    payload = "set:industry:" + "高端装备与智能制造" * 3
    assert len(payload.encode()) > 64

    def think(body: dict[str, Any]) -> dict[str, Any]:
        replies = [{"text": "哪一行？", "buttons": [{"title": "高端装备", "payload": payload}]}]
        return {"replies": replies, "state": body["state"], "effects": []}

    engine.think = think
    await bot.say("你好")
    shown = await bot.api.until_shown(CHAT, 2)
    await bot.deliver(press(shown[0]["buttons"][0]))
    await bot.said(3)
    async with bot.services.database.read() as session:
        bodies = [one.body for one in await session.scalars(select(Message).where(Message.kind == "payload"))]
    assert bodies == [{"text": "高端装备", "payload": payload}]


async def test_a_long_answer_is_split_at_sentences(
    bot: Bot, engine: FakeEngine, long_answer: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    engine.think = long_answer
    await bot.say("全部说一遍")
    whole = long_answer({"state": {}})["replies"][0]["text"]
    shown = (await bot.api.until_shown(CHAT, 4))[:3]
    assert "".join(one["text"] for one in shown) == whole
    assert all(one["text"].endswith("。") for one in shown)
    assert [len(one["buttons"]) for one in shown] == [0, 0, 2]


async def test_what_was_confirmed_is_not_sent_again(
    bot: Bot, engine: FakeEngine, long_answer: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    engine.think = long_answer
    bot.api.refusals.extend([None, Refusal(429, "Too Many Requests: retry after 1", after=1)])
    await bot.say("全部说一遍")
    shown = await bot.api.until_shown(CHAT, 4)
    whole = long_answer({"state": {}})["replies"][0]["text"]
    assert "".join(one["text"] for one in shown[:3]) == whole
    assert "告知" in shown[3]["text"]


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ({"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}, "不收图片和文件"),
        ({"document": {"file_id": "f", "file_unique_id": "u", "file_name": "身份证.pdf"}}, "不收图片和文件"),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "请打字"),
        ({"location": {"latitude": 29.5, "longitude": 106.4}}, "请打字"),
        ({"contact": {"phone_number": "1", "first_name": "某"}}, "联系人名片"),
        (
            {
                "sticker": {
                    "file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1,
                    "is_animated": False, "is_video": False,
                }
            },
            "表情贴纸",
        ),
    ],
    ids=["photo", "document", "voice", "location", "contact", "sticker"],
)  # fmt: skip
async def test_what_is_no_words_gets_a_friendly_line(
    bot: Bot, engine: FakeEngine, content: dict[str, Any], answer: str
) -> None:
    await bot.deliver(message(**content))
    assert answer in (await bot.said(1))[0]
    assert engine.calls == []
    # Nothing was fetched from the platform, and nothing is kept.
    assert not [name for name, _ in bot.api.calls if name == "getFile"]
    async with bot.services.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Attachment)) == 0


async def test_groups_are_not_answered(bot: Bot, engine: FakeEngine) -> None:
    response = await bot.deliver(message(-100_1234, "supergroup", text="想贷款"))
    assert response.status_code == 200
    await bot.say("你好")
    await bot.said(2)
    assert engine.heard == ["你好"]
    assert list(bot.api.shown) == [CHAT]


async def test_somebody_who_blocked_the_bot(bot: Bot) -> None:
    bot.api.refusals.extend([Refusal(403, "Forbidden: bot was blocked by the user")] * 2)
    await bot.say("你好")
    await bot.api.until_asked("sendMessage", 2)
    await bot.say("再来")
    await bot.said(1)
    async with bot.services.database.read() as session:
        rows = list(await session.scalars(select(Outbox).order_by(Outbox.id)))
    assert [row.status for row in rows[:2]] == ["failed", "failed"]
    assert "停用" in str(rows[0].error)
