"""Facts that are one of a few values, and the trade."""

from __future__ import annotations

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.green import find_green
from bot.understanding.kinds import find_kind
from bot.understanding.organisations import find_organisation
from bot.understanding.purposes import find_purpose
from bot.understanding.trades import find_trade


def find_choices(a: Analysis) -> list[Finding]:
    """Every choice that is said; where several purposes or kinds are named, the first of them."""
    out = [*find_organisation(a), *find_kind(a), *find_green(a), *find_purpose(a)]
    find_trade(a, out)
    return out
