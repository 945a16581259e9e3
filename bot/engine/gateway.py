"""The engine's only door: three addresses on loopback, for the app alone.

Rasa's own `rest` channel ignores the access token, answers `200 []` when something crashed inside, and makes
one shared conversation of all messages without a sender; hence a channel of our own.
"""

from __future__ import annotations

import asyncio
import ctypes
import datetime
import gc
import hmac
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

import msgspec
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine import patches
from bot.engine.redaction import frames
from bot.understanding.reading import Reading

logger = logging.getLogger(__name__)

# Rasa imports this module in every process that serves, and in no other.
patches.cache_action_schema()
patches.send_less_to_actions()
patches.remember_predictions()
_action_calls = patches.keep_action_connection()

#: What a leading "/" of a person's text becomes: Rasa would take "/inform{…}" for a command. One character
#: for one, so that places in the text stay where they are.
HARMLESS_SLASH = "／"

_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")

Text = Annotated[str, msgspec.Meta(max_length=20_000)]


class ParseRequest(msgspec.Struct):
    """A sentence to be understood; `asked` is the fact that the last question asked for."""

    text: Text
    asked: str | None = None
    today: datetime.date | None = None


class TurnRequest(msgspec.Struct):
    """One turn of a dialogue: what was said or pressed, and all that is known so far."""

    turn: Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]
    today: datetime.date
    text: Text = ""
    payload: dict[str, Any] | None = None
    asked: str | None = None
    state: dict[str, Any] = {}
    context: dict[str, Any] = {}


class Refused(Exception):
    """The request is not answered: an HTTP status and the reason, which goes back to the app."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def harmless(text: str) -> str:
    """`text` as it may be given to Rasa: a leading slash, after any blanks, is no command."""
    body = text.lstrip()
    return text[: len(text) - len(body)] + HARMLESS_SLASH + body[1:] if body.startswith("/") else text


def ranking(parse_data: dict[str, Any]) -> list[tuple[str, float]]:
    """Intents with their probabilities, likeliest first."""
    return [(entry["name"], entry["confidence"]) for entry in parse_data.get("intent_ranking") or []]


def summary(reading: Reading) -> dict[str, Any]:
    """What the parse address says of a sentence: facts, bounds, further facts, products and aspect."""
    return {
        "facts": reading.facts,
        "bounds": reading.bounds,
        "more_facts": reading.more_facts,
        "products": reading.products,
        "aspect": reading.aspect,
    }


def pressed(intent: str) -> dict[str, Any]:
    """Rasa's reading of a button: its intent is certain and nothing has to be understood."""
    certain = {"name": intent, "confidence": 1.0}
    return {"text": f"/{intent}", "intent": certain, "entities": [], "intent_ranking": [certain]}


