"""Hands updates to the conversations: stored first, then acknowledged."""

from __future__ import annotations

import structlog
from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.cases.database import Database
from bot.channels.telegram import buttons, incoming
from bot.channels.telegram.client import Client
from bot.conversation.intake import ConversationEnded, OpenDoor
from bot.conversation.service import Conversations
from bot.conversation.wire import Inbound

log = structlog.get_logger(__name__)
CHANNEL = "telegram"
_STALE = "这个按钮已经失效了，请直接打字。"


class Inbox:
    """One bot's way in. `account`: the bot's number."""

    def __init__(
        self, database: Database, conversations: Conversations, client: Client, account: str
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._client = client
        self._account = account

    async def take(self, update: Update) -> None:
        """Stores what an update says, once. When this returns, the update may be acknowledged.

        Raises whatever keeps the database from storing it: then the platform must send it again.
        """
        person = incoming.person_of(update)
        if person is None:
            return
        for attempt in (1, 2):
            door = await self._conversations.open(CHANNEL, self._account, person, keep_address=True)
            try:
                if update.callback_query is not None:
                    await self._press(door, update.callback_query, incoming.key_of(update))
                elif update.message is not None:
                    inbound = incoming.understand(update.message, incoming.key_of(update))
                    if inbound is not None:
                        await self._conversations.accept(door, inbound)
            except ConversationEnded:
                # Ended between opening and storing: the next one is new.
                if attempt == 2:
                    raise
            else:
                return

    async def _press(self, door: OpenDoor, query: CallbackQuery, key: str) -> None:
        async with self._database.read() as session:
            button = await buttons.pressed(session, query.data or "", door.id)
        if button is not None:
            inbound = Inbound(text=button.title, payload=button.payload, platform_id=key)
            await self._conversations.accept(door, inbound)
        await self._answer(query.id, _STALE if button is None else "")

    async def _answer(self, query_id: str, words: str) -> None:
        """Ends the waiting mark on the button; without it the platform shows it for a minute."""
        try:
            await self._client.answer_callback_query(query_id, text=words or None)
        except TelegramError as error:
            # The press is stored: a late or lost mark is no reason to have it sent again.
            log.info("telegram_press_not_marked", error=type(error).__name__)
