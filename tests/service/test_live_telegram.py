"""The same words over Telegram and at the kiosk, through the running service: the same answers."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

_TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(_TESTS / "app"), str(_TESTS / "channels" / "telegram")]

from app_fakes import served  # noqa: E402
from fake_bot_api import TOKEN, FakeBotApi  # noqa: E402
from telegram_person import CHAT, message, press  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.asyncio]
STORY = "我们是做芯片的,成立三年,6项发明专利,去年营收1500万,没抵押,想贷300万周转"
SCRIPT = (STORY, "预审科企梯度贷", "科创保的费率是多少", "已经入库了")


async def test_the_same_script_has_the_same_answers(
    own_service: Any, own_firm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = FakeBotApi()
    async with served(api) as url:
        monkeypatch.setenv("PEIPAO_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("PEIPAO_TELEGRAM_API_URL", url)
        # Each line is sent when the one before is answered.
        monkeypatch.setenv("PEIPAO_SETTLE_MS", "telegram=0,web=0")
        await asyncio.to_thread(own_service.command, "migrate")
        await asyncio.to_thread(own_service.start)
        firm = own_firm
        seen = 0
        for number, words in enumerate(SCRIPT):
            await asyncio.to_thread(firm.say, words)
            expected = [reply["text"] for reply in firm.replies]
            await api.push(message(text=words))
            # The notice comes once, behind the first answer.
            notices = 1 if number == 0 else 0
            shown = await api.until_shown(CHAT, seen + len(expected) + notices)
            texts = [one["text"] for one in shown[seen:]]
            assert texts[: len(expected)] == expected
            assert [text[:7] for text in texts[len(expected) :]] == ["【个人信息告知"] * notices
            titles = [button["title"] for reply in firm.replies for button in reply["buttons"]]
            assert [button["text"] for one in shown[seen:] for button in one["buttons"]] == titles
            seen = len(shown)
        # The talk at the page is taken along, and the open question comes with it.
        link = await asyncio.to_thread(own_service.link, firm.session or "")
        await api.push(message(CHAT + 1, text=f"/start {link}"))
        taken = await api.until_shown(CHAT + 1, 3)
        assert "已接上您在网页的对话" in taken[0]["text"]
        assert "芯片" in taken[2]["text"]
        await api.push(press({"callback_data": "b1.0"}, CHAT + 1, "q1"))
        await api.until_asked("answerCallbackQuery")
        # A button of somebody else's message.
        assert api.answered["q1"] != ""
