"""The fewest questions that can be expected at all, by dynamic programming over what is known."""

from __future__ import annotations

from collections.abc import Sequence

from bot.decision.formula import Masks, Weights, cells, facts_in, share
from bot.decision.program import Program

STATES = 400_000
"""Above this many states a component is not solved."""


class Unsolved(RuntimeError):
    """The component has too many states."""


def components(programs: Sequence[Program], masks: Masks) -> list[list[Program]]:
    """Programs that share no open fact can be settled one after the other: their optima add up."""
    groups: list[tuple[set[str], list[Program]]] = []
    for program in programs:
        facts = set(facts_in(program.whole(masks)))
        members = [program]
        rest = []
        for known, others in groups:
            if known & facts:
                facts |= known
                members = others + members
            else:
                rest.append((known, others))
        groups = [*rest, (facts, members)]
    return [members for _, members in groups]


def expected_questions(programs: Sequence[Program], masks: Masks, weights: Weights) -> float:
    """Expected number of questions of the best strategy to settle all the programs.

    Raises:
        Unsolved: a component has more than :data:`STATES` states.
    """
    return sum(_solve(component, masks, weights) for component in components(programs, masks))


def largest_solved(
    programs: Sequence[Program], masks: Masks, weights: Weights
) -> tuple[list[Program], float]:
    """As many of the programs as can be solved exactly, smallest first, and their expected questions."""
    solved: list[Program] = []
    optimum = 0.0
    for program in sorted(programs, key=lambda one: len(facts_in(one.whole(masks)))):
        try:
            optimum = expected_questions([*solved, program], masks, weights)
        except Unsolved:
            continue
        solved.append(program)
    return solved, optimum


def _solve(programs: list[Program], masks: Masks, weights: Weights) -> float:
    facts = sorted(set().union(*(facts_in(program.whole(masks)) for program in programs)))
    size = 1
    for fact in facts:
        size *= masks[fact].bit_count() + 1
    if size > STATES:
        raise Unsolved(f"{size} states")
    askable = frozenset(facts)
    memo: dict[tuple[int, ...], float] = {}
    inner = dict(masks)

    def value(state: tuple[int, ...]) -> float:
        if state in memo:
            return memo[state]
        inner.update(zip(facts, state, strict=True))
        needed = dict.fromkeys(fact for program in programs for fact in program.missing(inner, askable))
        best = 0.0
        for number, fact in enumerate(needed):
            position = facts.index(fact)
            mass = share(state[position], weights[fact])
            cost = 1.0
            for cell in cells(state[position]):
                chance = weights[fact][cell.bit_length() - 1] / mass
                cost += chance * value((*state[:position], cell, *state[position + 1 :]))
            best = cost if number == 0 else min(best, cost)
        memo[state] = best
        return best

    return value(tuple(masks[fact] for fact in facts))
