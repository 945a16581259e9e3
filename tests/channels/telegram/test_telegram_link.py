"""A talk that began at the kiosk goes on in Telegram, by a code that works once."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from app_fakes import FakeEngine
from fake_bot_api import USERNAME
from sqlalchemy import select, update
from telegram_person import CHAT, Bot, both_databases, message, press

from bot.cases.clock import now
from bot.cases.firm_models import OneTimeCode
from bot.cases.models import Conversation, Door

pytestmark = [pytest.mark.asyncio, both_databases]
KIOSK = {"X-Peipao-Channel": "kiosk", "X-Peipao-Kiosk": "k1"}


async def at_the_kiosk(bot: Bot, words: str, session: str | None = None) -> tuple[str, dict[str, Any]]:
    response = await bot.client.post("/api/v1/chat", json={"session": session, "text": words}, headers=KIOSK)
    assert response.status_code == 200, response.text
    # A session is carried by hand here, as the kiosk's page does.
    bot.client.cookies.clear()
    answer: dict[str, Any] = response.json()
    return answer["session"], answer


async def take_along(bot: Bot, session: str) -> dict[str, Any]:
    response = await bot.client.post("/api/v1/chat/link", headers={"X-Peipao-Session": session})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def code_of(link: dict[str, Any]) -> str:
    """The code in the address that the QR code holds."""
    way = next(way for way in link["ways"] if way["channel"] == "telegram")
    found = re.fullmatch(rf"https://t\.me/{USERNAME}\?start=([A-Za-z0-9_-]{{1,64}})", way["address"])
    assert found is not None
    return found[1]


async def test_the_talk_goes_on_with_everything_it_had(bot: Bot, engine: FakeEngine) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    code = code_of(await take_along(bot, session))
    await bot.say(f"/start {code}")
    texts = await bot.said(2)
    assert "已接上您在自助机的对话" in texts[0]
    await bot.say("想贷300万")
    await bot.api.until_shown(CHAT, 4)
    # The same state, so the same talk.
    assert engine.calls[-1]["state"]["heard"][0] == "我们做芯片"


async def test_the_code_says_nothing_of_the_firm_and_is_kept_as_a_hash(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    link = await take_along(bot, session)
    code = code_of(link)
    assert re.fullmatch(r"[2-9A-HJ-KM-NP-TV-Z]{12}", code)
    assert link["code"].replace("-", "") == code
    way = link["ways"][0]
    assert way["title"] == "Telegram"
    assert len(way["qr"]) == len(way["qr"][0]) >= 21 + 8
    async with bot.services.database.read() as database_session:
        row = await database_session.scalar(select(OneTimeCode))
    assert row is not None
    assert row.code_hash != code
    assert row.expires_at - row.created_at == timedelta(minutes=10)


async def test_a_wiped_kiosk_does_not_end_what_was_taken_along(bot: Bot, engine: FakeEngine) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    code = code_of(await take_along(bot, session))
    gone = await bot.client.delete("/api/v1/chat", headers={"X-Peipao-Session": session})
    assert gone.status_code == 204
    await bot.say(f"/start {code}")
    await bot.said(2)
    # The kiosk's own session stays unknown.
    again = await bot.client.get("/api/v1/chat", headers={"X-Peipao-Session": session})
    assert again.status_code == 404
    await bot.say("想贷300万")
    await bot.api.until_shown(CHAT, 4)
    assert engine.calls[-1]["state"]["heard"][0] == "我们做芯片"


async def test_wiped_after_the_scan_the_talk_goes_on(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    await bot.said(2)
    await bot.client.delete("/api/v1/chat", headers={"X-Peipao-Session": session})
    async with bot.services.database.read() as database_session:
        ended = list(await database_session.scalars(select(Conversation.ended_at)))
        doors = {door.channel: door for door in await database_session.scalars(select(Door))}
    assert doors["kiosk"].closed_at is not None
    assert doors["telegram"].closed_at is None
    assert None in ended


async def test_a_code_works_once_and_for_one_person(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    code = code_of(await take_along(bot, session))
    update_of = {chat: message(chat, text=f"/start {code}") for chat in (CHAT, CHAT + 1, CHAT + 2)}
    await asyncio.gather(*(bot.deliver(one) for one in update_of.values()))
    firsts = [(await bot.said(1, chat))[0] for chat in update_of]
    assert sum("已接上" in first for first in firsts) == 1
    assert sum("接续码不对" in first for first in firsts) == 2


async def test_the_same_scan_delivered_again_is_no_mistake(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    scanned = message(text=f"/start {code_of(await take_along(bot, session))}")
    await asyncio.gather(*(bot.deliver(scanned) for _ in range(3)))
    await bot.deliver(scanned)
    await bot.say("想贷300万")
    texts = await bot.said(4)
    assert [text[:3] for text in texts].count("已接上") == 1
    assert not [text for text in texts if "接续码不对" in text]


async def test_an_old_code_is_refused(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    code = code_of(await take_along(bot, session))
    async with bot.services.database.write() as database_session:
        await database_session.execute(update(OneTimeCode).values(expires_at=now() - timedelta(seconds=1)))
    await bot.say(f"/start {code}")
    assert "接续码不对，或者已经过期" in (await bot.said(1))[0]


async def test_a_typed_code_links_too(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    link = await take_along(bot, session)
    await bot.say(f" {link['code'].lower()} ")
    assert "已接上您在自助机的对话" in (await bot.said(1))[0]


async def test_what_is_said_at_one_door_is_not_shown_at_the_other(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    shown = await bot.api.until_shown(CHAT, 3)
    await bot.say("只在手机上说的话")
    await bot.said(4)
    assert not [one for one in shown if "我们做芯片" in one["text"]]
    history = (await bot.client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
    words = [line["text"] for line in history["messages"]]
    assert words[0] == "我们做芯片"
    assert not [text for text in words if "手机" in text or "已接上" in text]


async def test_with_consent_the_earlier_talk_is_shown(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    shown = await bot.api.until_shown(CHAT, 3)
    asked = next(one for one in shown if "也显示在这里吗" in one["text"])
    await bot.deliver(press(asked["buttons"][0]))
    texts = await bot.said(4)
    assert "您：我们做芯片\n陪跑：收到：我们做芯片" in texts[-1]
    # The other way round it was not agreed to.
    history = (await bot.client.get("/api/v1/chat", headers={"X-Peipao-Session": session})).json()
    assert not [line for line in history["messages"] if "显示在这里" in line["text"]]


async def test_whoever_gave_the_code_away_does_not_read_along(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    await bot.said(3)
    await bot.say("只在手机上说的话")
    texts = await bot.said(4)
    carried = {"X-Peipao-Session": session, **KIOSK}
    pressed = {"session": session, "payload": "share:yes"}
    answer = await bot.client.post("/api/v1/chat", json=pressed, headers=carried)
    assert "只在手机上" not in answer.text
    history = await bot.client.get("/api/v1/chat", headers=carried)
    assert "只在手机上" not in history.text
    # Agreed to at the phone, it is shown at both.
    shown = await bot.api.until_shown(CHAT, len(texts))
    asked = next(one for one in shown if "也显示在这里吗" in one["text"])
    await bot.deliver(press(asked["buttons"][0]))
    await bot.said(len(texts) + 1)
    assert "只在手机上" in (await bot.client.get("/api/v1/chat", headers=carried)).text


async def test_withdrawn_at_one_door_nothing_is_kept_at_the_other(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    await bot.said(3)
    await bot.say("撤回同意")
    await bot.said(4)
    _, answer = await at_the_kiosk(bot, "想贷300万", session)
    assert "没有保存" in answer["replies"][0]["text"]


async def test_a_door_is_taken_off_again(bot: Bot, engine: FakeEngine) -> None:
    session, _ = await at_the_kiosk(bot, "我们做芯片")
    await bot.say(f"/start {code_of(await take_along(bot, session))}")
    await bot.said(3)
    await bot.say("解除关联")
    assert "已解除关联" in (await bot.said(4))[3]
    await bot.say("重新说起")
    await bot.said(5)
    assert engine.calls[-1]["state"].get("heard", []) in ([], ["重新说起"])
    _, answer = await at_the_kiosk(bot, "还在吗", session)
    assert answer["state"]["facts"] == {"turns": 3}


async def test_no_code_for_a_session_that_is_over(bot: Bot) -> None:
    session, _ = await at_the_kiosk(bot, "你好")
    await bot.client.delete("/api/v1/chat", headers={"X-Peipao-Session": session})
    response = await bot.client.post("/api/v1/chat/link", headers={"X-Peipao-Session": session})
    assert response.status_code == 404
