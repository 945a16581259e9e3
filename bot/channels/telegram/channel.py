"""The bot's outward side."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
from telegram import InlineKeyboardMarkup
from telegram.constants import MessageLimit
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channels.base import Abilities, Fetched, NotSent, Parcel, TryLater
from bot.channels.rendering import pieces
from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.client import Client, seconds_of
from bot.channels.telegram.inbox import CHANNEL
from bot.conversation.wire import FileRef

# The platform shows no message without words.
_CHOOSE = "请选择："
# Before these the request was not on its way.
_NOT_ASKED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

# One sender serves all channels: it must not wait for the same silence once for each message.
_REST_S = 10.0


class TelegramChannel:
    """Sends plain text, so that nothing in it can be taken for markup; buttons hang on the last piece."""

    name = CHANNEL
    title = "Telegram"
    pull = False
    # The platform shows a repeated message twice.
    recognises_repeats = False
    # Identity documents must not leave the country: no files at all.
    abilities = Abilities(buttons=True, max_chars=MessageLimit.MAX_TEXT_LENGTH, files=False, abroad=True)

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._rests_until = clock()
        # Known once the platform has said who we are.
        self.username = ""

    async def send(self, parcel: Parcel) -> str | None:
        """Delivers the pieces that an earlier attempt has not delivered yet."""
        texts = pieces(parcel.text, self.abilities) or [_CHOOSE]
        done = list(parcel.confirmed)
        for place in range(len(done), len(texts)):
            last = place == len(texts) - 1
            buttons = keyboard(parcel.key, parcel.buttons) if last else None
            try:
                done.append(await self._send_one(parcel.address, texts[place], buttons))
            except TryLater as error:
                raise TryLater(str(error), error.after_s, confirmed=tuple(done)) from None
        return done[-1]

    async def _send_one(self, chat: str, text: str, buttons: InlineKeyboardMarkup | None) -> str:
        if self._clock() < self._rests_until:
            raise TryLater("Telegram 暂时连不上")
        try:
            sent = await self._client.send_message(int(chat), text, reply_markup=buttons)
        except RetryAfter as error:
            raise TryLater("Telegram 说发得太快", seconds_of(error)) from None
        except Forbidden:
            raise NotSent("对方停用了机器人，或没有和它开始对话") from None
        except (BadRequest, ChatMigrated) as error:
            raise NotSent(f"Telegram 不接受这条消息（{type(error).__name__}）") from None
        except InvalidToken:
            raise TryLater("Telegram 不认机器人的 token", 60.0) from None
        except NetworkError as error:
            if isinstance(error.__cause__, httpx.TransportError):
                self._rests_until = self._clock() + _REST_S
            if _refused(error):
                raise TryLater("连不上 Telegram") from None
            # It may have arrived: whoever asks decides, and the address with the token is not logged.
            raise
        return str(sent.message_id)

    async def fetch(self, account: str, file: FileRef) -> Fetched:
        raise NotSent("这里不收图片和文件。")

    async def link(self, code: str, lasts_s: int) -> str | None:
        """Opens a chat with the bot, whose first message then is `/start CODE`."""
        return f"https://t.me/{self.username}?start={code}" if self.username else None


def _refused(error: NetworkError) -> bool:
    """Whether the message certainly is not there: not connected, or answered with an error."""
    if isinstance(error.__cause__, httpx.HTTPError):
        return isinstance(error.__cause__, _NOT_ASKED)
    # An error was read. Only a gateway that waited in vain does not know what came of it.
    return "(504)" not in str(error)
