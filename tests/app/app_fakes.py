"""What quick tests put in the place of engine and dialogue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import msgspec
import uvicorn

from bot.cases.routing import Traits
from bot.conversation.dialogue import Correction, FactError, PayloadError, Said
from bot.conversation.wire import Button, Reply, TurnOutput

SECRET = "engine-secret"
HANDOVER = {"kind": "handover", "reason": "request_human", "product": "kechuangbao"}


def said(state: dict[str, Any], text: str) -> dict[str, Any]:
    """The state after `text`: counts turns and keeps the words, so that tests see what was read with what."""
    return {
        **state,
        "heard": [*state.get("heard", []), text],
        "facts": {"turns": len(state.get("heard", [])) + 1},
    }


def answer(body: dict[str, Any]) -> dict[str, Any]:
    """A dialogue in four lines: repeats what it hears; `human` hands over."""
    text = body["text"] or str(body["payload"])
    human = (body["payload"] or {}).get("intent") == "request_human" or body["text"] == "转人工"
    return {
        "replies": []
        if human
        else [{"text": f"收到：{text}", "buttons": [{"title": "转专员", "payload": "human"}]}],
        "state": said(body["state"], text),
        "effects": [HANDOVER] if human else [],
    }


class FakeDialogue:
    catalog_version = "test-1"

    def parse_payload(self, payload: str) -> dict[str, Any]:
        if payload == "human":
            return {"intent": "request_human"}
        if payload.startswith("set:"):
            return {"intent": "inform"}
        raise PayloadError(payload)

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        return TurnOutput([Reply("引擎没有回应", [Button("转专员", "human")])], said(state, text))

    def direct(self, key: str, state: dict[str, Any], context: dict[str, Any], today: date) -> TurnOutput:
        return TurnOutput([], said(state, key), [HANDOVER] if key == "human" else [])

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        return {"need": "；".join(state.get("heard", [])), "facts": []}

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        return f"编号 {number}，争取 {first_reply_by} 前回复，{opinion_by} 前给意见。{note}"

    def traits(self, product: str | None, state: dict[str, Any]) -> Traits:
        return Traits(product)

    def correct(self, state: dict[str, Any], fact: str, value: Any, today: date) -> Correction:
        if value == "nonsense":
            raise FactError("没有这个值。")
        facts = dict(state.get("facts") or {})
        old = facts.get(fact)
        facts[fact] = value
        return Correction({**state, "facts": facts}, fact, old, value, str(old), str(value))

    def after_human(
        self, state: dict[str, Any], said: Sequence[Said], today: date, *, goes_on: bool
    ) -> TurnOutput:
        heard = [one.text for one in said if one.author == "firm"]
        replies = [Reply(f"听到了：{'；'.join(heard)}")] if goes_on else []
        return TurnOutput(replies, {**state, "heard": [*state.get("heard", []), *heard]})


class FakeEngine:
    """A gateway on a real port. `think` may be replaced; `calls` keeps what came."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.think: Callable[[dict[str, Any]], Any] = answer
        self.status = 200
        self.ready = True
        # Cleared, it holds every answer back until it is set again.
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()
        self.url = ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/webhooks/gateway/ready":
            await reply(send, 200 if self.ready else 503, b"{}")
            return
        assert dict(scope["headers"])[b"authorization"] == f"Bearer {SECRET}".encode()
        raw = b""
        more = True
        while more:
            part = await receive()
            raw += part.get("body", b"")
            more = part.get("more_body", False)
        body = msgspec.json.decode(raw)
        self.calls.append(body)
        self.arrived.set()
        await self.gate.wait()
        output = self.think(body)
        content = (
            output
            if isinstance(output, bytes)
            else msgspec.json.encode({"intent": "inform", "confidence": 0.9, "outputs": [output]})
        )
        await reply(send, self.status, content)

    @property
    def heard(self) -> list[str]:
        return [call["text"] for call in self.calls]


async def reply(send: Any, status: int, content: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


@asynccontextmanager
async def served(app: Any, *, lifespan: str = "off") -> AsyncIterator[str]:
    """`app` on a free port of this machine; yields its address."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        lifespan=lifespan,
        log_config=None,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    # Started and stopped step by step: `serve` catches signals, which belong to pytest, and both it and
    # `shutdown` wait a tenth of a second for nothing, which a thousand tests feel.
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    if server.should_exit:
        raise RuntimeError("the app did not start")
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        if server.server_state.tasks:
            await asyncio.wait(server.server_state.tasks, timeout=1)
        await server.lifespan.shutdown()
