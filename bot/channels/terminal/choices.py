"""Choices as numbers, for every place that cannot show buttons."""

from __future__ import annotations

import string

from bot.conversation.wire import Button, Reply

# What people put around or after a number, and full-width forms of what they type.
_TRIMMED = " .、。()()[]【】"
_PLAIN = {0xFF00 + code - 0x20: chr(code) for code in range(0x21, 0x7F)}


class Choices:
    """Remembers what was offered last, so that a number can be read as its button.

    Where the question wants a number (去年营收多少万元？) the buttons beside it (不清楚, 为什么问) are
    lettered: a bare 2 must stay an answer.
    """

    def __init__(self) -> None:
        self._buttons: dict[str, Button] = {}

    def offer(self, replies: list[Reply], asking: str | None = None) -> list[str]:
        """The texts to show, one for each reply; the labels run through all replies of one turn.

        >>> Choices().offer([Reply("有抵押吗？", [Button("有", "set:has_collateral:true")])])
        ['有抵押吗？\\n  1. 有']
        """
        buttons = [button for reply in replies for button in reply.buttons]
        own_values = any(button.payload.startswith(f"set:{asking}:") for button in buttons)
        letters = asking is not None and not own_values
        labels = iter(string.ascii_lowercase if letters else map(str, range(1, len(buttons) + 1)))
        self._buttons = {}
        shown = []
        for reply in replies:
            lines = [reply.text]
            for button, label in zip(reply.buttons, labels, strict=False):
                self._buttons[label] = button
                lines.append(f"  {label}. {button.title}")
            shown.append("\n".join(lines))
        return shown

    def chosen(self, typed: str) -> Button | None:
        """The button that `typed` means: its label or its exact title."""
        typed = typed.strip()
        label = typed.translate(_PLAIN).strip(_TRIMMED).lower()
        if label in self._buttons:
            return self._buttons[label]
        return next((button for button in self._buttons.values() if button.title == typed), None)
