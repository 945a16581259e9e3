"""What the reports say, computed from plain rows. Pure: no database, and the moment is an argument."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import median

import msgspec

from bot.cases.worktime import WorkHours


class CaseRow(msgspec.Struct, frozen=True):
    """A case as far as the reports look at it. `claimed_at`: when somebody first took it."""

    team: str
    reason: str
    product: str | None
    created_at: datetime
    claimed_at: datetime | None = None
    opinion_at: datetime | None = None
    ended_at: datetime | None = None
    stars: int | None = None


class ClockRow(msgspec.Struct, frozen=True):
    """A target of a case: `first_reply` or `opinion`; running, stopped, met or missed."""

    target: str
    status: str
    team: str = ""


class TalkRow(msgspec.Struct, frozen=True):
    """Products that a talk was about: asked for by the firm, and shown to it as not ruled out."""

    asked: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()


class QuestionRow(msgspec.Struct, frozen=True):
    """A question that nobody could answer, masked. `reason`: `silent`, `unknown`, `out_of_scope`."""

    words: str
    reason: str
    at: datetime


class Spread(msgspec.Struct, frozen=True):
    """How long something takes, in working seconds. `buckets`: (title, how many), from short to long."""

    count: int
    median_s: float | None
    slow_s: float | None
    buckets: list[tuple[str, int]]


class Kept(msgspec.Struct, frozen=True):
    """How often a target was met; what runs or stands is not judged."""

    met: int
    missed: int
    open: int

    @property
    def percent(self) -> float | None:
        judged = self.met + self.missed
        return 100 * self.met / judged if judged else None


class TeamLine(msgspec.Struct, frozen=True):
    """One team's figures; times are medians in working seconds."""

    team: str
    cases: int
    waiting_s: float | None
    handling_s: float | None
    kept: Kept


class OpenQuestions(msgspec.Struct, frozen=True):
    """A question, how often it came, and when it came last."""

    words: str
    reason: str
    count: int
    last_at: datetime


class Report(msgspec.Struct, frozen=True):
    cases: int
    waiting: Spread
    handling: Spread
    kept: dict[str, Kept]
    reasons: list[tuple[str, int]]
    # (product, asked for, found), most asked first.
    products: list[tuple[str, int, int]]
    questions: list[OpenQuestions]
    stars: dict[int, int]
    teams: list[TeamLine]


_SLOW = 0.9


def report(
    cases: Sequence[CaseRow],
    clocks: Sequence[ClockRow],
    talks: Sequence[TalkRow],
    questions: Sequence[QuestionRow],
    hours: WorkHours,
) -> Report:
    """Everything the page shows.

    Args:
        hours: the office's, by which waiting and handling are measured.
    """
    return Report(
        cases=len(cases),
        waiting=spread(waiting_s(cases, hours), hours),
        handling=spread(handling_s(cases, hours), hours),
        kept=targets_kept(clocks),
        reasons=Counter(case.reason for case in cases).most_common(),
        products=products(talks),
        questions=grouped(questions),
        stars=stars_given(cases),
        teams=by_team(cases, clocks, hours),
    )


def waiting_s(cases: Iterable[CaseRow], hours: WorkHours) -> list[int]:
    """Working seconds from the hand-over until somebody took the case."""
    return [
        hours.seconds_between(case.created_at, case.claimed_at)
        for case in cases
        if case.claimed_at is not None
    ]


def handling_s(cases: Iterable[CaseRow], hours: WorkHours) -> list[int]:
    """Working seconds from the claim until the opinion, or the end of a case without one."""
    found = []
    for case in cases:
        done = case.opinion_at or case.ended_at
        if case.claimed_at is not None and done is not None:
            found.append(hours.seconds_between(case.claimed_at, done))
    return found


