"""The tracker store begins every turn anew."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import ForgetfulTrackerStore


async def test_nothing_said_is_remembered():
    store = ForgetfulTrackerStore(Domain.load("domain.yml"))
    tracker = await store.get_or_create_tracker("t-1", append_action_listen=False)
    assert isinstance(tracker, DialogueStateTracker)
    tracker.update(UserUttered("想贷300万"))
    await store.save(tracker)
    again = await store.get_or_create_tracker("t-1")
    assert not any(isinstance(event, UserUttered) for event in again.events)
    assert await store.keys() == []


async def test_the_session_has_begun_so_that_no_prediction_is_spent_on_it():
    store = ForgetfulTrackerStore(Domain.load("domain.yml"))
    tracker = await store.retrieve("t-1")
    assert any(isinstance(event, SessionStarted) for event in tracker.events)
    # Rasa starts a session where nothing has been applied yet.
    assert tracker.applied_events()
    assert tracker.latest_action_name == "action_listen"
