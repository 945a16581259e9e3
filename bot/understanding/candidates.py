"""What might state a fact: every number, year and title of a message, and how each looks in its surroundings.

The rules say what they take a candidate for; a trained model (:mod:`judgement`) has the last word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

NONE = "none"
"""The label of a candidate that states nothing."""
_LEFT, _NEAR, _RIGHT = 16, 8, 10
"""Characters around a number that are looked at: before it, close before it, behind it."""
_QUESTION = 60
"""Characters at the end of a message in which a question about a product is looked for."""
_ANSWER = 30
"""Characters of a reply to a question that are looked at."""
_MOODS = ("question", "sentence_question", "what_if", "rule", "others")
_PATENTS = ("invention_patents", "utility_patents")


_Place = tuple[int, int, str, int, str]
"""Start, end, kind, index among its like, and how it is written."""


MONEY = frozenset(
    "revenue_wan amount_wan existing_loans_wan equity_raised_wan rd_expense_wan net_profit_wan "
    "total_assets_wan".split()
)
SHARES = frozenset(
    "rd_staff_pct revenue_growth_pct high_tech_revenue_pct rd_ratio_pct debt_ratio_pct".split()
)
PEOPLE = frozenset(("employees", "rd_employees"))
THINGS = frozenset("invention_patents utility_patents software_copyrights pct_patents".split())
POINTS = frozenset(("innovation_points",))
TIMES = frozenset(("term_months", "years_established"))
FOUNDED = frozenset(("established_year",))
_MAY_BE: Mapping[str, frozenset[str]] = {
    "money": MONEY,
    "percent": SHARES,
    "times": SHARES,
    "people": PEOPLE,
    "items": THINGS | PEOPLE | MONEY | SHARES | POINTS,
    "points": POINTS | SHARES | MONEY | THINGS,
    "months": TIMES,
    "year": FOUNDED,
    "bare": MONEY | SHARES | PEOPLE | THINGS | POINTS | TIMES | FOUNDED,
}
_COUNTS_THINGS = "项件本篇种张"


def may_be(kind: str, unit: str = "") -> frozenset[str]:
    """The facts that a number of that kind and unit can state at all."""
    return THINGS if kind == "items" and unit[:1] in _COUNTS_THINGS and unit else _MAY_BE[kind]


class Candidate(msgspec.Struct, frozen=True):
    """A place in normal text. ``key`` is the kind of number, ``year``, or the fact that a title belongs to;
    ``index`` counts within ``Analysis.quantities``, ``years`` or ``terms``."""

    sort: Literal["figure", "title", "aspect", "answer", "rival"]
    key: str
    index: int
    start: int
    end: int
    features: tuple[str, ...]
    allowed: frozenset[str] = frozenset()
    """The facts that a number may state; empty where the labels are no facts."""


def grams(text: str, name: str, longest: int) -> list[str]:
    return [
        f"{name}:{text[i : i + size]}" for size in range(1, longest + 1) for i in range(len(text) - size + 1)
    ]


def _mood(segment: Segment) -> list[str]:
    return [f"s:{mood}" for mood in _MOODS if getattr(segment, mood)]


def stated(findings: Sequence[Finding]) -> dict[int, str]:
    """Fact by place: what the rules took a candidate for."""
    out: dict[int, str] = {}
    for found in findings:
        out.setdefault(found.start, found.fact)
    return out


def figures(a: Analysis, by_rule: Mapping[int, str] | None) -> list[Candidate]:
    """Every number and year that could be a fact. ``by_rule`` is left out where the rules were tuned on the
    very sentence: what they say of it would be believed too much."""
    years: list[_Place] = [(y.start, y.end, "year", i, f"y{y.said}{y.sure}") for i, y in enumerate(a.years)]
    covered = [(start, end) for start, end, *_ in years]
    numbers: list[_Place] = [
        (q.start, q.end, q.kind, i, f"{q.unit}|{min(9, int(math.log10(max(q.raw, 1.0))))}")
        for i, q in enumerate(a.quantities)
        if q.kind != "other" and not any(s == q.start and e >= q.end for s, e in covered)
    ]
    places = sorted(years + numbers)
    known = [t for t in a.terms if t.group in ("anchor", "flag", "product")]
    out: list[Candidate] = []
    for number, (start, end, kind, index, shape) in enumerate(places):
        floor = places[number - 1][1] if number else 0
        ceiling = places[number + 1][0] if number + 1 < len(places) else len(a.text)
        left = a.text[max(floor, start - _LEFT) : start]
        beyond = a.text[max(0, start - _LEFT) : start]
        right = a.text[end : min(ceiling, end + _RIGHT)]
        features = [f"k:{kind}", f"u:{kind}|{shape}", f"a:{a.asked}", f"a:{a.asked}|{kind}"]
        features += grams(left[-3:], "L3", 3) + grams(left[-_NEAR:], "L8", 4) + grams(left, "L", 4)
        features += grams(right[:3], "R3", 3) + grams(right, "R", 4)
        features += [f"{gram}|{kind}" for gram in grams(left[-_NEAR:], "k", 3)]
        if left != beyond:
            features += grams(beyond, "B", 3)
        before = [t for t in known if floor <= t.start and t.end <= start]
        behind = [t for t in known if end <= t.start < ceiling]
        for name, term, far in (
            ("before", before[-1] if before else None, start),
            ("behind", behind[0] if behind else None, end),
        ):
            key = term.key if term else ""
            features += [f"{name}:{key}", f"{name}:{key}|{kind}"]
            if term:
                features.append(
                    f"{name}:{key}|{min(3, abs(far - (term.end if far == start else term.start)) // 2)}"
                )
        features += [f"any:{t.key}" for t in before]
        # What was spoken of last, even if another number lies between.
        earlier = [t.key for t in known if t.end <= start][-2:]
        features += [f"far:{key}" for key in earlier]
        features += [*_mood(a.segment_at(start)), f"n:{min(len(places), 4)}"]
        if number:
            features.append(f"after:{places[number - 1][2]}")
        if by_rule is not None:
            rule = by_rule.get(start, NONE)
            features += [f"rule:{rule}", f"rule:{rule}|{kind}"]
            features += [f"rule:{rule}|{key}" for key in earlier] or [f"rule:{rule}|-"]
        unit = a.quantities[index].unit if kind != "year" else ""
        out.append(Candidate("figure", kind, index, start, end, tuple(features), may_be(kind, unit)))
    return out


def titles(a: Analysis, by_rule: Mapping[int, str] | None, values: Mapping[str, object]) -> list[Candidate]:
    """Every word for a yes/no fact or for a thing that a firm may have none of.

    Args:
        values: what the rules read, by fact.
    """
    terms = [(i, t) for i, t in enumerate(a.terms) if t.group in ("flag", "cue")]
    out: list[Candidate] = []
    for number, (index, term) in enumerate(terms):
        segment = a.segment_at(term.start)
        floor = terms[number - 1][1].end if number else 0
        last = number + 1 == len(terms)
        ceiling = len(a.text) if last else terms[number + 1][1].start
        left = ("^" if number == 0 else "@") + a.text[max(floor, term.start - 12) : term.start]
        right = a.text[term.end : min(ceiling, term.end + 12)] + ("$" if last else "@")
        inside = a.text[max(segment.start, floor) : term.start]
        behind = a.text[term.end : min(segment.end, ceiling)]
        word = a.text[term.start : term.end]
        features = [f"k:{term.key}", f"w:{term.key}|{word}", f"a:{a.asked == term.key}"]
        features += grams(left[-4:], "L4", 4) + grams(left, "L", 3)
        features += grams(right[:5], "R5", 5) + grams(right, "R", 3)
        features += grams(behind[-4:] + "$", "E", 4) + grams(inside, "I", 3) + grams(behind, "H", 3)
        if not last:
            features += grams(a.text[term.end : term.end + 24][-14:], "T", 3)
        if number:
            features += grams(a.text[max(0, term.start - 20) : term.start], "P", 3)
        features += [*_mood(segment), f"i{min(number, 2)}n{min(len(terms), 3)}"]
        if by_rule is not None:
            keys = _PATENTS if term.key == "patents" else (term.key,)
            rule = "+".join(sorted({polarity(values.get(key)) for key in keys}))
            features += [f"rule:{rule}", f"rule:{rule}|{term.key}"]
        out.append(Candidate("title", term.key, index, term.start, term.end, tuple(features)))
    return out


def question(text: str, rule: str | None, *, with_rule: bool) -> Candidate:
    """A message about a product, its names replaced, and which side of it the rules think is asked about."""
    marked = f"^{text[-_QUESTION:]}$"
    features = grams(marked, "q", 4)
    if with_rule:
        features += [f"rule:{rule}"]
    return Candidate("aspect", "aspect", 0, 0, len(text), tuple(features))


def answer(text: str, fact: str, by_rule: object, *, with_rule: bool) -> Candidate:
    """A short reply to the question about a yes/no fact."""
    marked = f"^{text[:_ANSWER]}$"
    features = [*grams(marked, "w", 4), *grams(marked[:4], "b", 4), f"k:{fact}"]
    features += [f"{gram}|{fact}" for gram in grams(marked, "f", 2)]
    if with_rule:
        features += [f"rule:{polarity(by_rule)}", f"rule:{polarity(by_rule)}|{fact}"]
    return Candidate("answer", fact, 0, 0, len(text), tuple(features))


def said(findings: Sequence[Finding]) -> dict[str, object]:
    """Value by fact; a stated one wins over an implied one, the last over the first."""
    firm = {f.fact for f in findings if not f.implied}
    kept = [f for f in findings if not (f.implied and f.fact in firm)]
    return {f.fact: f.value for f in sorted(kept, key=lambda f: (f.start, f.end))}


def polarity(value: object) -> str:
    """``true``, ``false`` (also for a count of 0) or ``none`` (not said, or a number)."""
    if value is True:
        return "true"
    if value is False or (value == 0 and isinstance(value, (int, float))):
        return "false"
    return NONE