def spread(seconds: Sequence[int], hours: WorkHours) -> Spread:
    """How `seconds` are spread: median, the slowest tenth, and how many fall into which bucket."""
    day = day_s(hours)
    limits = [
        ("半小时内", 1800.0),
        ("2小时内", 7200.0),
        ("1个工作日内", float(day)),
        ("3个工作日内", 3.0 * day),
        ("7个工作日内", 7.0 * day),
    ]
    counts = [0] * (len(limits) + 1)
    for one in seconds:
        counts[next((n for n, (_, limit) in enumerate(limits) if one <= limit), len(limits))] += 1
    titles = [*(title for title, _ in limits), "更久"]
    ordered = sorted(seconds)
    return Spread(
        len(ordered),
        float(median(ordered)) if ordered else None,
        float(ordered[min(len(ordered) - 1, int(len(ordered) * _SLOW))]) if ordered else None,
        list(zip(titles, counts, strict=True)),
    )


def day_s(hours: WorkHours) -> int:
    """Working seconds of a whole day."""
    return sum(end - begin for begin, end in hours.spans) * 60


def targets_kept(clocks: Iterable[ClockRow]) -> dict[str, Kept]:
    """By target, in a fixed order; a target without any clock is there too."""
    counted: dict[str, Counter[str]] = {"first_reply": Counter(), "opinion": Counter()}
    for clock in clocks:
        counted.setdefault(clock.target, Counter())[clock.status] += 1
    return {
        target: Kept(found["met"], found["missed"], found["running"] + found["stopped"])
        for target, found in counted.items()
    }


def products(talks: Iterable[TalkRow]) -> list[tuple[str, int, int]]:
    """(product, talks that asked for it, talks in which it was found), most asked first."""
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for talk in talks:
        asked.update(talk.asked)
        found.update(talk.found)
    names = sorted({*asked, *found}, key=lambda one: (-asked[one], -found[one], one))
    return [(one, asked[one], found[one]) for one in names]


def grouped(questions: Iterable[QuestionRow]) -> list[OpenQuestions]:
    """The same question counts once, however it is punctuated; most frequent first, then newest."""
    groups: defaultdict[tuple[str, str], list[QuestionRow]] = defaultdict(list)
    for question in questions:
        groups[(_bare(question.words), question.reason)].append(question)
    found = [
        OpenQuestions(rows[-1].words, reason, len(rows), max(row.at for row in rows))
        for (_, reason), rows in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.count, -one.last_at.timestamp(), one.words))


def stars_given(cases: Iterable[CaseRow]) -> dict[int, int]:
    """How often each number of stars was given, five first."""
    given = Counter(case.stars for case in cases if case.stars is not None)
    return {stars: given[stars] for stars in range(5, 0, -1)}


def by_team(cases: Sequence[CaseRow], clocks: Sequence[ClockRow], hours: WorkHours) -> list[TeamLine]:
    """One line a team, the one with most cases first."""
    lines = []
    for team in {case.team for case in cases}:
        own = [case for case in cases if case.team == team]
        waited, handled = waiting_s(own, hours), handling_s(own, hours)
        kept = targets_kept(clock for clock in clocks if clock.team == team).values()
        lines.append(
            TeamLine(
                team,
                len(own),
                float(median(waited)) if waited else None,
                float(median(handled)) if handled else None,
                Kept(
                    sum(one.met for one in kept),
                    sum(one.missed for one in kept),
                    sum(one.open for one in kept),
                ),
            )
        )
    return sorted(lines, key=lambda line: (-line.cases, line.team))


def took(seconds: float | None, hours: WorkHours) -> str:
    """Working seconds as people say them; a dash where nothing was measured.

    >>> from bot.cases.worktime import parse_hours
    >>> [took(s, parse_hours("09:00-12:00,13:30-17:30")) for s in (None, 40, 5400, 25200 * 2.5)]
    ['—', '1分钟内', '1小时30分', '2.5个工作日']
    """
    if seconds is None:
        return "—"
    if seconds < 60:
        return "1分钟内"
    day = day_s(hours)
    if seconds >= day:
        return f"{seconds / day:.1f}个工作日".replace(".0个", "个")
    whole, minutes = divmod(int(seconds) // 60, 60)
    return (f"{whole}小时" if whole else "") + (f"{minutes}分" if minutes or not whole else "")


def _bare(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())
