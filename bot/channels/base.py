"""What every channel is to the rest of the service."""

from __future__ import annotations

from typing import Protocol

import msgspec

from bot.conversation.wire import Reply


class NotSent(Exception):
    """The platform refused for good; the message says why, in Chinese, to the officer."""


class TryLater(Exception):
    """Not now; `after_s` says when, where the platform said so."""

    def __init__(self, reason: str, after_s: float | None = None) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Parcel(msgspec.Struct, frozen=True):
    """One message on its way out. `key` stays the same in every attempt."""

    key: str
    channel: str
    account: str
    address: str
    reply: Reply
    author: str
    attempts: int


class Channel(Protocol):
    """A channel's outward side."""

    name: str
    # Pages that ask for what is new (events) need no sending.
    pull: bool
    # Whether a second attempt with the same key is recognised and shown once.
    recognises_repeats: bool
    # Whether buttons can be shown; otherwise choices are numbered.
    buttons: bool
    # Longest text in UTF-8 bytes, or none.
    max_bytes: int | None

    async def send(self, parcel: Parcel) -> str | None:
        """Delivers, and returns the platform's id of the message.

        Raises:
            NotSent, TryLater: it certainly was not delivered. Anything else means: not known.
        """
