"""A tracker store that keeps nothing: the dialogue's state lives in the app's database."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class ForgetfulTrackerStore(TrackerStore):
    """Hands out a fresh tracker for every turn and forgets it when the turn is over.

    The tracker has its session already begun, so that Rasa does not spend a prediction on starting one.
    """

    def __init__(
        self,
        domain: Any = None,
        host: EndpointConfig | None = None,
        event_broker: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """A tracker in which nothing has been said yet."""
        tracker = self.init_tracker(sender_id)
        for event in (
            ActionExecuted(ACTION_SESSION_START_NAME),
            SessionStarted(),
            ActionExecuted(ACTION_LISTEN_NAME),
        ):
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Forgets the tracker."""

    async def keys(self) -> list[str]:
        """No conversation is ever known."""
        return []
