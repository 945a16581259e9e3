"""The table of `peipao bench understanding`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

OUT_OF_SCOPE = "out_of_scope"


class Row(msgspec.Struct, kw_only=True):
    """One way to tell intents. Times in the unit that the name says; None where it was not measured."""

    name: str
    accuracy: float
    auroc: float
    p50_ms: float
    p95_ms: float
    training_s: float | None = None
    size_mb: float | None = None
    embedded: float | None = None
    """Share of the sentences whose vector was needed."""
    load_s: float | None = None
    memory_mb: float | None = None


def area_under_curve(inside: Sequence[float], outside: Sequence[float]) -> float:
    """How often an out-of-scope sentence scores above another one; NaN where one kind is missing."""
    if not inside or not outside:
        return float("nan")
    wins = sum((one > other) + 0.5 * (one == other) for one in outside for other in inside)
    return wins / (len(inside) * len(outside))


def out_score(ranking: Sequence[tuple[str, float]]) -> float:
    """How surely a sentence is out of scope, as `peipao eval` counts it."""
    chances = dict(ranking)
    inside = max((chance for name, chance in chances.items() if name != OUT_OF_SCOPE), default=0.0)
    return 0.5 * chances.get(OUT_OF_SCOPE, 0.0) + 0.5 * (1 - inside)


def scored(intents: Sequence[str], rankings: Sequence[Sequence[tuple[str, float]]]) -> tuple[float, float]:
    """(share of first intents that are right, AUROC of out of scope); asking back is no intent."""
    right = 0
    scores: dict[bool, list[float]] = {True: [], False: []}
    for intent, ranking in zip(intents, rankings, strict=True):
        named = [(name, chance) for name, chance in ranking if name != "nlu_fallback"]
        right += bool(named) and named[0][0] == intent
        scores[intent == OUT_OF_SCOPE].append(out_score(named))
    return right / len(intents), area_under_curve(scores[False], scores[True])


def _cell(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def table(rows: Sequence[Row]) -> list[str]:
    """A line for each way."""
    heads = ("intent", "AUROC", "p50 ms", "p95 ms", "embedded", "train s", "MB", "load s", "memory MB")
    lines = [f"{'':<42}" + "".join(f"{head:>11}" for head in heads)]
    for row in rows:
        cells = (
            f"{row.accuracy:.1%}",
            f"{row.auroc:.3f}",
            f"{row.p50_ms:.2f}",
            f"{row.p95_ms:.2f}",
            _cell(row.embedded, ".0%"),
            _cell(row.training_s, ".1f"),
            _cell(row.size_mb, ".1f"),
            _cell(row.load_s, ".1f"),
            _cell(row.memory_mb, ".0f"),
        )
        lines.append(f"{row.name:<42}" + "".join(f"{cell:>11}" for cell in cells))
    return lines


def ratios(ours: Row, stock: Row) -> str:
    """How many times better ours is than the stock pipeline; errors are counted, not hits."""
    parts = [f"errors {(1 - stock.accuracy) / max(1 - ours.accuracy, 1e-9):.2f}×"]
    for name, get in (
        ("p50", "p50_ms"),
        ("p95", "p95_ms"),
        ("training", "training_s"),
        ("load", "load_s"),
        ("memory", "memory_mb"),
    ):
        mine, theirs = getattr(ours, get), getattr(stock, get)
        if mine and theirs:
            parts.append(f"{name} {theirs / mine:.1f}×")
    return "ours better than stock: " + ", ".join(parts)
