"""What every channel is to the rest of the service."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec
from litestar import Router

from bot.conversation.wire import Button, FileRef, Reply
from bot.settings import Settings

if TYPE_CHECKING:
    # The conversation layer itself knows channels.
    from bot.cases.database import Database
    from bot.conversation.service import Conversations


class NotSent(Exception):
    """The platform refused for good; the message says why, in Chinese, to the officer."""


class TryLater(Exception):
    """Not now; `after_s` says when, where the platform said so.

    Args:
        confirmed: the platform's ids of the pieces of a long message that it has taken already; the next
            attempt finds them in `Parcel.confirmed` and goes on behind them.
    """

    def __init__(self, reason: str, after_s: float | None = None, *, confirmed: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.after_s = after_s
        self.confirmed = confirmed


class Abilities(msgspec.Struct, frozen=True):
    """What a channel can show and do.

    `buttons`: it shows buttons; otherwise choices are numbered in the text, and a number that comes back is
    understood. `cards`: it draws `Reply.card`. `max_bytes` (UTF-8), `max_chars`: the longest text of one
    message. `merges`: the bubbles of one answer go out as one message. `push`: it may be written to at any
    time, as an officer does. `counted`: the platform takes so many messages for each thing the person does
    (see `bot.cases.quotas`), and the officer sees what is left. `files`: pictures and files that come in are
    taken. `abroad`: its servers are outside the country, which people are told.
    """

    buttons: bool = False
    cards: bool = False
    max_bytes: int | None = None
    max_chars: int | None = None
    merges: bool = False
    push: bool = True
    counted: bool = False
    files: bool = False
    abroad: bool = False


class Parcel(msgspec.Struct, frozen=True):
    """One message on its way out. `key` stays the same in every attempt.

    `text` is the whole of it as it is to be sent: the reply's text, the names of files that came along, and
    where the channel has no buttons the numbered choices.
    `author`: bot, officer or system. `confirmed`: ids of the pieces that an earlier attempt brought there.
    """

    key: str
    channel: str
    account: str
    address: str
    reply: Reply
    author: str
    attempts: int
    text: str = ""
    confirmed: tuple[str, ...] = ()

    @property
    def buttons(self) -> list[Button]:
        return self.reply.buttons


class Fetched(msgspec.Struct, frozen=True):
    """A file that a person sent, taken from the platform."""

    name: str
    media_type: str
    content: bytes


class Channel(Protocol):
    """A channel's outward side."""

    name: str
    # What people call it: 微信公众号.
    title: str
    # Pages that ask for what is new (events) need no sending.
    pull: bool
    # Whether a second attempt with the same key is recognised and shown once.
    recognises_repeats: bool
    abilities: Abilities

    async def send(self, parcel: Parcel) -> str | None:
        """Delivers, and returns the platform's id of the message.

        Raises:
            NotSent, TryLater: it certainly was not delivered. Anything else means: not known.
        """

    async def fetch(self, account: str, file: FileRef) -> Fetched:
        """The file that an inbound message named.

        Raises:
            NotSent: it cannot be had; the words are for the person. TryLater: not now.
        """

    async def link(self, code: str, lasts_s: int) -> str | None:
        """The address (for a QR code) by which somebody brings `code` in through this channel; none if
        there is no such way."""


class Place(msgspec.Struct, frozen=True):
    """What a channel is made with."""

    settings: Settings
    database: Database
    conversations: Conversations


class Installed(msgspec.Struct, frozen=True):
    """A channel that is set up.

    `routers`: its webhooks; they carry `exclude_from_csrf` and check who calls by themselves. `life`: what
    runs as long as the app does (a poller, a client); entered after the database is ready, left before it
    is closed. An error in entering it stops the start.
    """

    channel: Channel
    routers: list[Router] = []
    life: Callable[[], AbstractAsyncContextManager[None]] | None = None


class Finding(msgspec.Struct, frozen=True):
    """One line of `peipao doctor`: what is well, off or wrong, and for what is wrong what to do."""

    level: Literal["ok", "off", "warning", "fault"]
    words: str
