"""Working time: split days, weekends, public holidays, make-up days, years that are not published."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest

from bot.cases.clock import SHANGHAI, is_working_day
from bot.cases.worktime import parse_hours
from bot.settings import DEFAULT_HOURS, SettingsError, load_settings

HOURS = parse_hours(DEFAULT_HOURS)
HOUR = 3600


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        (("2026-11-24", "10:00"), ("2026-11-24", "11:30"), 1.5),
        # The lunch break does not count.
        (("2026-11-24", "11:00"), ("2026-11-24", "14:30"), 2),
        (("2026-11-24", "12:10"), ("2026-11-24", "13:20"), 0),
        # Before and after work.
        (("2026-11-24", "06:00"), ("2026-11-24", "23:00"), 7),
        # Over night, over a weekend.
        (("2026-11-24", "17:00"), ("2026-11-25", "09:30"), 1),
        (("2026-11-27", "17:00"), ("2026-11-30", "09:30"), 1),
        # National day: Thursday 1 to Wednesday 7 October 2026 are free, Saturday 10 is worked.
        (("2026-09-30", "17:00"), ("2026-10-08", "09:30"), 1),
        (("2026-10-09", "17:00"), ("2026-10-10", "10:00"), 1.5),
        (("2026-10-10", "00:00"), ("2026-10-12", "00:00"), 7),
        # New year: Friday 2 January is free, Sunday 4 is worked.
        (("2026-01-01", "09:00"), ("2026-01-05", "00:00"), 7),
        # Backwards.
        (("2026-11-24", "11:00"), ("2026-11-24", "10:00"), 0),
    ],
)  # fmt: skip
def test_working_time_between(begin: tuple[str, str], end: tuple[str, str], hours: float) -> None:
    assert HOURS.seconds_between(at(*begin), at(*end)) == hours * HOUR


@pytest.mark.parametrize(
    ("begin", "hours", "due"),
    [
        (("2026-11-24", "10:00"), 1, ("2026-11-24", "11:00")),
        (("2026-11-24", "11:30"), 1, ("2026-11-24", "14:00")),
        (("2026-11-24", "17:00"), 1, ("2026-11-25", "09:30")),
        (("2026-11-28", "10:00"), 7, ("2026-11-30", "17:30")),
        (("2026-09-30", "17:00"), 1, ("2026-10-08", "09:30")),
        (("2026-11-24", "12:30"), 0, ("2026-11-24", "12:30")),
    ],
)  # fmt: skip
def test_due_after(begin: tuple[str, str], hours: float, due: tuple[str, str]) -> None:
    assert HOURS.after(at(*begin), hours * HOUR) == at(*due)


def test_between_and_after_agree_with_counting_minutes() -> None:
    rng = random.Random(random.randrange(2**31))
    works = lru_cache(lambda day: is_working_day(day)[0])
    working = {
        minute
        for minute in range(24 * 60)
        if 9 * 60 <= minute < 12 * 60 or 13 * 60 + 30 <= minute < 17 * 60 + 30
    }
    for _ in range(60):
        begin = at("2026-01-01", "00:00") + timedelta(minutes=rng.randrange(360 * 24 * 60))
        length = rng.randrange(6 * 24 * 60)
        local = begin.astimezone(SHANGHAI)  # no summer time there
        counted = 0
        for _ in range(length):
            counted += works(local.date()) and local.hour * 60 + local.minute in working
            local += timedelta(minutes=1)
        end = begin + timedelta(minutes=length)
        assert HOURS.seconds_between(begin, end) == counted * 60, (begin, end)
        due = HOURS.after(begin, counted * 60)
        assert due <= end
        assert HOURS.seconds_between(begin, due) == counted * 60


@pytest.mark.parametrize(
    ("moment", "next_start", "later"),
    [
        (("2026-11-24", "10:00"), ("2026-11-24", "10:00"), ("2026-11-24", "13:30")),
        (("2026-11-24", "12:30"), ("2026-11-24", "13:30"), ("2026-11-24", "13:30")),
        (("2026-11-24", "18:00"), ("2026-11-25", "09:00"), ("2026-11-25", "09:00")),
        (("2026-11-27", "17:30"), ("2026-11-30", "09:00"), ("2026-11-30", "09:00")),
        (("2026-10-01", "10:00"), ("2026-10-08", "09:00"), ("2026-10-08", "09:00")),
        (("2026-10-09", "20:00"), ("2026-10-10", "09:00"), ("2026-10-10", "09:00")),
    ],
)  # fmt: skip
def test_when_work_begins_next(
    moment: tuple[str, str], next_start: tuple[str, str], later: tuple[str, str]
) -> None:
    assert HOURS.next_start(at(*moment)) == at(*next_start)
    assert HOURS.start_after(at(*moment)) == at(*later)


def test_an_unpublished_year_goes_by_weekdays_and_is_named() -> None:
    # 2040 is beyond every calendar of today; 1 January 2040 is a Sunday.
    begin, end = at("2040-01-01", "00:00"), at("2040-01-08", "00:00")
    assert HOURS.seconds_between(begin, end) == 5 * 7 * HOUR
    assert HOURS.unknown_years(at("2026-12-30", "10:00"), at("2026-12-31", "10:00")) == ()
    assert HOURS.unknown_years(begin, end) == (2040,)
    assert parse_hours("always").unknown_years(begin, end) == ()


def test_day_and_night() -> None:
    always = parse_hours("always")
    saturday = at("2026-11-28", "03:00")
    assert always.working_at(saturday)
    assert always.seconds_between(saturday, saturday + timedelta(days=9)) == 9 * 24 * HOUR
    assert always.end_of(date(2026, 11, 28)) == at("2026-11-29", "00:00")


@pytest.mark.parametrize(
    "text", ["9-12", "09:00", "12:00-09:00", "09:00-12:00,11:00-13:00", "09:60-12:00", "09:00-25:00", "早上"]
)
def test_hours_that_make_no_sense_stop_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"[，“”应]"):
        parse_hours(text)
    with pytest.raises(SettingsError, match="PEIPAO_WORK_HOURS"):
        load_settings({"PEIPAO_WORK_HOURS": text})


def test_the_settings() -> None:
    settings = load_settings({"PEIPAO_WORK_HOURS": "08:30-12:00, 14:00-18:00", "PEIPAO_OFFER_MINUTES": "5"})
    assert parse_hours(settings.work_hours).spans == ((510, 720), (840, 1080))
    assert settings.offer_minutes == 5
    with pytest.raises(SettingsError, match="PEIPAO_OFFER_MINUTES"):
        load_settings({"PEIPAO_OFFER_MINUTES": "0"})
