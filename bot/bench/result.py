"""What one bot was measured to do, and the two bots side by side."""

from __future__ import annotations

import msgspec

from bot.bench.processes import Weight
from bot.bench.talk import Timing


class Measured(msgspec.Struct, kw_only=True):
    """All numbers of one bot. Times in seconds unless the name says otherwise."""

    name: str
    ready_s: float
    processes: list[Weight] = []
    timings: list[Timing] = []
    training_s: float | None = None
    intent_accuracy: float | None = None
    parse_p50_ms: float | None = None
    parse_p95_ms: float | None = None


def _row(label: str, cells: list[str]) -> str:
    return f"{label:<38}" + "".join(f"{cell:>16}" for cell in cells)


def _number(value: float | None, unit: str = "", digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}f}{unit}"


def _ratio(ours: float | None, stock: float | None, *, more_is_better: bool) -> str:
    if not ours or not stock:
        return "–"
    return f"{ours / stock if more_is_better else stock / ours:.1f}×"


def table(ours: Measured, stock: Measured | None) -> list[str]:
    """The lines to print; the last column says how many times better ours is."""
    bots = [ours] if stock is None else [ours, stock]
    lines = [_row("", [bot.name for bot in bots] + ["better by"] * (stock is not None))]

    def line(label: str, get: str, unit: str = "", digits: int = 1, more_is_better: bool = False) -> None:
        values = [getattr(bot, get) for bot in bots]
        if all(value is None for value in values):
            return
        last = [_ratio(values[0], values[1], more_is_better=more_is_better)] if stock is not None else []
        lines.append(_row(label, [_number(value, unit, digits) for value in values] + last))

    for at, timing in enumerate(ours.timings):
        pair = [timing] if stock is None else [timing, stock.timings[at]]
        who = (
            "1 conversation" if timing.conversations == 1 else f"{timing.conversations} conversations at once"
        )
        for label, get, more in (
            ("turns/s", "turns_per_s", True),
            ("p50 ms", "p50_ms", False),
            ("p95 ms", "p95_ms", False),
            ("CPU ms a turn", "cpu_ms", False),
        ):
            values = [getattr(one, get) for one in pair]
            last = [_ratio(values[0], values[1], more_is_better=more)] if stock is not None else []
            lines.append(_row(f"{who}: {label}", [_number(value) for value in values] + last))
    line("start to first answer", "ready_s", " s")
    line("training", "training_s", " s")
    line("intent right (tests/eval)", "intent_accuracy", "", 3, more_is_better=True)
    line("parse over HTTP, p50", "parse_p50_ms", " ms")
    line("parse over HTTP, p95", "parse_p95_ms", " ms")
    for bot in bots:
        for process in bot.processes:
            lines.append(_row(f"memory: {process.what}", [f"{process.memory_mb:.0f} MB"]))
    return lines
