"""What is changed in Rasa 3.6.21, and why. A test fails where Rasa's own code moves."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any

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
