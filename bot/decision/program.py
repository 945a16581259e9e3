"""A product as it stands on one day: its clauses compiled, its verdict, and what can still change it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping

import msgspec

from bot.catalog.model import Clause, Limit, Product, Verdict
from bot.decision.formula import Formula, Leaf, Masks, cells, facts_in, join, residue, truth

ENUMERATED = 4096
"""Joint completions looked at one by one; beyond that every open fact of an open clause counts as needed."""


class Rule(msgspec.Struct, frozen=True):
    """A clause in force, compiled."""

    clause: Clause
    formula: Formula


class LimitRule(msgspec.Struct, frozen=True):
    limit: Limit
    formula: Formula


class Program(msgspec.Struct, frozen=True):
    """``hard`` clauses (must, nature) decide; ``soft`` ones (expect) only move the ranking."""

    product: Product
    hard: tuple[Rule, ...]
    soft: tuple[Rule, ...]
    limits: tuple[LimitRule, ...]
    facts: frozenset[str]

    def verdict(self, masks: Mapping[str, int]) -> Verdict:
        """Exact over all clauses together: two that only contradict each other rule a firm out as well."""
        held = truth(self.whole(masks), masks)
        if held is None:
            return "unknown"
        if not held:
            return "ineligible"
        return "eligible" if self.product.conditions == "complete" else "meets_published"

    def open_formulas(self, masks: Mapping[str, int]) -> list[Formula]:
        """What is left of the undecided hard clauses; nothing once one of them fails."""
        left = []
        for rule in self.hard:
            held = truth(rule.formula, masks)
            if held is False:
                return []
            if held is None:
                left.append(residue(rule.formula, masks))
        return left

    def whole(self, masks: Mapping[str, int]) -> Formula:
        """The condition that every hard clause holds, with what is settled folded away."""
        return join(True, [residue(rule.formula, masks) for rule in self.hard])

    def missing(self, masks: Masks, askable: Collection[str]) -> list[str]:
        """Those of the askable facts that can still change the verdict, in the order of the clauses."""
        left = self.open_formulas(masks)
        named = dict.fromkeys(fact for formula in left for fact in in_order(formula))
        asked = [fact for fact in named if fact in askable]
        if not asked:
            return []
        counts = [sum(fact in facts_in(formula) for formula in left) for fact in named]
        read_once = len(named) == sum(_leaves(formula) for formula in left) and max(counts) == 1
        if read_once and len(asked) == len(named):
            return asked
        size = 1
        for fact in asked:
            size *= masks[fact].bit_count()
        if size > ENUMERATED:
            return asked
        return _changing(left, asked, masks)


def _changing(left: list[Formula], asked: list[str], masks: Masks) -> list[str]:
    outcomes: dict[tuple[int, ...], int] = {}
    inner = dict(masks)
    options = [cells(masks[fact]) for fact in asked]
    for choice in itertools.product(*options):
        inner.update(zip(asked, choice, strict=True))
        outcomes[choice] = _outcome(left, inner)
    changing = []
    for position, fact in enumerate(asked):
        seen: dict[tuple[int, ...], int] = {}
        for choice, outcome in outcomes.items():
            others = choice[:position] + choice[position + 1 :]
            if seen.setdefault(others, outcome) != outcome:
                changing.append(fact)
                break
    return changing


def _outcome(left: list[Formula], masks: Masks) -> int:
    held = [truth(formula, masks) for formula in left]
    return 0 if False in held else 1 if None in held else 2


def in_order(formula: Formula) -> list[str]:
    """The facts of a formula as they are written, repeats included."""
    if isinstance(formula, bool):
        return []
    if isinstance(formula, Leaf):
        return [formula.fact]
    return [fact for part in formula.parts for fact in in_order(part)]


def _leaves(formula: Formula) -> int:
    return len(in_order(formula))
