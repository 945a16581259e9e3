"""The changes to Rasa do what Rasa did, and Rasa is still as they expect it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.engine import patches

# Importing the gateway, as other tests do, applies the patch; it wraps Rasa's own.
ORIGINAL = inspect.unwrap(RemoteAction._validate_action_result)
ORIGINAL_SOURCE = inspect.getsource(ORIGINAL)


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", ORIGINAL)
    patches.cache_action_schema()
    return RemoteAction("action_greet", None)


def test_rasa_still_checks_answers_where_the_patch_expects_it():
    assert rasa.__version__ == "3.6.21"
    assert "validate(result, self.action_response_format_spec())" in ORIGINAL_SOURCE
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run)


GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"custom": {"replies": []}}]},
    {"responses": [{"text": "好"}]},
]
BAD = [
    {"events": [{"name": "a"}], "responses": []},
    {"events": "none", "responses": []},
    {"events": [], "responses": ["好"]},
    [],
]


@pytest.mark.parametrize("answer", GOOD)
def test_good_answers_pass_as_before(cached, answer):
    assert ORIGINAL(cached, answer) is True
    assert cached._validate_action_result(answer) is True


@pytest.mark.parametrize("answer", BAD)
def test_bad_answers_are_refused_as_before(cached, answer):
    with pytest.raises(ValidationError):
        ORIGINAL(cached, answer)
    with pytest.raises(ValidationError):
        cached._validate_action_result(answer)


def test_the_schema_itself_is_not_checked_again(cached, monkeypatch):
    import jsonschema

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the schema was checked again")

    monkeypatch.setattr(jsonschema.Draft202012Validator, "check_schema", refuse)
    assert cached._validate_action_result(GOOD[1])
