"""How often a policy question gets the right passage, and silence where the record has no answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.knowledge import Knowledge

SHOWN = 3


class Question(msgspec.Struct, frozen=True):
    """``answer``: ids of passages any of which is right; empty where nothing in the record answers."""

    question: str
    answer: list[str]
    topic: str = ""
    expects: str | None = None


def report(file: Path, knowledge: Knowledge) -> Iterator[str]:
    """The figures, a line each.

    Raises:
        msgspec.DecodeError: a line cannot be read.
    """
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    questions = [msgspec.json.decode(line, type=Question) for line in lines]
    first = among = silent = 0
    times = []
    for one in questions:
        start = time.perf_counter()
        found = [hit.id for hit in knowledge.answer(one.question, SHOWN)]
        times.append(time.perf_counter() - start)
        first += bool(one.answer and found and found[0] in one.answer)
        among += bool(one.answer and set(found) & set(one.answer))
        silent += not one.answer and not found
    answerable = sum(bool(one.answer) for one in questions)
    outside = len(questions) - answerable
    times.sort()
    yield f"questions                 {len(questions)}, {answerable} answerable"
    yield f"right passage first       {first / max(answerable, 1):.1%}"
    yield f"among the first three     {among / max(answerable, 1):.1%}"
    yield f"empty where out of scope  {silent / max(outside, 1):.1%} of {outside}"
    yield f"latency                   p50 {times[len(times) // 2] * 1000:.1f} ms"
