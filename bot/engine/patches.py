"""What is changed in Rasa 3.6.21, and why. A test fails where Rasa's own code moves."""

from __future__ import annotations

import copy
import functools
import inspect
import sys
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from rasa.shared.core.trackers import DialogueStateTracker

#: Packages that Rasa's imports only try, and that cost start-up time and memory without being used:
#: TensorFlow Lite looks for jax (0.7 s and 65 MB) and does without it.
UNUSED_PACKAGES = ("jax", "jaxlib")


def skip_unused_imports() -> None:
    """Makes the optional packages look absent. Must run before Rasa is imported."""
    for name in UNUSED_PACKAGES:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def cache_action_schema() -> None:
    """Checks an action's answer against a schema that was itself checked once, not at every call.

    Rasa calls `jsonschema.validate`, which re-checks the schema each time: two thirds of a turn.
    """
    from jsonschema import Draft202012Validator
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    @functools.wraps(inspect.unwrap(RemoteAction._validate_action_result))
    def validate(self: Any, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def send_less_to_actions() -> None:
    """Sends an action its turn, not the domain and all events with it: three quarters of the call's JSON.

    An action of this service reads the last message and nothing else; see `actions/base.py`.
    """
    import rasa
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.trackers import EventVerbosity

    @functools.wraps(inspect.unwrap(RemoteAction._action_call_format))
    def call_format(self: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        return {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
            "version": rasa.__version__,
            "domain": {},
        }

    RemoteAction._action_call_format = call_format


class ActionCalls:
    """One kept connection to the action route; Rasa opens a client session and a connection for every call.

    Raises what Rasa's own `EndpointConfig.request` raises.
    """

    #: Shorter than the app keeps a silent connection, so that none is used while it is being closed.
    SILENT_S = 4.0

    def __init__(self) -> None:
        self._session: Any = None

    async def post(self, endpoint: Any, body: Any, timeout_s: float) -> Any:
        import aiohttp  # type: ignore[import-not-found]
        from rasa.utils.endpoints import ClientResponseError

        if self._session is None:
            connector = aiohttp.TCPConnector(keepalive_timeout=self.SILENT_S, limit=64)
            self._session = aiohttp.ClientSession(connector=connector)
        async with self._session.post(
            endpoint.url,
            data=msgspec.json.encode(body),
            headers={"Content-Type": "application/json", **endpoint.headers},
            timeout=aiohttp.ClientTimeout(total=timeout_s),
        ) as response:
            raw = await response.read()
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, raw)
            return msgspec.json.decode(raw)

    async def close(self) -> None:
        """Closes the connection; the next call opens another one."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def keep_action_connection() -> ActionCalls:
    """Lets Rasa's action calls go through one `ActionCalls`, which the caller closes at the end."""
    from rasa.utils.endpoints import EndpointConfig

    calls = ActionCalls()
    original = inspect.unwrap(EndpointConfig.request)

    @functools.wraps(original)
    async def request(self: Any, method: str = "post", **more: Any) -> Any:
        plain = method == "post" and set(more) <= {"json", "timeout", "compress"} and not more.get("compress")
        if not plain or self.basic_auth or self.token or self.params or self.cafile:
            return await original(self, method, **more)
        return await calls.post(self, more["json"], more.get("timeout") or 300)

    EndpointConfig.request = request
    return calls


def remember_predictions() -> None:
    """Asks the policies once for each situation: rules see intents and actions, never words.

    Rasa builds and runs its graph twice a turn, for the action and for listening afterwards.
    """
    from rasa.core.processor import MessageProcessor

    original = inspect.unwrap(MessageProcessor._predict_next_with_tracker)

    @functools.wraps(original)
    def predict(self: Any, tracker: Any) -> Any:
        known = self.__dict__.setdefault("peipao_predictions", {})
        key = situation(tracker, self.domain)
        if key is None:
            return original(self, tracker)
        if key not in known:
            known[key] = original(self, tracker)
        found = copy.copy(known[key])
        found.events = copy.deepcopy(found.events)
        return found

    MessageProcessor._predict_next_with_tracker = predict


def situation(tracker: DialogueStateTracker, domain: Any) -> tuple[str, ...] | None:
    """What rules see of a tracker: its intents and actions in order. None where they may see more."""
    from rasa.shared.core import events

    if tracker.followup_action or tracker.active_loop or len(tracker.events) > 16:
        return None
    seen = []
    for event in tracker.events:
        if isinstance(event, events.ActionExecuted):
            seen.append(f"action {event.action_name}")
        elif isinstance(event, events.UserUttered):
            intent = event.intent_name or ""
            if domain.intent_properties.get(intent, {}).get("used_entities"):
                return None
            seen.append(f"intent {intent}")
        elif isinstance(event, events.DefinePrevUserUtteredFeaturization):
            seen.append(f"by text {event.use_text_for_featurization}")
        elif not isinstance(event, (events.SessionStarted, events.BotUttered)):
            return None
    return tuple(seen)
