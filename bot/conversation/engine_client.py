"""Calls the engine's gateway. The engine keeps nothing: the same turn may be asked again."""

from __future__ import annotations

import asyncio
import secrets
from datetime import date
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from bot.conversation.wire import Reply, TurnOutput


class EngineUnavailable(Exception):
    """The engine is down, too slow, or answers something unusable; says which, without any text."""


class _Answer(msgspec.Struct):
    outputs: list[TurnOutput]
    intent: str = ""
    confidence: float = 0.0


class EngineTurn(msgspec.Struct, frozen=True):
    output: TurnOutput
    intent: str


class EngineClient:
    """One HTTP client to one engine address.

    Args:
        url: the engine's address, such as http://127.0.0.1:5005
        secret: bearer token that the gateway asks for.
        timeout_s: for the whole call, from connecting to the last byte.
    """

    def __init__(self, url: str, secret: str, timeout_s: float = 3.0) -> None:
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {secret}"},
            # The engine is on loopback: a proxy set for the outside must not see its traffic.
            trust_env=False,
            # The engine closes a silent connection after 5 s: none may be used while that happens.
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=4.0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def turn(
        self,
        *,
        text: str,
        payload: dict[str, Any] | None,
        asked: str | None,
        state: dict[str, Any],
        context: dict[str, Any],
        today: date,
    ) -> EngineTurn:
        """The engine's answer to one turn.

        Raises:
            EngineUnavailable: no usable answer within the time limit.
        """
        body = {
            # Fresh each time: the engine's own memory of a conversation is never used.
            "turn": secrets.token_hex(12),
            "text": text,
            "payload": payload,
            "asked": asked,
            "state": state,
            "context": context,
            "today": today.isoformat(),
        }
        try:
            async with asyncio.timeout(self.timeout_s):
                response = await self._client.post(
                    "/webhooks/gateway/turn",
                    content=msgspec.json.encode(body),
                    headers={"Content-Type": "application/json"},
                    timeout=self.timeout_s,
                )
        except (TimeoutError, httpx.TimeoutException):
            raise EngineUnavailable("too slow") from None
        except httpx.HTTPError as error:
            raise EngineUnavailable(type(error).__name__) from None
        if response.status_code != 200:
            raise EngineUnavailable(f"status {response.status_code}")
        try:
            answer = msgspec.json.decode(response.content, type=_Answer)
        except msgspec.DecodeError:
            raise EngineUnavailable("unreadable answer") from None
        if not answer.outputs:
            raise EngineUnavailable("no output")
        return EngineTurn(_joined(answer.outputs), answer.intent)

    async def ready(self) -> bool:
        """Whether the engine has answered a parse."""
        try:
            async with asyncio.timeout(self.timeout_s):
                response = await self._client.get("/webhooks/gateway/ready", timeout=self.timeout_s)
        except (TimeoutError, httpx.HTTPError):
            return False
        return response.status_code == 200

    async def close(self) -> None:
        await self._client.aclose()


def _joined(outputs: list[TurnOutput]) -> TurnOutput:
    replies: list[Reply] = []
    effects: list[dict[str, Any]] = []
    for output in outputs:
        replies += output.replies
        effects += output.effects
    return TurnOutput(replies=replies, state=outputs[-1].state, effects=effects)
