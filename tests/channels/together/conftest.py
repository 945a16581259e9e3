"""The fixtures and fake platforms of all channels, for the tests that drive them side by side."""

from __future__ import annotations

import sys
from pathlib import Path

_CHANNELS = Path(__file__).resolve().parents[1]
sys.path += [str(_CHANNELS), str(_CHANNELS / "telegram"), str(_CHANNELS.parent / "app")]

from weixin_stage import *  # noqa: E402, F403  fixtures
from weixin_stage import _quiet  # noqa: E402, F401  a name that the star leaves out
