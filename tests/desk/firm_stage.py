"""A firm that talks with the real dialogue over HTTP; the classifier is left out: tests say the intent."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from app_fakes import FakeEngine
from app_harness import Running, Start

# The dialogue's own tests have loaded the catalog for it already.
sys.path.append(str(Path(__file__).resolve().parents[1] / "dialogue"))

from talk import services

from bot.cases import visits
from bot.cases.clock import now
from bot.cases.database import Database
from bot.conversation.live import LiveDialogue
from bot.dialogue.respond import respond
from bot.dialogue.turn import Current


class Firm:
    """A session of the chat API; `replies` are those of the last answer."""

    def __init__(self, app: Running, engine: FakeEngine, channel: str = "web") -> None:
        self.app = app
        self.session: str | None = None
        self.replies: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}
        self.notice: dict[str, Any] | None = None
        self._engine = engine
        self._headers = {"X-Peipao-Channel": channel}

    async def say(self, text: str, intent: str = "nlu_fallback", sure: float = 0.9) -> str:
        """What is answered to `text`, which the engine takes for `intent`."""
        self._engine.think = lambda body: think(body, intent, sure)
        return await self._send({"text": text})

    async def press(self, key: str) -> str:
        self._engine.think = lambda body: think(body, body["payload"]["intent"], 1.0)
        return await self._send({"payload": key})

    async def _send(self, more: dict[str, Any]) -> str:
        response = await self.app.client.post(
            "/api/v1/chat", json={"session": self.session, **more}, headers=self._headers
        )
        assert response.status_code == 200, response.text
        answer = response.json()
        self.session, self.replies, self.state = answer["session"], answer["replies"], answer["state"]
        return "\n".join(reply["text"] for reply in self.replies)

    async def history(self) -> list[str]:
        response = await self.app.client.get("/api/v1/chat", headers=self.headers)
        assert response.status_code == 200, response.text
        return [line["text"] for line in response.json()["messages"]]

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Peipao-Session": self.session or ""}

    @property
    def keys(self) -> list[str]:
        return [button["payload"] for reply in self.replies for button in reply.get("buttons", [])]


def think(body: dict[str, Any], intent: str, sure: float) -> dict[str, Any]:
    return respond(
        services(),
        intent,
        text=body["text"] or "",
        state=body["state"],
        today=date.fromisoformat(body["today"]) if isinstance(body.get("today"), str) else now().date(),
        payload=body["payload"],
        context=body["context"],
        intent_ranking=[(intent, sure)],
    )


@asynccontextmanager
async def running_dialogue(start: Start, **more: Any) -> AsyncIterator[Running]:
    async with start(dialogue=LiveDialogue(Current(services())), **more) as app:
        yield app


async def make_slots(database: Database, *rooms: int, place: str = "金融便利店") -> list[int]:
    """Slots of an hour each, from tomorrow on."""
    begin = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
    async with database.write() as session:
        made = await visits.add_place(session, place, "科学大道1号")
        slots = [
            await visits.add_slot(session, made.id, *_hour(begin, number), room)
            for number, room in enumerate(rooms)
        ]
        return [slot.id for slot in slots]


def _hour(begin: datetime, number: int) -> tuple[datetime, datetime]:
    return begin + timedelta(hours=number), begin + timedelta(hours=number + 1)
