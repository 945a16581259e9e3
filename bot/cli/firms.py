"""Firms as the command line takes them: a JSON object with ``facts``, ``bounds`` and ``as_of``."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from bot.catalog.checks import fits
from bot.catalog.model import FactSpec
from bot.catalog.values import Bound, FactValue
from bot.cli import jsonl
from bot.clock import today
from bot.decision.firm import Firm
from bot.decision.judge import Decider


def day_of(line: dict[str, Any]) -> datetime.date:
    """The day of judgement: ``as_of``, else today. Raises LineError where it is no date."""
    text = jsonl.field(line, "as_of", str, required=False)
    if text is None:
        return today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise jsonl.LineError(f"字段 as_of：「{text}」不是日期（应如 2026-11-24）") from None


def firm_of(line: dict[str, Any], decider: Decider) -> Firm:
    """The firm of a line. Raises LineError at an unknown fact or a value that does not fit it."""
    facts = jsonl.field(line, "facts", dict, required=False) or {}
    bounds = jsonl.field(line, "bounds", dict, required=False) or {}
    for name, value in facts.items():
        _check_fact(name, value, decider)
    read: dict[str, Bound] = {}
    for name, raw in bounds.items():
        if name not in decider.catalog.facts:
            raise jsonl.LineError(f"字段 bounds.{name}：没有这个事实")
        try:
            read[name] = msgspec.convert(raw, Bound)
        except msgspec.ValidationError as error:
            raise jsonl.LineError(f"字段 bounds.{name}：{error}") from None
        low, high = read[name].low, read[name].high
        if low is not None and high is not None and low > high:
            raise jsonl.LineError(f"字段 bounds.{name}：下限 {low:g} 大于上限 {high:g}")
        for end in (low, high):
            _check_range(decider.catalog.facts[name], end, "bounds")
    # A bound alone states the fact too.
    for name, bound in read.items():
        if name not in facts:
            ends = [end for end in (bound.low, bound.high) if end is not None]
            if ends:
                facts[name] = ends[0]
    return Firm(facts, read)


def _check_fact(name: str, value: FactValue, decider: Decider) -> None:
    spec = decider.catalog.facts.get(name)
    if spec is None:
        raise jsonl.LineError(f"字段 facts.{name}：没有这个事实")
    if fits(spec, value):
        _check_range(spec, value)
        return
    if spec.type != "choice":
        raise jsonl.LineError(f"字段 facts.{name}：值 {value!r} 的类型不对（{spec.name}）")
    allowed = "、".join(choice.value for choice in spec.choices)
    raise jsonl.LineError(f"字段 facts.{name}：值 {value!r} 不在 {allowed} 之中")


def _check_range(spec: FactSpec, value: FactValue, field: str = "facts") -> None:
    """Counts, shares, ages and years that cannot be: minus five people, 300 %, founded next year."""
    if spec.type not in ("count", "percent", "year", "years", "months") or len(spec.range) != 2:
        return
    low, high = spec.range
    if spec.type == "year":
        high = min(high, today().year)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not low <= value <= high:
        reason = spec.range_reason or f"应在{low:g}到{high:g}{spec.unit}之间"
        raise jsonl.LineError(f"字段 {field}.{spec.id}：{value:g} 不对，{reason}")
