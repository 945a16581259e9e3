"""Channels whose other side fetches its messages: pages and the terminal."""

from __future__ import annotations

from bot.channels.base import Abilities, Fetched, NotSent, Parcel
from bot.conversation.wire import FileRef


class PullChannel:
    """A channel whose other side asks for events and shows each once, by its number."""

    pull = True
    recognises_repeats = True

    def __init__(self, name: str, title: str, abilities: Abilities) -> None:
        self.name = name
        self.title = title
        self.abilities = abilities

    async def send(self, parcel: Parcel) -> str | None:
        raise NotSent(f"渠道{self.name}由页面自己来取")

    async def fetch(self, account: str, file: FileRef) -> Fetched:
        raise NotSent("这里暂时收不了文件。")

    async def link(self, code: str, lasts_s: int) -> str | None:
        return None
