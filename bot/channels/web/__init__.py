"""Pages that fetch their messages: the open web page and the kiosk."""

from __future__ import annotations

from bot.channels.base import NotSent, Parcel


class PullChannel:
    """A channel whose other side asks for events and shows each once, by its number."""

    pull = True
    recognises_repeats = True
    buttons = True
    max_bytes: int | None = None

    def __init__(self, name: str) -> None:
        self.name = name

    async def send(self, parcel: Parcel) -> str | None:
        raise NotSent(f"渠道{self.name}由页面自己来取")
