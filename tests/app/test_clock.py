"""Working days: holidays, make-up days, and years that are not published yet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.clock import add_working_days, is_working_day, local_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 2, 17), False),
    ],
)
def test_days_that_the_calendar_knows(day: date, works: bool) -> None:
    assert is_working_day(day) == (works, True)


def test_the_day_itself_does_not_count() -> None:
    assert add_working_days(date(2026, 11, 24), 1).day == date(2026, 11, 25)
    assert add_working_days(date(2026, 11, 24), 7).day == date(2026, 12, 3)
    # Handed over on a Saturday: the first working day after it is Monday.
    assert add_working_days(date(2026, 11, 28), 1).day == date(2026, 11, 30)


def test_an_unknown_year_is_counted_by_weekdays_and_said_so() -> None:
    due = add_working_days(date(2040, 12, 28), 7)
    assert due.day == date(2041, 1, 8)
    assert due.unknown_years == (2040, 2041)
    assert due.note == "2040年、2041年的放假安排尚未收录，暂按周一至周五计算，以届时公布的安排为准"
    assert add_working_days(date(2026, 11, 24), 7).note == ""


@given(st.dates(date(2005, 1, 1), date(2045, 1, 1)), st.integers(1, 40))
def test_exactly_as_many_working_days_lie_between(start: date, days: int) -> None:
    due = add_working_days(start, days).day
    between = [date.fromordinal(n) for n in range(start.toordinal() + 1, due.toordinal() + 1)]
    assert sum(is_working_day(day)[0] for day in between) == days
    assert is_working_day(due)[0]


def test_a_period_needs_a_length() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(date(2026, 11, 24), 0)


def test_the_day_in_china_begins_eight_hours_earlier() -> None:
    assert local_day(datetime(2026, 11, 24, 15, 59, tzinfo=UTC)) == date(2026, 11, 24)
    assert local_day(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)) == date(2026, 11, 25)
