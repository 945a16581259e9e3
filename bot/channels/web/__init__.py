"""The open web page and programs that use the chat API."""

from __future__ import annotations

from bot.channels.base import Abilities, Finding, Installed, Place
from bot.channels.pull import PullChannel
from bot.settings import Settings


def create(place: Place) -> Installed:
    return Installed(PullChannel("web", "网页", Abilities(buttons=True, cards=True, files=True)))


def check(settings: Settings) -> list[Finding]:
    return [Finding("ok", f"随服务启动：{settings.origin}/api/v1/chat")]
