"""Runs Rasa's action calls inside the app: the action server is one of its routes."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from rasa_sdk.utils import all_subclasses

import actions

RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class UnknownAction(Exception):
    """The engine asks for an action that is not registered: domain and code differ."""


class RejectedAction(Exception):
    """The action declined to run; Rasa expects to be told which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def make_executor() -> RunAction:
    """The function that answers one call of Rasa's (`next_action`, `tracker`, `domain`) with its result."""
    # Not `register_package`: it ends the process when an import fails, and takes base classes for actions.
    for module in pkgutil.iter_modules(actions.__path__, prefix="actions."):
        importlib.import_module(module.name)
    executor = ActionExecutor()
    for action in all_subclasses(Action):
        if action.__module__.startswith("actions.") and not action.__subclasses__():
            executor.register_action(action)

    async def run(call: dict[str, Any]) -> dict[str, Any]:
        try:
            result = await executor.run(call)
        except ActionNotFoundException as error:
            raise UnknownAction(error.action_name) from None
        except ActionExecutionRejection as error:
            raise RejectedAction(error.action_name) from None
        if result is None:
            raise UnknownAction("")
        answer: dict[str, Any] = result.model_dump()
        return answer

    return run
