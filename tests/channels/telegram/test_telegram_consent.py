"""The privacy notice and consent: shown once, kept with its version, taken back everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from app_fakes import FakeEngine
from sqlalchemy import select, update
from telegram_person import CHAT, Bot, both_databases

from bot.cases.clock import now
from bot.cases.firm_models import Consent
from bot.cases.models import Conversation, Message
from bot.channels import consent

pytestmark = [pytest.mark.asyncio, both_databases]


async def consents(bot: Bot) -> list[Consent]:
    async with bot.services.database.read() as session:
        return list(await session.scalars(select(Consent).order_by(Consent.id)))


async def chat(bot: Bot, channel: str, session: str | None, **said: Any) -> dict[str, Any]:
    response = await bot.client.post(
        "/api/v1/chat", json={"session": session, **said}, headers={"X-Peipao-Channel": channel}
    )
    assert response.status_code == 200, response.text
    bot.client.cookies.clear()
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("channel", ["web", "kiosk", "terminal"])
async def test_on_every_page_the_notice_comes_with_the_first_answer_only(bot: Bot, channel: str) -> None:
    first = await chat(bot, channel, None, text="你好")
    assert first["replies"][0]["text"] == "收到：你好"
    assert first["notice"]["card"] == {"kind": "notice", "notice": "privacy", "version": consent.VERSION}
    assert "撤回同意" in first["notice"]["text"]
    second = await chat(bot, channel, first["session"], text="再问")
    assert "notice" not in second


async def test_another_wording_is_shown_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await chat(bot, "web", None, text="你好")
    monkeypatch.setattr(consent, "VERSION", "2027-01")
    again = await chat(bot, "web", first["session"], text="再问")
    assert "notice" in again


@pytest.mark.parametrize("words", ["撤回同意", "撤回", "我要撤回同意。", "取消授权"])
async def test_consent_is_taken_back_and_nothing_is_processed(
    bot: Bot, engine: FakeEngine, words: str
) -> None:
    first = await chat(bot, "web", None, payload="human")
    session = first["session"]
    assert [(row.notice, row.version, row.withdrawn_at) for row in await consents(bot)] == [
        ("privacy", consent.VERSION, None)
    ]
    taken_back = await chat(bot, "web", session, text=words)
    assert [button["payload"] for button in taken_back["replies"][0]["buttons"]] == [
        "consent:yes",
        "intent:manage_data",
    ]
    assert (await consents(bot))[0].withdrawn_at is not None
    calls = len(engine.calls)
    ignored = await chat(bot, "web", session, text="我的电话是某某")
    assert "没有处理" in ignored["replies"][0]["text"]
    assert len(engine.calls) == calls
    async with bot.services.database.read() as database_session:
        query = select(Message).where(Message.author == "firm").order_by(Message.id.desc())
        last = await database_session.scalar(query.limit(1))
        may_contact = await database_session.scalar(select(Conversation.may_contact))
    assert last is not None
    assert last.body == {"text": ""}
    assert may_contact is False
    again = await chat(bot, "web", session, text="同意")
    assert "您已同意" in again["replies"][0]["text"]
    heard = await chat(bot, "web", session, text="想贷300万")
    assert heard["replies"][0]["text"] == "收到：想贷300万"
    assert [row.withdrawn_at is None for row in await consents(bot)] == [False, True]


async def test_to_withdraw_a_case_is_something_else(bot: Bot) -> None:
    answer = await chat(bot, "web", None, text="我想撤回办件")
    assert answer["replies"][0]["text"] == "收到：我想撤回办件"


async def test_who_never_agreed_may_object(bot: Bot) -> None:
    first = await chat(bot, "web", None, text="撤回同意")
    stopped = await chat(bot, "web", first["session"], text="想贷300万")
    assert "没有处理" in stopped["replies"][0]["text"]


async def test_a_telephone_number_is_not_taken_before_consent(bot: Bot, engine: FakeEngine) -> None:
    def leaves_a_number(body: dict[str, Any]) -> dict[str, Any]:
        effects = [{"kind": "phone", "number": "13900000000"}]
        return {"replies": [{"text": "记下了电话"}], "state": body["state"], "effects": effects}

    engine.think = leaves_a_number
    asked = await chat(bot, "web", None, text="打我电话")
    assert "属于个人信息" in asked["replies"][0]["text"]
    agreed = await chat(bot, "web", asked["session"], text="同意")
    assert "再发一次" in agreed["replies"][0]["text"]
    assert [row.notice for row in await consents(bot)] == ["privacy"]
    taken = await chat(bot, "web", asked["session"], text="打我电话")
    assert taken["replies"][0]["text"] == "记下了电话"


async def test_taken_back_at_one_door_is_taken_back_at_all(bot: Bot, engine: FakeEngine) -> None:
    first = await chat(bot, "kiosk", None, payload="human")
    headers = {"X-Peipao-Session": first["session"]}
    link = (await bot.client.post("/api/v1/chat/link", headers=headers)).json()
    await bot.say(link["code"])
    await bot.said(2)
    await bot.say("撤回同意")
    await bot.api.until_asked("sendMessage", 3)
    stopped = await chat(bot, "kiosk", first["session"], text="想贷300万")
    assert "没有处理" in stopped["replies"][0]["text"]


async def test_withdrawn_in_telegram(bot: Bot, engine: FakeEngine) -> None:
    await bot.say("你好")
    await bot.said(2)
    await bot.say("/withdraw")
    shown = await bot.api.until_shown(CHAT, 3)
    assert [button["text"] for button in shown[2]["buttons"]] == ["同意", "查看或删除我的信息"]
    await bot.say("想贷300万")
    assert "没有处理" in (await bot.said(4))[3]
    assert engine.heard == ["你好"]


async def test_a_number_is_the_choice_it_stands_for(bot: Bot, engine: FakeEngine) -> None:
    first = await chat(bot, "terminal", None, text="你好")
    assert [button["payload"] for button in first["replies"][0]["buttons"]] == ["human"]
    chosen = await chat(bot, "terminal", first["session"], text="１．")
    assert chosen["state"]["case"] is not None
    # With buttons to press, a number is a number.
    page = await chat(bot, "web", None, text="你好")
    typed = await chat(bot, "web", page["session"], text="1")
    assert typed["state"]["case"] is None
    assert engine.heard[-1] == "1"


async def test_an_old_list_has_expired(bot: Bot, engine: FakeEngine) -> None:
    first = await chat(bot, "terminal", None, text="你好")
    async with bot.services.database.write() as session:
        await session.execute(update(Message).values(created_at=now().replace(year=2020)))
    await chat(bot, "terminal", first["session"], text="1")
    assert engine.heard[-1] == "1"
