"""How often a bot's first intent is right on the held-out sentences."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec


class Sentence(msgspec.Struct):
    """One held-out sentence; any of its intents counts as right."""

    text: str
    intents: list[str] = []
    asked: str | None = None


def held_out(path: Path) -> list[Sentence]:
    """The sentences of a file as in tests/eval; empty where there is no such file."""
    if not path.is_file():
        return []
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    return [sentence for line in lines if (sentence := msgspec.json.decode(line, type=Sentence)).intents]


def likeliest(ranking: Iterable[Sequence[Any]]) -> str:
    """The first real intent of (intent, probability) pairs: asking back is no intent, both bots may do it."""
    return next((str(name) for name, _ in ranking if name != "nlu_fallback"), "")


async def accuracy(
    sentences: list[Sentence], intent_of: Callable[[Sentence], Awaitable[str]]
) -> tuple[float, list[float]]:
    """Share of sentences whose intent is right, and the sorted times in milliseconds."""
    right, times = 0, []
    for sentence in sentences:
        began = time.perf_counter()
        right += await intent_of(sentence) in sentence.intents
        times.append((time.perf_counter() - began) * 1000)
    return right / len(sentences), sorted(times)
