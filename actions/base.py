"""What all actions share: the turn is in the last message's metadata, the answer is one custom output."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.respond import respond
from bot.dialogue.turn import Current
from bot.understanding import Reading

_current: Current | None = None


def use(current: Current) -> None:
    """Set, once at the start, what the actions answer with; another catalog is switched to inside it."""
    global _current
    _current = current


class DialogueAction(Action):
    """Answers one intent. Nothing is kept in the tracker: the state goes back to the app with the output."""

    intent: str

    def name(self) -> str:
        return f"action_{self.intent}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if _current is None:
            raise RuntimeError("the actions have no services: call actions.base.use first")
        message = tracker.latest_message
        turn = message.get("metadata") or {}
        raw = message.get("reading")
        reading = msgspec.convert(raw, Reading) if raw and not turn.get("payload") else None
        ranking = [(one["name"], one["confidence"]) for one in message.get("intent_ranking") or []]
        output = respond(
            _current.services,
            self.intent,
            text=turn.get("text") or "",
            state=turn.get("state"),
            today=datetime.date.fromisoformat(turn["today"]),
            payload=turn.get("payload"),
            context=turn.get("context"),
            reading=reading,
            intent_ranking=ranking,
        )
        dispatcher.utter_message(json_message=output)
        return []
