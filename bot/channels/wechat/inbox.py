"""Hands what came in to the conversations: stored first, then answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from bot.cases import quotas
from bot.cases.clock import now
from bot.cases.database import Database
from bot.channels.wechat.incoming import Incoming
from bot.conversation.doors import code_in
from bot.conversation.intake import ConversationEnded, OpenDoor, is_stored
from bot.conversation.passive import Taken
from bot.conversation.service import Conversations
from bot.conversation.wire import FileRef, Inbound

CHANNEL = "wechat"
# What lets us send later: (allowed, seconds) by what the person did.
ALLOWANCES = {"message": (5, 48 * 3600.0), "event": (3, 60.0)}
_EVENTS = ("click", "follow", "scan")


class Inbox:
    """One account's way in.

    Args:
        wait_s: how long an answer is awaited; a later one goes out as a customer-service message.
    """

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        app_id: str,
        wait_s: float,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._app_id = app_id
        self._wait_s = wait_s
        self._clock = clock

    async def take(self, incoming: Incoming) -> Taken | None:
        """Stores a message; its answer, if it is there in time and this request is the one to carry it."""
        if incoming.kind == "nothing":
            return None
        inbound = self._inbound(incoming)
        for attempt in (1, 2):
            door = await self._conversations.open(CHANNEL, self._app_id, incoming.person, keep_address=True)
            await self._count(door, incoming, inbound.platform_id)
            try:
                return await self._conversations.answer_within(door, inbound, self._wait_s)
            except ConversationEnded:
                # Ended between opening and storing: the next one is new.
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    async def _count(self, door: OpenDoor, incoming: Incoming, key: str | None) -> None:
        """What the person did opens or ends the time in which we may send; a repeat does not."""
        async with self._database.write() as session:
            if await is_stored(session, door, key):
                return
            if incoming.kind == "unfollow":
                await quotas.forget(session, door.id)
                return
            opened_by = "event" if incoming.kind in _EVENTS else "message"
            at = min(datetime.fromtimestamp(incoming.created, UTC), self._clock())
            await quotas.grant(session, door.id, opened_by, *ALLOWANCES[opened_by], at)

    def _inbound(self, incoming: Incoming) -> Inbound:
        # Hashed: an event's key holds the person's id.
        key = self._database.sealer.lookup(incoming.key, "message.platform_id")
        made = Inbound(text=incoming.text, platform_id=key)
        match incoming.kind:
            case "text":
                return made
            case "voice":
                return msgspec.structs.replace(made, kind="voice")
            case "image":
                return msgspec.structs.replace(made, kind="image", file=FileRef(incoming.media, "图片"))
            case "location":
                return msgspec.structs.replace(made, kind="location")
            case "click":
                return msgspec.structs.replace(made, payload=incoming.pressed)
            case "follow" | "scan":
                # A code of another kind (a poster's) leads to the greeting.
                code = code_in(incoming.scene) or ""
                return msgspec.structs.replace(made, kind="event", payload="intent:greet", code=code)
            case "unfollow":
                return msgspec.structs.replace(made, kind="event")
            case _:
                return msgspec.structs.replace(made, kind="other")
