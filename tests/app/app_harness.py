"""A running app as tests see it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import msgspec

from bot.cases.database import Database
from bot.web.services import Services


class Client(httpx.AsyncClient):
    """A firm's side of the chat API."""

    async def say(self, session: str | None, words: str = "", **more: Any) -> dict[str, Any]:
        body: dict[str, Any] = {"session": session, **more}
        if "payload" not in more:
            body["text"] = words
        response = await self.post("/api/v1/chat", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


class Running(msgspec.Struct):
    """A running app: its objects, and a client without cookies of its own."""

    services: Services
    client: Client

    @property
    def database(self) -> Database:
        return self.services.database


Start = Callable[..., AbstractAsyncContextManager[Running]]
