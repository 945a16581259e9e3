"""The terminal: numbered choices instead of buttons. The shortest example of a channel."""

from __future__ import annotations

from bot.channels.terminal.choices import Choices

__all__ = ["Choices"]