class GatewayInput(InputChannel):
    """The channel `gateway`: /turn, /parse and /ready under /webhooks/gateway."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._answered = False

    @classmethod
    def name(cls) -> str:
        """The channel's name in its address and in messages."""
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """The channel from credentials.yml. Raises ValueError where the secret is missing or too short."""
        secret = str((credentials or {}).get("secret") or "")
        if len(secret) < 16 or secret.startswith("$"):
            raise ValueError("credentials.yml: the gateway's secret needs at least 16 characters")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The three addresses; at the end the connection to the actions is closed."""
        door = Blueprint("gateway")

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return await self._reply(request, self._ready, guarded=False)

        @door.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            return await self._reply(request, self._parse)

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._reply(request, self._turn)

        @door.listener("after_server_stop")
        async def stop(*_: Any) -> None:
            await _action_calls.close()

        return door

    async def _reply(
        self, request: Request, work: Callable[[Request], Awaitable[Any]], *, guarded: bool = True
    ) -> HTTPResponse:
        try:
            if guarded and not self._admits(request.headers.get("authorization", "")):
                raise Refused(403, "wrong or missing secret")
            status, body = 200, msgspec.json.encode(await work(request))
        except Refused as refusal:
            status, body = refusal.status, _error(refusal.reason)
        except msgspec.DecodeError as error:
            status, body = 400, _error(str(error))
        except Exception as error:
            # The message may quote what a person wrote: only the kind and the place are kept.
            logger.error("request failed: %s", frames(type(error), error, error.__traceback__))
            status, body = 503, _error("the engine failed to answer")
        return HTTPResponse(body, status=status, content_type="application/json")

    def _admits(self, header: str) -> bool:
        scheme, _, given = header.partition(" ")
        return (
            hmac.compare_digest(given.encode("utf-8", "replace"), self._secret) and scheme.lower() == "bearer"
        )

    async def _ready(self, request: Request) -> dict[str, Any]:
        if not self._answered:
            # The process listens before the model is usable: only a parse proves it, and it warms the caches.
            agent = _agent(request)
            await _parse(agent, UserMessage("想贷点款", metadata={"text": "想贷点款"}))
            self._answered = True
            give_back_memory()
        return {"ready": True}

    async def _parse(self, request: Request) -> dict[str, Any]:
        wanted = msgspec.json.decode(request.body, type=ParseRequest)
        metadata = {"text": wanted.text, "asked": wanted.asked}
        if wanted.today is not None:
            metadata["today"] = wanted.today.isoformat()
        message = UserMessage(harmless(wanted.text), sender_id="parse", metadata=metadata)
        data = await _parse(_agent(request), message)
        return {
            "intent": data["intent"]["name"],
            "confidence": data["intent"]["confidence"],
            "intent_ranking": ranking(data),
            "reading": summary(msgspec.convert(data["reading"], Reading)),
        }

    async def _turn(self, request: Request) -> dict[str, Any]:
        turn = msgspec.json.decode(request.body, type=TurnRequest)
        agent = _agent(request)
        output = CollectingOutputChannel()
        message = UserMessage(
            harmless(turn.text),
            output,
            sender_id=turn.turn,
            input_channel=self.name(),
            message_id=turn.turn,
            metadata={
                "text": turn.text,
                "payload": turn.payload,
                "asked": turn.asked,
                "state": turn.state,
                "context": turn.context,
                "today": turn.today.isoformat(),
            },
        )
        if turn.payload is not None:
            message.parse_data = pressed(_known_intent(agent, turn.payload))
        elif turn.text.strip():
            message.parse_data = await _parse(agent, message)
        else:
            raise Refused(400, "text is empty and there is no payload - at `$.text`")
        await agent.handle_message(message)
        outputs = [said["custom"] for said in output.messages if "custom" in said]
        if not outputs:
            # Rasa goes on after an action failed, and would answer nothing at all.
            raise Refused(503, "the action gave no answer")
        intent = message.parse_data["intent"]
        return {
            "intent": intent["name"],
            "confidence": intent["confidence"],
            "intent_ranking": ranking(message.parse_data),
            "outputs": outputs,
        }


def give_back_memory() -> None:
    """Returns to the system what only loading needed: some 100 MB with glibc, nothing elsewhere.

    What is left stays for the life of the process: the garbage collector need not look through it again.
    """
    gc.collect()
    gc.freeze()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _error(reason: str) -> bytes:
    return msgspec.json.encode({"error": reason})


def _agent(request: Request) -> Agent:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Refused(503, "no model is loaded")
    return agent


async def _parse(agent: Agent, message: UserMessage) -> dict[str, Any]:
    """Rasa's reading of a message, made in a thread.

    Sentence vectors are computed outside Python's lock: two threads use two cores, and the door stays open.
    """
    processor = agent.processor
    assert processor is not None

    def parse() -> dict[str, Any]:
        # With its model in this process Rasa's coroutine never waits: no event loop is needed for it.
        try:
            processor.parse_message(message).send(None)
        except StopIteration as finished:
            data: dict[str, Any] = finished.value
            return data
        raise RuntimeError("Rasa waited for something while parsing")

    return await asyncio.get_running_loop().run_in_executor(_readers, parse)


def _known_intent(agent: Agent, payload: dict[str, Any]) -> str:
    intent = payload.get("intent")
    if not isinstance(intent, str) or agent.domain is None or intent not in agent.domain.intents:
        raise Refused(400, "unknown intent - at `$.payload.intent`")
    return intent
