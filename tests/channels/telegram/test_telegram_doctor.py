"""`peipao doctor --ask`: what the platform itself says of the bot."""

from __future__ import annotations

import pytest
from fake_bot_api import TOKEN, USERNAME, FakeBotApi

from bot.channels.doctor import ask
from bot.channels.telegram.running import PATH
from bot.settings import load_settings

pytestmark = pytest.mark.asyncio


async def said(api: FakeBotApi, **more: str) -> list[tuple[str, str]]:
    own = {"TOKEN": TOKEN, "API_URL": api.url, "SECRET": "s", "PUBLIC_URL": "https://peipao.example", **more}
    found = await ask(load_settings({f"PEIPAO_TELEGRAM_{name}": value for name, value in own.items()}))
    return [(one.level, one.words) for one in found["telegram"]]


async def test_a_bot_that_the_platform_knows(api: FakeBotApi) -> None:
    api.webhook = {"url": f"https://peipao.example{PATH}"}
    assert await said(api) == [("ok", f"Telegram 认识机器人 @{USERNAME}")]


async def test_a_token_that_it_does_not_know(api: FakeBotApi) -> None:
    wrong = "1:" + "x" * 20
    found = await said(api, TOKEN=wrong)
    assert [level for level, _ in found] == ["fault"]
    assert wrong not in found[0][1]


async def test_a_webhook_of_somebody_else_or_one_that_fails(api: FakeBotApi) -> None:
    api.webhook = {"url": "https://other.example/x"}
    assert "不是这里的地址" in (await said(api))[1][1]
    api.webhook = {"url": f"https://peipao.example{PATH}", "last_error_message": "Wrong response: 403"}
    assert "Wrong response: 403" in (await said(api))[1][1]


async def test_a_platform_that_cannot_be_reached(api: FakeBotApi) -> None:
    assert [level for level, _ in await said(api, API_URL="http://127.0.0.1:9")] == ["fault"]


async def test_what_is_off_is_not_asked(api: FakeBotApi) -> None:
    assert await said(api, TOKEN="") == []
    assert api.calls == []
