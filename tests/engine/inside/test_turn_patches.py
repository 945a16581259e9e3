"""What was left out of a turn inside Rasa changes nothing that comes out of it."""

from __future__ import annotations

import asyncio
import inspect
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.engine import patches
from bot.engine.tracker_store import ForgetfulTrackerStore

ROOT = Path(__file__).parents[3]
PREDICT = inspect.unwrap(MessageProcessor._predict_next_with_tracker)
REQUEST = inspect.unwrap(EndpointConfig.request)
CALL_FORMAT = inspect.unwrap(RemoteAction._action_call_format)


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture
def store(domain: Domain) -> ForgetfulTrackerStore:
    return ForgetfulTrackerStore(domain)


async def told(store: ForgetfulTrackerStore, intent: str, *actions: str) -> Any:
    """A fresh tracker in which `intent` was said and `actions` were taken."""
    tracker = await store.retrieve("a")
    facts = [{"entity": "fact", "role": "amount_wan", "value": 300}]
    tracker.update(UserUttered("想贷300万", {"name": intent}, facts), store.domain)
    for action in actions:
        tracker.update(ActionExecuted(action), store.domain)
    return tracker


def test_rasa_still_calls_what_is_replaced():
    assert "self._predict_next_with_tracker(tracker)" in inspect.getsource(
        MessageProcessor.predict_next_with_tracker_if_should
    )
    run = inspect.getsource(RemoteAction.run)
    assert "self._action_call_format(tracker, domain)" in run
    assert "await self.action_endpoint.request(" in run
    assert list(inspect.signature(CALL_FORMAT).parameters) == ["self", "tracker", "domain"]


async def test_an_action_gets_its_turn_and_nothing_of_the_rest(monkeypatch, store, domain):
    monkeypatch.setattr(RemoteAction, "_action_call_format", CALL_FORMAT)
    action = RemoteAction("action_inform", None)
    tracker = await told(store, "inform")
    whole = action._action_call_format(tracker, domain)
    patches.send_less_to_actions()
    less = action._action_call_format(tracker, domain)
    assert less["tracker"] == {**whole["tracker"], "events": []}
    assert {key: less[key] for key in less if key not in ("tracker", "domain")} == {
        key: whole[key] for key in whole if key not in ("tracker", "domain")
    }
    assert len(json.dumps(less)) < len(json.dumps(whole)) / 3


@pytest.fixture
def counted(monkeypatch) -> list[tuple[str, ...] | None]:
    """The situations in which Rasa's own code was asked, with predictions that are told apart."""
    asked: list[Any] = []

    def predict(self: Any, tracker: Any) -> Any:
        asked.append(patches.situation(tracker, self.domain))
        return SimpleNamespace(number=len(asked), events=[SlotSet("a", 1)])

    monkeypatch.setattr(MessageProcessor, "_predict_next_with_tracker", predict)
    patches.remember_predictions()
    return asked


async def test_the_policies_are_asked_once_for_each_situation(counted, store, domain):
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = domain
    one = processor._predict_next_with_tracker(await told(store, "inform"))
    same = processor._predict_next_with_tracker(await told(store, "inform"))
    after = processor._predict_next_with_tracker(await told(store, "inform", "action_inform"))
    other = processor._predict_next_with_tracker(await told(store, "greet"))
    assert [made.number for made in (one, same, after, other)] == [1, 1, 2, 3]
    # Nobody can change what is remembered.
    assert one.events is not same.events
    assert one.events[0] is not same.events[0]


async def test_where_rules_may_see_more_the_policies_are_always_asked(counted, store, domain):
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = domain
    tracker = await told(store, "inform")
    tracker.update(SlotSet("amount", 1))
    for _ in range(2):
        processor._predict_next_with_tracker(tracker)
    assert counted == [None, None]
    seeing = Domain.from_dict({"intents": ["inform"], "entities": ["fact"]})
    assert patches.situation(await told(store, "inform"), seeing) is None


@pytest.mark.slow
@pytest.mark.engine
async def test_remembered_predictions_are_those_of_the_trained_rules(monkeypatch, store, domain):
    model = ROOT / "models" / "peipao.tar.gz"
    if not model.is_file():
        pytest.skip("no trained model; run make setup")
    monkeypatch.setattr(MessageProcessor, "_predict_next_with_tracker", PREDICT)
    patches.remember_predictions()
    from rasa.core.agent import Agent

    processor = Agent.load(str(model)).processor
    assert processor is not None
    for intent in domain.intents:
        if f"action_{intent}" not in domain.user_actions and intent != "nlu_fallback":
            continue
        first = processor._predict_next_with_tracker(await told(store, intent))
        action = domain.action_names_or_texts[first.max_confidence_index]
        assert action == ("action_ask_back" if intent == "nlu_fallback" else f"action_{intent}")
        for taken in ((), (action,)):
            tracker = await told(store, intent, *taken)
            own = PREDICT(processor, tracker)
            for _ in range(2):
                remembered = processor._predict_next_with_tracker(await told(store, intent, *taken))
                assert remembered.probabilities == own.probabilities
                assert remembered.policy_name == own.policy_name
                assert [type(one) for one in remembered.events] == [type(one) for one in own.events]
    assert len(processor.peipao_predictions) >= 2 * len(domain.user_actions)


class Route:
    """A small action route that counts connections; `status` and `body` are what it answers."""

    def __init__(self) -> None:
        self.connections = 0
        self.heard: list[dict[str, Any]] = []
        self.headers = ""
        self.status, self.body = 200, b'{"events": [], "responses": []}'

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                self.headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(self.headers.split("content-length:")[1].split("\r\n")[0])
                self.heard.append(json.loads(await reader.readexactly(length)))
                head = f"HTTP/1.1 {self.status} X\r\ncontent-type: application/json\r\n"
                writer.write(f"{head}content-length: {len(self.body)}\r\n\r\n".encode() + self.body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@pytest.fixture
async def route(monkeypatch):
    monkeypatch.setattr(EndpointConfig, "request", REQUEST)
    calls = patches.keep_action_connection()
    made = Route()
    server = await asyncio.start_server(made, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    made.endpoint = EndpointConfig(f"http://127.0.0.1:{port}/act", headers={"Authorization": "Bearer s"})
    made.calls = calls
    yield made
    await calls.close()
    server.close()
    await server.wait_closed()


async def test_action_calls_share_one_connection(route):
    for number in range(3):
        answer = await route.endpoint.request(json={"n": number}, method="post", timeout=5, compress=False)
        assert answer == {"events": [], "responses": []}
    assert route.heard == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert route.connections == 1
    assert "authorization: bearer s" in route.headers
    await route.calls.close()
    await route.endpoint.request(json={"n": 3}, method="post", timeout=5)
    assert route.connections == 2


async def test_a_refusal_is_told_as_rasa_tells_it(route):
    route.status, route.body = 400, b'{"error": "rejected", "action_name": "action_inform"}'
    with pytest.raises(ClientResponseError) as caught:
        await route.endpoint.request(json={}, method="post", timeout=5, compress=False)
    assert caught.value.status == 400
    assert json.loads(caught.value.text)["action_name"] == "action_inform"


async def test_other_requests_go_rasas_own_way(route):
    route.endpoint.params = {"a": "1"}
    await route.endpoint.request(json={"n": 1}, method="post", timeout=5)
    await route.endpoint.request(json={"n": 2}, method="post", timeout=5)
    assert route.connections == 2
