"""Property tests run the same examples everywhere and are never timed: a busy machine is no fault."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("decision", deadline=None, derandomize=True)
settings.load_profile("decision")
