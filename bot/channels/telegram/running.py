"""What runs as long as the app does: who we are, and where the platform's updates come from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from telegram import BotCommand, Update
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import POLL_S, Client, seconds_of
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.incoming import COMMANDS
from bot.channels.telegram.settings import TelegramSettings

log = structlog.get_logger(__name__)
Got = TypeVar("Got")
KINDS = ["message", "callback_query"]
PATH = "/channels/telegram"
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 60.0
# An update that fails so often is set aside, or nothing behind it would ever be seen.
_TRIES = 5


class Running:
    """The bot at work. The service starts also where the platform cannot be reached; it is tried again."""

    def __init__(
        self,
        own: TelegramSettings,
        client: Client,
        connections: list[HTTPXRequest],
        channel: TelegramChannel,
        inbox: Inbox,
        *,
        first_pause_s: float = _FIRST_PAUSE_S,
    ) -> None:
        self._own = own
        self._client = client
        self._connections = connections
        self._channel = channel
        self._inbox = inbox
        self._first_pause_s = first_pause_s
        self._tries: dict[int, int] = {}

    @asynccontextmanager
    async def life(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for connections in self._connections:
                await connections.shutdown()

    async def _run(self) -> None:
        me = await self._until_done("get_me", self._client.get_me)
        self._channel.username = me.username or ""
        commands = [BotCommand(name, title) for name, title, _ in COMMANDS]
        await self._until_done("set_my_commands", lambda: self._client.set_my_commands(commands))
        if self._own.public_url and not self._own.secret:
            log.error("telegram_closed", hint="没有设置 PEIPAO_TELEGRAM_SECRET，webhook 一律拒绝")
            return
        if self._own.public_url:
            await self._until_done("set_webhook", self._set_webhook)
            return
        await self._until_done("delete_webhook", self._client.delete_webhook)
        await self._poll()

    def _set_webhook(self) -> Awaitable[bool]:
        return self._client.set_webhook(
            self._own.public_url.rstrip("/") + PATH,
            secret_token=self._own.secret,
            allowed_updates=KINDS,
            # One after the other: two lines of a person must not overtake each other.
            max_connections=1,
        )

    async def _poll(self) -> None:
        """Fetches updates; the platform keeps one until a fetch asks for what comes after it."""
        after: int | None = None
        while True:
            offset = after
            updates = await self._until_done(
                "get_updates",
                lambda offset=offset: self._client.get_updates(  # type: ignore[misc]
                    offset=offset, timeout=POLL_S, allowed_updates=KINDS
                ),
            )
            for update in updates:
                if not await self._take(update):
                    break
                after = update.update_id + 1

    async def _take(self, update: Update) -> bool:
        """Whether the update is done with; else it and what is behind it is fetched again."""
        number = update.update_id
        try:
            await self._inbox.take(update)
        except Exception:
            self._tries[number] = self._tries.get(number, 0) + 1
            log.exception("telegram_update_failed", tries=self._tries[number])
            if self._tries[number] < _TRIES:
                await asyncio.sleep(self._pause(self._tries[number]))
                return False
        self._tries.pop(number, None)
        return True

    async def _until_done(self, what: str, ask: Callable[[], Awaitable[Got]]) -> Got:
        """Asks the platform until it answers, with growing pauses."""
        tries = 0
        while True:
            try:
                return await ask()
            except RetryAfter as error:
                pause = seconds_of(error)
            except TelegramError as error:
                tries += 1
                pause = self._pause(tries)
                # Its words may hold the address, and the address the token.
                log.warning("telegram_unreachable", call=what, error=type(error).__name__, again_in_s=pause)
            await asyncio.sleep(pause)

    def _pause(self, tries: int) -> float:
        return min(self._first_pause_s * 2.0 ** (tries - 1), _LONGEST_PAUSE_S)
