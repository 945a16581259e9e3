"""The gateway's door, with an agent that records what it is given."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from sanic.request import Request

from bot.engine.gateway import GatewayInput, harmless

SECRET = "0123456789abcdef0123"


class FakeAgent:
    """Understands everything as `inform` and answers like an action would."""

    def __init__(self) -> None:
        self.domain = SimpleNamespace(intents=["inform", "restart"])
        self.processor = self
        self.handled: list[UserMessage] = []
        self.parsed: list[UserMessage] = []
        self.says: list[dict[str, Any]] = [{"replies": [{"text": "好", "buttons": []}]}]
        self.breaks = False

    def is_ready(self) -> bool:
        return True

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        if self.breaks:
            raise RuntimeError(f"cannot read {message.text}")
        self.parsed.append(message)
        certain = {"name": "inform", "confidence": 0.9}
        reading = {"text": message.metadata["text"]}
        return {"intent": certain, "intent_ranking": [certain], "entities": [], "reading": reading}

    async def handle_message(self, message: UserMessage) -> None:
        self.handled.append(message)
        for said in self.says:
            await message.output_channel.send_custom_json(message.sender_id, said)


@pytest.fixture
def agent() -> FakeAgent:
    return FakeAgent()


@pytest.fixture
def call(agent: FakeAgent):
    channel = GatewayInput(SECRET)

    async def do(
        path: str, body: Any = None, *, secret: str | None = SECRET, ready: bool = True
    ) -> tuple[int, Any]:
        work = {"turn": channel._turn, "parse": channel._parse, "ready": channel._ready}[path]
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request: Request = SimpleNamespace(
            headers={"authorization": f"Bearer {secret}"} if secret else {},
            body=raw,
            app=SimpleNamespace(ctx=SimpleNamespace(agent=agent if ready else None)),
        )  # type: ignore[assignment]
        answer = await channel._reply(request, work, guarded=path != "ready")
        return answer.status, json.loads(answer.body)

    return do


TURN = {
    "turn": "t-1",
    "text": "想贷300万",
    "today": "2026-11-24",
    "state": {"facts": {}},
    "asked": "amount_wan",
}


async def test_a_turn_hands_everything_to_the_action(call, agent):
    status, answer = await call("turn", TURN)
    assert status == 200
    assert answer["intent"] == "inform"
    assert answer["outputs"] == agent.says
    message = agent.handled[0]
    assert (message.sender_id, message.input_channel) == ("t-1", "gateway")
    assert message.metadata["asked"] == "amount_wan"
    assert message.metadata["state"] == {"facts": {}}


async def test_a_button_needs_no_understanding(call, agent):
    status, answer = await call("turn", {**TURN, "text": "", "payload": {"intent": "restart", "x": 1}})
    assert (status, answer["intent"], answer["confidence"]) == (200, "restart", 1.0)
    assert agent.parsed == []
    assert agent.handled[0].metadata["payload"] == {"intent": "restart", "x": 1}


@pytest.mark.parametrize("typed", ["/restart", "  /restart{}", '/inform{"amount_wan": 1}', "\n/\n"])
async def test_a_slash_from_a_person_is_text(call, agent, typed):
    await call("turn", {**TURN, "text": typed})
    assert not agent.handled[0].text.startswith("/")
    assert agent.handled[0].metadata["text"] == typed
    assert len(harmless(typed)) == len(typed)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"turn": "a b"}, "turn"),
        ({"turn": ""}, "turn"),
        ({"turn": "x" * 65}, "turn"),
        ({"today": "tomorrow"}, "today"),
        ({"text": None}, "text"),
        ({"text": " \t"}, "text"),
        ({"text": "长" * 20_001}, "text"),
        ({"state": []}, "state"),
        ({"payload": {"intent": "drop_tables"}}, "payload"),
        ({"payload": {}}, "payload"),
    ],
)
async def test_a_wrong_field_is_named(call, agent, change, named):
    status, answer = await call("turn", {**TURN, **change})
    assert status == 400
    assert named in answer["error"]
    assert agent.handled == []


async def test_what_is_not_json_is_refused(call):
    assert (await call("turn", b"{"))[0] == 400
    assert (await call("turn", b""))[0] == 400
    assert (await call("parse", b"[]"))[0] == 400


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ü" * 20])
@pytest.mark.parametrize("path", ["turn", "parse"])
async def test_without_the_secret_nothing_is_answered(call, agent, path, secret):
    status, answer = await call(path, TURN, secret=secret)
    assert status == 403
    assert set(answer) == {"error"}
    assert agent.parsed == agent.handled == []


async def test_no_model_no_readiness(call):
    assert (await call("ready", ready=False))[0] == 503
    assert (await call("turn", TURN, ready=False))[0] == 503
    assert (await call("ready", secret=None)) == (200, {"ready": True})


async def test_an_action_that_fails_is_no_empty_answer(call, agent):
    agent.says = []
    assert (await call("turn", TURN))[0] == 503


async def test_a_crash_tells_neither_the_text_nor_the_trace(call, agent, caplog):
    agent.breaks = True
    status, answer = await call("turn", {**TURN, "text": "我的电话是13800000000"})
    assert status == 503
    assert answer == {"error": "the engine failed to answer"}
    assert "13800000000" not in caplog.text
    assert "RuntimeError at" in caplog.text


@pytest.mark.parametrize(
    "credentials", [None, {}, {"secret": "short"}, {"secret": "${PEIPAO_ENGINE_SECRET}"}]
)
def test_a_gateway_without_a_real_secret_does_not_start(credentials):
    with pytest.raises(ValueError, match="secret"):
        GatewayInput.from_credentials(credentials)
