"""What is known of a firm on a day: stated values, bounds, and what follows from them."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping

import msgspec

from bot.catalog.checks import AS_OF_YEAR, SME_SIZE
from bot.catalog.expression import Arithmetic, Name, Term, parse_term
from bot.catalog.model import FactSpec
from bot.catalog.values import NA, Bounds, Facts
from bot.decision.cells import EVERYTHING, Interval, interval_of


class Firm(msgspec.Struct, frozen=True):
    """Facts (absent = unknown, None = declined, ``"n/a"`` = not applicable) and the bounds beside them."""

    facts: Facts = {}
    bounds: Bounds = {}

    def stated(self, fact: str) -> bool:
        """A value was given (neither unknown, declined nor not applicable)."""
        value = self.facts.get(fact)
        return value is not None and value != NA

    def declined(self, fact: str) -> bool:
        return fact in self.facts and self.facts[fact] is None


class Derivation:
    """Facts that follow from others: ratios from their parts, years from a founding year.

    ``size_facts``: those from which the size class follows; the class itself is the space's to find.
    """

    def __init__(self, facts: Mapping[str, FactSpec], size_facts: Collection[str] = ()) -> None:
        self._size_facts = set(size_facts)
        self._facts = facts
        self.terms: dict[str, Term] = {
            name: parse_term(spec.derived) for name, spec in facts.items() if spec.derived and spec.numeric
        }

    def interval(self, fact: str, firm: Firm, day: datetime.date, depth: int = 0) -> Interval | None:
        """What is known of a number: stated, else derived, else None. Units are the fact's own."""
        value = firm.facts.get(fact)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return interval_of(float(value), firm.bounds.get(fact))
        term = self.terms.get(fact)
        if term is None or value == NA or depth > 4:
            return None
        if fact == "years_established":
            founded = self.interval("established_year", firm, day, depth + 1)
            return None if founded is None else _age(founded, day)
        found = self._evaluate(term, firm, day, depth)
        return None if found is None or (found.low == -math.inf and found.high == math.inf) else found

    def undefined(self, fact: str, firm: Firm, day: datetime.date) -> bool:
        """The fact follows from others and they leave it without meaning: a share of no revenue at all."""
        term = self.terms.get(fact)
        if term is None or fact in firm.facts:
            return False
        if any(firm.facts.get(part) == NA for part in _names(term)):
            return True
        divisors = [self._evaluate(one, firm, day, 0) for one in _divisors(term)]
        return any(one is not None and one.point and one.low == 0 for one in divisors)

    def _evaluate(self, term: Term, firm: Firm, day: datetime.date, depth: int) -> Interval | None:
        if isinstance(term, float):
            return Interval(term, term)
        if isinstance(term, Name):
            if term.fact == AS_OF_YEAR:
                return Interval(day.year, day.year)
            return self.interval(term.fact, firm, day, depth + 1)
        left = self._evaluate(term.left, firm, day, depth)
        right = self._evaluate(term.right, firm, day, depth)
        return None if left is None or right is None else _combine(term, left, right)

    def parts(self, fact: str) -> set[str]:
        """The facts from which ``fact`` can be computed."""
        if self._facts[fact].derived == SME_SIZE:
            return self._size_facts
        term = self.terms.get(fact)
        return set() if term is None else _names(term) - {AS_OF_YEAR}


def _names(term: Term) -> set[str]:
    if isinstance(term, Name):
        return {term.fact}
    return _names(term.left) | _names(term.right) if isinstance(term, Arithmetic) else set()


def _divisors(term: Term) -> list[Term]:
    if not isinstance(term, Arithmetic):
        return []
    inner = [*_divisors(term.left), *_divisors(term.right)]
    return [term.right, *inner] if term.operator == "/" else inner


def _age(founded: Interval, day: datetime.date) -> Interval:
    """Years since a founding year: the month is not known, so an age is a range one year wide."""
    if math.isinf(founded.low) or math.isinf(founded.high):
        oldest = math.inf if math.isinf(founded.low) else _years(int(founded.low), 1, 1, day)
        youngest = 0.0 if math.isinf(founded.high) else _years(int(founded.high), 12, 31, day)
        return Interval(max(youngest, 0.0), max(oldest, 0.0))
    youngest = _years(int(founded.high), 12, 31, day)
    return Interval(max(youngest, 0.0), max(_years(int(founded.low), 1, 1, day), 0.0))


def _years(year: int, month: int, start: int, day: datetime.date) -> float:
    whole = day.year - year - ((day.month, day.day) < (month, start))
    anniversary = year + whole
    passed = (day - _date(anniversary, month, start)).days
    return whole + passed / 366


def _date(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(min(max(year, 1), 9999), month, day)


def _combine(term: Arithmetic, left: Interval, right: Interval) -> Interval:
    if term.operator == "+":
        return Interval(
            left.low + right.low, left.high + right.high, left.low_open or right.low_open,
            left.high_open or right.high_open,
        )  # fmt: skip
    if term.operator == "-":
        return Interval(
            left.low - right.high, left.high - right.low, left.low_open or right.high_open,
            left.high_open or right.low_open,
        )  # fmt: skip
    if term.operator == "/" and right.low <= 0 <= right.high:
        return EVERYTHING
    corners = []
    for one, one_open in ((left.low, left.low_open), (left.high, left.high_open)):
        for two, two_open in ((right.low, right.low_open), (right.high, right.high_open)):
            corners.append(
                (_product(one, two) if term.operator == "*" else _quotient(one, two), one_open or two_open)
            )
    low = min(value for value, _ in corners)
    high = max(value for value, _ in corners)
    # An end is reached if any corner with that value is closed.
    low_open = all(is_open for value, is_open in corners if value == low)
    high_open = all(is_open for value, is_open in corners if value == high)
    return Interval(low, high, low_open, high_open)


def _product(one: float, two: float) -> float:
    return 0.0 if one == 0 or two == 0 else one * two


def _quotient(one: float, two: float) -> float:
    if math.isinf(two):
        return 0.0 if not math.isinf(one) else math.nan
    return round(one / two, 12) if not math.isinf(one) else one / two
