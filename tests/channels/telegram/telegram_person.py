"""A person with Telegram on one side, the running app on the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from itertools import count
from typing import Any

import httpx
import pytest
from fake_bot_api import FakeBotApi

from bot.channels.telegram.routes import HEADER
from bot.channels.telegram.running import PATH
from bot.web.services import Services

CHAT = 777_000_111
WEBHOOK_SECRET = "webhook-secret"
both_databases = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
_NUMBERS = count(50_001)


def message(chat: int = CHAT, kind: str = "private", **content: Any) -> dict[str, Any]:
    """An update with one message, whose content is `text="…"` or another field of the Bot API."""
    number = next(_NUMBERS)
    person = {"id": abs(chat), "is_bot": False, "first_name": "某"}
    body = {"message_id": number, "date": 1_790_000_000, "chat": {"id": chat, "type": kind}, "from": person}
    return {"update_id": number, "message": {**body, **content}}


def press(button: dict[str, Any], chat: int = CHAT, query: str = "q1") -> dict[str, Any]:
    """An update in which somebody presses a button of an earlier message."""
    number = next(_NUMBERS)
    person = {"id": abs(chat), "is_bot": False, "first_name": "某"}
    below = {"message_id": 1, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}, "text": "…"}
    pressed = {
        "id": query,
        "from": person,
        "chat_instance": "1",
        "data": button["callback_data"],
        "message": below,
    }
    return {"update_id": number, "callback_query": pressed}


class Bot:
    """A running app with its bot."""

    def __init__(
        self, services: Services, client: httpx.AsyncClient, api: FakeBotApi, secret: str = WEBHOOK_SECRET
    ) -> None:
        self.services = services
        self.client = client
        self.api = api
        self._secret = secret

    async def deliver(self, update: dict[str, Any]) -> httpx.Response:
        """What the platform does with an update."""
        return await self.client.post(PATH, json=update, headers={HEADER: self._secret})

    async def say(self, text: str, chat: int = CHAT) -> None:
        response = await self.deliver(message(chat, text=text))
        assert response.status_code == 200, response.text

    async def said(self, count: int, chat: int = CHAT) -> list[str]:
        """The texts in the chat, once there are so many."""
        return [shown["text"] for shown in await self.api.until_shown(chat, count)]


# Starts an app with a bot; a second one with the same settings finds what the first one left.
Start = Callable[..., AbstractAsyncContextManager[Bot]]
