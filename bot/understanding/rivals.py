"""Two numbers that might state the same fact: 「从六成提到七成七」, 「12个吧,等等,11个」.

Which of the two holds is told by the words between and around them, much the same for every fact: so one
small model learns it for all facts together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.understanding.analysis import Analysis
from bot.understanding.candidates import Candidate, grams

EARLIER, LATER = "earlier", "later"
"""Which of the two numbers states the fact; ``none``: they have nothing to do with each other."""
_APART = 2
"""Numbers of a message farther apart than this are no rivals."""
_AROUND, _BETWEEN = 8, 24


def rivals(
    a: Analysis,
    numbers: Sequence[Candidate],
    fact_of: Mapping[int, str],
    by_rule: Mapping[int, str] | None,
) -> list[Candidate]:
    """Each number with a fact, paired with those near it that could state the same fact.

    Args:
        numbers: the figures of the message in the order of the text.
        fact_of: fact by start of a number.
        by_rule: the same as the rules say; left out where they were tuned on the very sentence.
    """
    out: list[Candidate] = []
    for index, first in enumerate(numbers):
        for second in numbers[index + 1 : index + 1 + _APART]:
            facts = {fact_of.get(first.start), fact_of.get(second.start)} - {None}
            if len(facts) != 1:
                continue
            fact = facts.pop()
            assert fact is not None
            if fact in first.allowed and fact in second.allowed:
                out.append(_pair(a, fact, first, second, by_rule))
    return out


def _pair(
    a: Analysis, fact: str, first: Candidate, second: Candidate, by_rule: Mapping[int, str] | None
) -> Candidate:
    text = a.text
    between = text[first.end : second.start]
    left = text[max(0, first.start - _AROUND) : first.start]
    right = text[second.end : second.end + _AROUND]
    features = [f"k:{fact}", f"kinds:{first.key}|{second.key}", f"same:{first.key == second.key}"]
    if by_rule is not None:
        rules = [by_rule.get(number.start) for number in (first, second)]
        features.append(f"rule:{rules[0] == fact}|{rules[1] == fact}|{rules[0] is None}|{rules[1] is None}")
    features += grams(f"<{between[:_BETWEEN]}", "M", 4) + grams(f"{between[-4:]}>", "E", 4)
    features += grams(left, "L", 3) + grams(right, "R", 3)
    features += [f"m:{len(between) // 4}", f"asked:{a.asked == fact}"]
    features += [
        f"anchor:{t.group}:{t.key}" for t in a.terms if first.end <= t.start and t.end <= second.start
    ]
    if first.key != "year" and second.key != "year":
        before, after = a.quantities[first.index].value(), a.quantities[second.index].value()
        features.append(f"rise:{(after > before) - (after < before)}")
    return Candidate("rival", fact, first.index, first.start, second.start, tuple(features))
