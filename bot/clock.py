"""The day it is where the firms are. The one place that asks the clock for a date."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> datetime.date:
    """Today in Asia/Shanghai."""
    return now().date()


def now() -> datetime.datetime:
    """Now, in Asia/Shanghai."""
    return datetime.datetime.now(SHANGHAI)
