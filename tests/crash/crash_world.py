"""The far side: firms that send until they are told it arrived, and a platform that counts deliveries."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import msgspec
from app_fakes import reply
from crash_lives import Lives


class Platform:
    """Takes deliveries over HTTP.

    `shown` counts, by channel and key, what a person sees: `sure` recognises a repeat and shows it once,
    `blind` shows whatever comes.
    """

    def __init__(self) -> None:
        self.shown: Counter[tuple[str, str]] = Counter()
        self.asked: Counter[tuple[str, str]] = Counter()
        self.texts: dict[str, list[str]] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raw, more = b"", True
        while more:
            part = await receive()
            raw += part.get("body", b"")
            more = part.get("more_body", False)
        body = msgspec.json.decode(raw)
        key = body["channel"], body["key"]
        self.asked[key] += 1
        if body["channel"] == "blind" or not self.shown[key]:
            self.shown[key] += 1
            self.texts.setdefault(body["to"], []).append(body["text"])
        await reply(send, 200, msgspec.json.encode({"id": f"p{sum(self.asked.values())}"}))


class Firm:
    """Somebody who writes through one channel, one line after the other."""

    def __init__(self, channel: str, name: str) -> None:
        self.channel = channel
        self.name = name
        self.session: str | None = None
        # (id, text, payload) of every line that was begun.
        self.lines: list[tuple[str, str, str | None]] = []
        self.acknowledged = 0
        # On the page: the answer that each line's request brought.
        self.answers: dict[str, Any] = {}

    def writes(self, payload: str | None = None) -> None:
        """One more line; it is sent with the next `send`."""
        number = len(self.lines) + 1
        text = "" if payload else f"{self.name}第{number}句"
        self.lines.append((f"{self.name}-{number}", text, payload))

    async def open(self, client: httpx.AsyncClient) -> None:
        """A page has its session before anything goes wrong: without one its first line could not be sent
        again as the same."""
        if self.channel == "web":
            answer = await client.post("/api/v1/chat", json={"session": None, "text": "开始"})
            assert answer.status_code == 200
            self.session = answer.json()["session"]

    async def send(self, lives: Lives, client: httpx.AsyncClient) -> None:
        """Sends what is not acknowledged, in order, until it is or the app dies."""
        while self.acknowledged < len(self.lines) and lives.alive:
            try:
                answer = await self._send(client, *self.lines[self.acknowledged])
            except httpx.TransportError:
                await asyncio.sleep(0.01)
                continue
            assert answer.status_code == 200, answer.text
            self.answers[self.lines[self.acknowledged][0]] = answer.json()
            self.acknowledged += 1

    async def _send(
        self, client: httpx.AsyncClient, number: str, text: str, payload: str | None
    ) -> httpx.Response:
        words: dict[str, Any] = {"payload": payload} if payload else {"text": text}
        if self.channel == "web":
            body = {"session": self.session, "message_id": number, **words}
            return await client.post("/api/v1/chat", json=body)
        body = {"id": number, "person": self.name, **words}
        return await client.post(f"/platform/{self.channel}", json=body)
