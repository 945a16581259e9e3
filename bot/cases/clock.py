"""Working days in China: weekends, public holidays and make-up days (调休)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import msgspec

from bot.clock import SHANGHAI

__all__ = [
    "SHANGHAI",
    "DueDay",
    "add_working_days",
    "is_working_day",
    "local_day",
    "now",
    "unknown_years_note",
]


class DueDay(msgspec.Struct, frozen=True):
    """The last day of a period, and the years on the way whose holidays are not published yet."""

    day: date
    unknown_years: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """Empty, or a sentence for people about the years that were counted by weekdays."""
        return unknown_years_note(self.unknown_years)


def unknown_years_note(years: tuple[int, ...]) -> str:
    if not years:
        return ""
    named = "、".join(f"{year}年" for year in years)
    return f"{named}的放假安排尚未收录，暂按周一至周五计算，以届时公布的安排为准"


def is_working_day(day: date) -> tuple[bool, bool]:
    """(whether people work on `day`, whether the calendar knows).

    A year that `chinese_calendar` does not know falls back to Monday to Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False


def add_working_days(start: date, days: int) -> DueDay:
    """The `days`-th working day after `start`; `start` itself does not count.

    Args:
        start: the day on which the period begins, a working day or not.
        days: at least 1.
    """
    if days < 1:
        raise ValueError("at least one working day")
    day, left, unknown = start, days, []
    while left:
        day += timedelta(days=1)
        works, known = is_working_day(day)
        if not known and day.year not in unknown:
            unknown.append(day.year)
        left -= works
    return DueDay(day, tuple(unknown))


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The date that people in China have at `moment`."""
    return moment.astimezone(SHANGHAI).date()
