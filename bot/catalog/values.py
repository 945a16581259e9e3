"""What a fact about a firm can be: a value, a bound, declined, not applicable, or absent (unknown)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

NA: Final = "n/a"
"""The fact does not apply to this firm (the revenue of a team without a company)."""

FactValue = bool | int | float | str | None
"""A stated value; ``None`` means declined (不清楚): unknown, and never asked again."""


class Bound(msgspec.Struct, frozen=True):
    """What is known of a number that was given as a range or a limit (「不到三个点」, 「四五百万」).

    ``low`` and ``high`` are in the fact's own unit, ``None`` where that side is open-ended;
    ``low_open``/``high_open`` say that the end itself is excluded.
    """

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False


Facts = Mapping[str, FactValue]
Bounds = Mapping[str, Bound]
