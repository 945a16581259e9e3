"""Tests inside the engine's environment: Rasa is there, the app is not."""

from __future__ import annotations

import os

os.environ.update(RASA_TELEMETRY_ENABLED="false", SQLALCHEMY_SILENCE_UBER_WARNING="1")

from bot.engine import patches

patches.skip_unused_imports()
