"""What the bench says, and how the answers are timed."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

import msgspec

#: One conversation: a need, facts, a side question, a pre-check, a hand-over not taken.
SENTENCES = (
    "你好",
    "我们是做智能传感器的,成立四年,5项发明专利,去年营收1800万,没抵押,想贷400万周转",
    "注册地在高新区里面",
    "职工46个人,研发有18个",
    "去年研发花了两百来万",
    "科创保是什么",
    "已经是高新技术企业了",
    "不清楚",
    "那知识价值信用贷我们能申请吗",
    "为什么",
    "不是400万,是350万",
    "谢谢",
)

Say = Callable[[str], Awaitable[None]]
#: Begins a conversation and returns how to say something in it; awaiting it means it was answered.
Begin = Callable[[int], Awaitable[Say]]


class Timing(msgspec.Struct, frozen=True):
    """Turns a second and the times of single turns, in milliseconds.

    `cpu_ms`: CPU time of all the bot's processes for one turn, which hardly depends on what else the machine
    does; none where it was not measured.
    """

    conversations: int
    turns: int
    turns_per_s: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float | None = None


def percentile(sorted_values: list[float], share: float) -> float:
    """The value below which `share` (0–1) of the sorted values lie (nearest rank)."""
    if not sorted_values:
        raise ValueError("no values")
    return sorted_values[min(len(sorted_values) - 1, max(0, round(share * len(sorted_values)) - 1))]


async def time_turns(
    begin: Begin, *, conversations: int, rounds: int, cpu_s: Callable[[], float] | None = None
) -> Timing:
    """Holds `conversations` talks at once, each `rounds` times through the sentences in new sessions.

    Args:
        cpu_s: the seconds of CPU that the bot has used so far.
    """
    times: list[float] = []

    async def talk(number: int) -> None:
        for turn in range(rounds):
            say = await begin(number * rounds + turn)
            for sentence in SENTENCES:
                began = time.perf_counter()
                await say(sentence)
                times.append((time.perf_counter() - began) * 1000)

    used = math.nan if cpu_s is None else cpu_s()
    began = time.perf_counter()
    await asyncio.gather(*(talk(number) for number in range(conversations)))
    seconds = time.perf_counter() - began
    used = math.nan if cpu_s is None else cpu_s() - used
    times.sort()
    return Timing(
        conversations=conversations,
        turns=len(times),
        turns_per_s=len(times) / seconds,
        p50_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        cpu_ms=None if math.isnan(used) else used * 1000 / len(times),
    )
