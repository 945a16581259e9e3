"""中小微划型: which size classes a firm can still belong to, by industry, staff and revenue."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bot.catalog.expression import And, Atom, Condition, Not, Or, facts_of, parse_condition
from bot.catalog.scorecards import SizeClass, SizeRules
from bot.decision.formula import Formula, facts_in, residue, truth


def size_conditions(rules: SizeRules) -> dict[SizeClass, Condition]:
    """For each class the condition that a firm belongs to it: the first rule of its industry that holds.

    An industry whose borders are not known leaves every class possible.
    """
    found: dict[SizeClass, list[Condition]] = {name: [] for name in rules.titles}
    for industry, classes in rules.industries.items():
        here = Atom(rules.industry_fact, "==", (industry,))
        earlier: list[Condition] = []
        for rule in classes.classes:
            condition = parse_condition(rule.when)
            found[rule.class_].append(And((here, condition, *(Not(one) for one in earlier))))
            earlier.append(condition)
        if not classes.classes:
            for parts in found.values():
                parts.append(here)
    return {name: Or(tuple(parts)) for name, parts in found.items()}


def size_facts(rules: SizeRules) -> set[str]:
    """The facts from which the class follows."""
    return set().union(*(facts_of(condition) for condition in size_conditions(rules).values()))


class Sizes:
    """The size classes made ready; masks as everywhere in the decision."""

    def __init__(self, rules: SizeRules, compile_one: Callable[[Condition], Formula]) -> None:
        self.rules = rules
        self._formulas: Mapping[SizeClass, Formula] = {
            name: compile_one(condition) for name, condition in size_conditions(rules).items()
        }

    def possible(self, masks: Mapping[str, int]) -> tuple[SizeClass, ...]:
        """The classes that some completion of the masks leads to, from large to micro; all if none does."""
        found = tuple(name for name, formula in self._formulas.items() if truth(formula, masks) is not False)
        return found or tuple(self._formulas)

    def missing(self, masks: Mapping[str, int], askable: Collection[str]) -> list[str]:
        """The facts that may still tell the classes apart: industry first, then in alphabetical order."""
        if len(self.possible(masks)) < 2:
            return []
        named = set().union(*(facts_in(residue(formula, masks)) for formula in self._formulas.values()))
        return sorted(named & set(askable), key=lambda fact: (fact != self.rules.industry_fact, fact))
