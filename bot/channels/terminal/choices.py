"""The choices that the terminal offered last, so that a number can be read as its button."""

from __future__ import annotations

from bot.channels.rendering import chosen, numbered
from bot.conversation.wire import Button, Reply


class Choices:
    """Remembers what was offered last."""

    def __init__(self) -> None:
        self._buttons: dict[str, Button] = {}

    def offer(self, replies: list[Reply], asking: str | None = None) -> list[str]:
        """The texts to show, one for each reply; the labels run through all replies of one turn.

        >>> Choices().offer([Reply("有抵押吗？", [Button("有", "set:has_collateral:true")])])
        ['有抵押吗？\\n  1. 有']
        """
        shown, self._buttons = numbered(replies, asking)
        return shown

    def chosen(self, typed: str) -> Button | None:
        """The button that `typed` means."""
        return chosen(typed, self._buttons)
