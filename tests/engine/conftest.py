"""tests/engine/inside runs in the engine's environment, the rest in the app's."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("rasa") else ["inside"]
