"""The touch screens in the 金融便利店; the page itself is `/kiosk`. An account is one kiosk's id."""

from __future__ import annotations

from bot.channels.base import Abilities, Finding, Installed, Place
from bot.channels.pull import PullChannel
from bot.settings import Settings


def create(place: Place) -> Installed:
    # Who talked has left the screen: nothing may be pushed to it afterwards.
    return Installed(PullChannel("kiosk", "自助机", Abilities(buttons=True, cards=True, push=False)))


def check(settings: Settings) -> list[Finding]:
    return [Finding("ok", f"随服务启动：{settings.origin}/kiosk")]
