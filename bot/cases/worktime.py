"""Working time: so many seconds between two moments, and the moment after so many seconds.

Pure. A day may be split (a lunch break); weekends, public holidays and make-up days come from the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from bot.cases.clock import SHANGHAI, is_working_day, local_day

# For a desk that is manned day and night, holidays too.
ALWAYS = "always"
_MIDNIGHT = time(0)
# A target further away than this is a mistake, not a plan.
_FURTHEST_DAYS = 3660


class WorkHours(msgspec.Struct, frozen=True):
    """The hours of a working day as (begin, end) in minutes after midnight, Asia/Shanghai."""

    spans: tuple[tuple[int, int], ...]
    every_day: bool = False

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """When people work on `day`, in UTC; empty on days off."""
        if not self.every_day and not is_working_day(day)[0]:
            return []
        midnight = datetime.combine(day, _MIDNIGHT, SHANGHAI)
        first = midnight.astimezone(UTC)
        return [(first + timedelta(minutes=a), first + timedelta(minutes=b)) for a, b in self.spans]

    def working_at(self, moment: datetime) -> bool:
        return any(begin <= moment < end for begin, end in self.on(local_day(moment)))

    def seconds_between(self, begin: datetime, end: datetime) -> int:
        """Working seconds from `begin` to `end`; 0 if `end` is not later."""
        total = timedelta()
        for opens, closes in self._spans_from(begin, local_day(end)):
            total += max(timedelta(), min(closes, end) - max(opens, begin))
        return int(total.total_seconds())

    def after(self, begin: datetime, seconds: float) -> datetime:
        """The first moment at which `seconds` of working time have passed since `begin`.

        Args:
            seconds: at least 0; with 0 it is `begin`.
        """
        left = timedelta(seconds=seconds)
        if left <= timedelta():
            return begin
        for opens, closes in self._spans_from(begin, local_day(begin) + timedelta(days=_FURTHEST_DAYS)):
            here = closes - max(opens, begin)
            if here >= left:
                return max(opens, begin) + left
            left -= max(here, timedelta())
        raise ValueError("further away than ten years")

    def next_start(self, moment: datetime) -> datetime:
        """`moment` itself in working time, else when working time begins next."""
        return moment if self.working_at(moment) else self.start_after(moment)

    def start_after(self, moment: datetime) -> datetime:
        """When a stretch of working time begins next, later than `moment`."""
        last = local_day(moment) + timedelta(days=_FURTHEST_DAYS)
        return next(opens for opens, _ in self._spans_from(moment, last) if opens > moment)

    def end_of(self, day: date) -> datetime:
        """When the last stretch of the working day `day` ends; midnight for a day off."""
        spans = self.on(day)
        return spans[-1][1] if spans else datetime.combine(day, _MIDNIGHT, SHANGHAI).astimezone(UTC)

    def unknown_years(self, begin: datetime, end: datetime) -> tuple[int, ...]:
        """Years from `begin` to `end` whose holidays are not published: counted by weekdays."""
        if self.every_day:
            return ()
        years = range(local_day(begin).year, local_day(end).year + 1)
        return tuple(year for year in years if not is_working_day(date(year, 1, 1))[1])

    def _spans_from(self, begin: datetime, last: date) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time that end after `begin`, up to the day `last`."""
        day = local_day(begin)
        while day <= last:
            for opens, closes in self.on(day):
                if closes > begin:
                    yield opens, closes
            day += timedelta(days=1)


def parse_hours(text: str) -> WorkHours:
    """`09:00-12:00,13:30-17:30` as `WorkHours`; `always` for day and night, every day.

    Raises:
        ValueError: it cannot be read, or the stretches are empty, overlap or stand in no order (Chinese).
    """
    if text.strip().lower() == ALWAYS:
        return WorkHours(((0, 24 * 60),), every_day=True)
    spans: list[tuple[int, int]] = []
    for part in text.split(","):
        begin, dash, end = part.strip().partition("-")
        if not dash:
            raise ValueError(f"“{part.strip()}”应写成 开始-结束，如 09:00-12:00")
        span = _minutes(begin), _minutes(end)
        if span[0] >= span[1]:
            raise ValueError(f"“{part.strip()}”的结束应晚于开始")
        if spans and spans[-1][1] > span[0]:
            raise ValueError("各段时间应按先后排列，且不重叠")
        spans.append(span)
    return WorkHours(tuple(spans))


def _minutes(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and len(minutes) == 2):
        raise ValueError(f"“{text.strip()}”应写成 时:分，如 09:00")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(f"没有“{text.strip()}”这个时间")
    return total
