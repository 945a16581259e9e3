"""What was read out of one message."""

from __future__ import annotations

import msgspec

from bot.catalog.values import Bound


class Mention(msgspec.Struct, frozen=True):
    """One stated fact; ``start``..``end`` are offsets into the original text."""

    fact: str
    value: bool | int | float | str
    start: int
    end: int
    bound: Bound | None = None
    more: bool = False


class Reading(msgspec.Struct, frozen=True):
    """Facts, products, aspect and cues of one message. Lists are in the order of the text.

    ``mentions`` are statements about the asking firm; ``supposed`` are what-ifs (「如果我们拿到高企呢」).
    ``retracted`` holds what was taken back, in the person's words (「不是800」 → "800").
    ``cues`` name what the sentence does (question, correction, amount …) with a strength in 0–1.
    """

    text: str
    mentions: list[Mention] = []
    products: list[str] = []
    aspect: str | None = None
    cues: dict[str, float] = {}
    supposed: list[Mention] = []
    negated_products: list[str] = []
    retracted: list[str] = []
    product_spans: list[tuple[int, int]] = []

    @property
    def hypothetical(self) -> bool:
        """Whether part of the message is a what-if; its facts are in ``supposed``, not in ``facts``."""
        return bool(self.supposed) or "hypothetical" in self.cues

    @property
    def facts(self) -> dict[str, bool | int | float | str]:
        """Facts of the contract; the last mention of a fact wins."""
        return {m.fact: m.value for m in self.mentions if not m.more}

    @property
    def more_facts(self) -> dict[str, bool | int | float | str]:
        """Facts that only this catalog declares."""
        return {m.fact: m.value for m in self.mentions if m.more}

    @property
    def bounds(self) -> dict[str, Bound]:
        """Range or limit of every fact whose last mention was one."""
        last = {m.fact: m.bound for m in self.mentions}
        return {fact: bound for fact, bound in last.items() if bound is not None}

    @property
    def supposed_facts(self) -> dict[str, bool | int | float | str]:
        """The facts of the what-if."""
        return {m.fact: m.value for m in self.supposed}
