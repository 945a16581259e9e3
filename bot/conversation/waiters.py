"""Who waits for the answer to which message."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.conversation.wire import Answer


class TurnFailed(Exception):
    """A message is stored but could not be answered now; it is tried again later."""


class Waiters:
    """Futures by conversation and message."""

    def __init__(self) -> None:
        self._futures: dict[str, dict[int, list[asyncio.Future[Answer]]]] = {}
        self._holds: dict[asyncio.Future[Answer], datetime] = {}

    def add(
        self, conversation_id: str, message_id: int, *, hold_until: datetime | None = None
    ) -> asyncio.Future[Answer]:
        """A future for the answer.

        Args:
            hold_until: given, the answer is not handed over with the future: it goes into the outbox, which
                leaves it alone until then, so that whoever waits may take it out.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._futures.setdefault(conversation_id, {}).setdefault(message_id, []).append(future)
        if hold_until is not None:
            self._holds[future] = hold_until
        return future

    def remove(self, conversation_id: str, message_id: int, future: asyncio.Future[Answer]) -> None:
        messages = self._futures.get(conversation_id, {})
        futures = messages.get(message_id, [])
        if future in futures:
            futures.remove(future)
            self._holds.pop(future, None)
        if not futures:
            messages.pop(message_id, None)
        if not messages:
            self._futures.pop(conversation_id, None)

    def waits(self, conversation_id: str, message_id: int) -> bool:
        """Whether somebody gets the answer with a future."""
        futures = self._futures.get(conversation_id, {}).get(message_id, ())
        return any(future not in self._holds for future in futures)

    def hold_until(self, conversation_id: str, message_id: int) -> datetime | None:
        """Until when the answer is to stay in the outbox for somebody who may take it out."""
        futures = self._futures.get(conversation_id, {}).get(message_id, ())
        return max((self._holds[future] for future in futures if future in self._holds), default=None)

    def unanswered(self, conversation_id: str) -> list[int]:
        """Messages of a conversation whose answer is still awaited."""
        messages = self._futures.get(conversation_id, {})
        return [
            number for number, futures in messages.items() if not all(future.done() for future in futures)
        ]

    def resolve(self, conversation_id: str, message_id: int, answer: Answer) -> None:
        for future in self._futures.get(conversation_id, {}).get(message_id, ()):
            if not future.done():
                future.set_result(answer)

    def fail(self, conversation_id: str, message_id: int) -> None:
        for future in self._futures.get(conversation_id, {}).get(message_id, ()):
            if not future.done():
                future.set_exception(TurnFailed())
