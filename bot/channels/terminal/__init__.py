"""The terminal: numbered choices instead of buttons. The shortest example of a channel."""

from __future__ import annotations

from bot.channels.base import Abilities, Finding, Installed, Place
from bot.channels.pull import PullChannel
from bot.channels.terminal.choices import Choices
from bot.settings import Settings

__all__ = ["Choices", "check", "create"]


def create(place: Place) -> Installed:
    return Installed(PullChannel("terminal", "终端", Abilities(push=False)))


def check(settings: Settings) -> list[Finding]:
    return [Finding("ok", "随服务启动：peipao chat")]
