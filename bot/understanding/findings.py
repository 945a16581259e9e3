"""A number as a finding: 万 where it was left out, the sign of losses and falls, the bound."""

from __future__ import annotations

from bot.catalog.values import Bound
from bot.understanding.analysis import Finding
from bot.understanding.quantities import Quantity, plain_number


def _bound(q: Quantity, negative: bool) -> Bound | None:
    bound = q.bound
    if bound is None or not negative:
        return bound
    return Bound(
        None if bound.high is None else -bound.high,
        None if bound.low is None else -bound.low,
        bound.high_open,
        bound.low_open,
    )


def _yuan(q: Quantity) -> None:
    """A bare figure of money is in 万元, unless it is so large that it must be 元."""
    if q.kind == "bare" and q.raw >= 1_000_000:
        q.low = None if q.low is None else q.low / 1e4
        q.high = None if q.high is None else q.high / 1e4


_WRITTEN_BELOW_ONE = frozenset(("debt_ratio_pct", "high_tech_revenue_pct", "rd_staff_pct"))
"""Shares that are never below one percent: 「负债率0.58」 is 58 %."""


def _percent(q: Quantity) -> None:
    if q.kind == "bare" and 0 < q.raw < 1:
        q.kind, q.raw = "percent", q.raw * 100
        q.low = None if q.low is None else q.low * 100
        q.high = None if q.high is None else q.high * 100


def finding(fact: str, q: Quantity, negative: bool = False, upper: bool = False) -> Finding:
    """A finding for a number, with its bound; the sign is turned for losses and falls."""
    if fact.endswith("_wan"):
        _yuan(q)
    elif fact in _WRITTEN_BELOW_ONE:
        _percent(q)
    value = q.value(upper=upper or negative)  # the lower end of a loss is its larger figure
    return Finding(
        fact, plain_number(-abs(value)) if negative else value, q.start, q.end, _bound(q, negative)
    )
