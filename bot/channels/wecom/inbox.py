"""Hands what was fetched to the conversations; the answers go out through the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from bot.cases import quotas
from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.wecom.incoming import Incoming
from bot.channels.wecom.welcome import keep_welcome
from bot.conversation.doors import code_in
from bot.conversation.intake import ConversationEnded, OpenDoor, is_stored
from bot.conversation.service import Conversations
from bot.conversation.wire import FileRef, Inbound

CHANNEL = "wecom"
# (allowed, seconds) for each message of a person.
ALLOWANCE = (5, 48 * 3600.0)


class Inbox:
    """One account's way in. Taking the same message again has no effect."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        open_kfid: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._open_kfid = open_kfid
        self._clock = clock

    async def take(self, incoming: Incoming) -> None:
        """Stores a message; it is answered in the background."""
        inbound = _inbound(incoming)
        if inbound is None:
            return
        for attempt in (1, 2):
            door = await self._conversations.open(
                CHANNEL, self._open_kfid, incoming.person, keep_address=True
            )
            await self._count(door, incoming, inbound.platform_id)
            try:
                await self._conversations.accept(door, inbound)
                return
            except ConversationEnded:
                # Ended between opening and storing: the next one is new.
                if attempt == 2:
                    raise

    async def _count(self, door: OpenDoor, incoming: Incoming, key: str | None) -> None:
        """A message lets us send for two days; who only opened the session may get one welcome."""
        at = min(datetime.fromtimestamp(incoming.sent, UTC), self._clock())
        async with self._database.write() as session:
            if await is_stored(session, door, key):
                return
            if incoming.kind != "enter":
                await quotas.grant(session, door.id, "message", *ALLOWANCE, at)
            elif incoming.welcome:
                await keep_welcome(session, door.id, incoming.welcome, at)


def _inbound(incoming: Incoming) -> Inbound | None:
    """The message for the conversations; nothing for what needs no answer."""
    made = Inbound(text=incoming.text, platform_id=incoming.key[:160])
    match incoming.kind:
        case "text" if incoming.pressed:
            return msgspec.structs.replace(made, payload=incoming.pressed)
        case "text":
            return made
        case "voice" | "location":
            return msgspec.structs.replace(made, kind=incoming.kind)
        case "image" | "file":
            name = "图片" if incoming.kind == "image" else "文件"
            return msgspec.structs.replace(made, kind=incoming.kind, file=FileRef(incoming.media, name))
        case "enter" if incoming.welcome or incoming.scene:
            code = code_in(incoming.scene) or ""
            return msgspec.structs.replace(made, kind="event", payload="intent:greet", code=code)
        case "unsupported":
            return msgspec.structs.replace(made, kind="other")
        case _:
            return None
