"""The touch screens in the 金融便利店; the page itself is `/kiosk`. An account is one kiosk's id."""

from __future__ import annotations

from bot.channels.base import Abilities, Finding, Installed, Place
from bot.channels.kiosk.places import places_of
from bot.channels.pull import PullChannel
from bot.settings import Settings, SettingsError

TITLE = "自助机"


class KioskChannel(PullChannel):
    """Who talked has left the screen: nothing may be pushed to it afterwards."""

    def __init__(self, places: dict[str, str]) -> None:
        super().__init__("kiosk", TITLE, Abilities(buttons=True, cards=True, push=False, files=True))
        self.places = places

    def title_of(self, account: str) -> str:
        """What officers call the kiosk with this id.

        >>> KioskChannel({"a1": "政务大厅"}).title_of("a1"), KioskChannel({}).title_of("")
        ('自助机（政务大厅）', '自助机')
        """
        place = self.places.get(account, account)
        return f"{TITLE}（{place}）" if place else TITLE


def create(place: Place) -> Installed:
    return Installed(KioskChannel(places_of(place.settings)))


def check(settings: Settings) -> list[Finding]:
    try:
        places = places_of(settings)
    except SettingsError as error:
        return [Finding("fault", str(error))]
    findings = [Finding("ok", f"随服务启动：{settings.origin}/kiosk")]
    findings += [
        Finding("ok", f"{place}：{settings.origin}/kiosk/{kiosk}") for kiosk, place in places.items()
    ]
    return findings
