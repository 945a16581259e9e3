"""Conditions over masks: exact three-valued truth, and probability.

Kleene's tables are exact as long as no open fact occurs twice. Where one does, it is split into its
cells and the parts are put together again (Shannon's expansion), so ``x >= 2 or x < 2`` holds
before x is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import msgspec

from bot.catalog.expression import And, Atom, Condition, Not, Truth

Masks = dict[str, int]


class Leaf(msgspec.Struct, frozen=True):
    fact: str
    mask: int


class Node(msgspec.Struct, frozen=True):
    """``every`` part holds, or (``every`` false) some part."""

    every: bool
    parts: tuple[Formula, ...]


Formula = Leaf | Node | bool


def compile_condition(
    condition: Condition,
    satisfying: Callable[[Atom], int],
    everything: Mapping[str, int],
    negated: bool = False,
) -> Formula:
    """Push negations down to the comparisons, where they become the complement of a mask."""
    if isinstance(condition, Truth):
        return condition.value != negated
    if isinstance(condition, Not):
        return compile_condition(condition.part, satisfying, everything, not negated)
    if isinstance(condition, Atom):
        mask = satisfying(condition)
        whole = everything[condition.fact]
        mask = whole & ~mask if negated else mask
        return True if mask == whole else False if mask == 0 else Leaf(condition.fact, mask)
    every = isinstance(condition, And) != negated
    return join(every, [compile_condition(part, satisfying, everything, negated) for part in condition.parts])


def join(every: bool, parts: list[Formula]) -> Formula:
    """All of (or some of) the parts, with constants folded and nested joins of the same kind flattened."""
    kept: list[Formula] = []
    for part in parts:
        if isinstance(part, bool):
            if part != every:
                return part
        elif isinstance(part, Node) and part.every == every:
            kept += part.parts
        else:
            kept.append(part)
    if not kept:
        return every
    return kept[0] if len(kept) == 1 else Node(every, tuple(kept))


def residue(formula: Formula, masks: Mapping[str, int]) -> Formula:
    """What is left to know: settled comparisons folded away, the others kept."""
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, Leaf):
        known = masks[formula.fact]
        if known & ~formula.mask == 0:
            return True
        return formula if known & formula.mask else False
    return join(formula.every, [residue(part, masks) for part in formula.parts])


def truth(formula: Formula, masks: Mapping[str, int]) -> bool | None:
    """True or false if every completion of the masks agrees, else None."""
    left = residue(formula, masks)
    if isinstance(left, bool):
        return left
    repeated = _repeated(left)
    if repeated is None:
        return None
    seen: set[bool | None] = set()
    inner = dict(masks)
    for cell in cells(masks[repeated]):
        inner[repeated] = cell
        seen.add(truth(left, inner))
        if len(seen) > 1 or None in seen:
            return None
    return seen.pop()


def facts_in(formula: Formula) -> set[str]:
    if isinstance(formula, bool):
        return set()
    if isinstance(formula, Leaf):
        return {formula.fact}
    return set().union(*(facts_in(part) for part in formula.parts))


Weights = Mapping[str, tuple[float, ...]]
"""For each fact the prior weight of each of its cells."""


def probability(formula: Formula, masks: Mapping[str, int], weights: Weights) -> float:
    """How likely the condition is to hold, facts taken as independent."""
    left = residue(formula, masks)
    if isinstance(left, bool):
        return float(left)
    repeated = _repeated(left)
    if repeated is None:
        return _read_once(left, masks, weights)
    total = mass = 0.0
    inner = dict(masks)
    for cell in cells(masks[repeated]):
        weight = weights[repeated][cell.bit_length() - 1]
        inner[repeated] = cell
        total += weight
        mass += weight * probability(left, inner, weights)
    return mass / total


def _read_once(formula: Formula, masks: Mapping[str, int], weights: Weights) -> float:
    if isinstance(formula, bool):
        return float(formula)
    if isinstance(formula, Leaf):
        known = masks[formula.fact]
        return share(known & formula.mask, weights[formula.fact]) / share(known, weights[formula.fact])
    result = 1.0
    for part in formula.parts:
        chance = _read_once(part, masks, weights)
        result *= chance if formula.every else 1.0 - chance
    return result if formula.every else 1.0 - result


def share(mask: int, weights: tuple[float, ...]) -> float:
    """Prior weight of a mask."""
    return sum(weights[cell.bit_length() - 1] for cell in cells(mask))


def cells(mask: int) -> list[int]:
    """The single-cell masks of a mask, lowest first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest)
        mask ^= lowest
    return found


def _repeated(formula: Formula) -> str | None:
    """The open fact that occurs most often, if any occurs more than once."""
    counts: Counter[str] = Counter()
    _count(formula, counts)
    if not counts:
        return None
    fact, times = counts.most_common(1)[0]
    return fact if times > 1 else None


def _count(formula: Formula, counts: Counter[str]) -> None:
    if isinstance(formula, Leaf):
        counts[formula.fact] += 1
    elif isinstance(formula, Node):
        for part in formula.parts:
            _count(part, counts)
