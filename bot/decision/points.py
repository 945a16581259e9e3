"""Points of score items over masks: exact ranges and, for the next question, their distribution."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bot.catalog.scorecards import Item
from bot.decision.formula import Formula, Leaf, Masks, Weights, cells, facts_in, residue, share

ENUMERATED = 20_000
"""Joint completions of items that share facts; beyond that only the span from 0 to the maximum is known."""
ROUNDED = 6
"""Decimals of points: enough to add weights exactly, few enough to join equal sums."""
SPREAD = 2_000
"""Distinct sums kept; beyond that they are joined by tenths (a distribution only orders questions)."""

Distribution = dict[float, float]
"""Points → how likely."""


class ItemProgram(msgspec.Struct, frozen=True):
    item: Item
    bands: tuple[tuple[Formula, float], ...]

    def facts(self, masks: Mapping[str, int]) -> set[str]:
        """The facts that may still matter to its points."""
        return set().union(*(facts_in(residue(formula, masks)) for formula, _ in self.bands))

    def points(self, masks: Mapping[str, int]) -> float:
        """Points of a firm whose every leaf is settled."""
        held = [points for formula, points in self.bands if _holds(formula, masks)]
        if self.item.choose == "best":
            return max(held, default=0.0)
        return min(sum(held), math.inf if self.item.max is None else self.item.max)

    @property
    def top(self) -> float:
        """The most points it can give as far as is known."""
        if self.item.max is not None:
            return self.item.max
        worth = [points for _, points in self.bands]
        return max(worth, default=0.0) if self.item.choose == "best" else sum(worth)


def components(items: Iterable[ItemProgram], masks: Mapping[str, int]) -> list[tuple[ItemProgram, ...]]:
    """Items that share an open fact belong together; the points of different groups are independent."""
    groups: list[tuple[set[str], tuple[ItemProgram, ...]]] = []
    for item in items:
        facts = item.facts(masks)
        members: tuple[ItemProgram, ...] = (item,)
        rest = []
        for known, others in groups:
            if known & facts:
                facts = facts | known
                members = others + members
            else:
                rest.append((known, others))
        groups = [*rest, (facts, members)]
    return [members for _, members in groups]


def distribution(
    items: Sequence[ItemProgram], scales: Sequence[float], masks: Masks, weights: Weights
) -> Distribution:
    """Points of items together, each times its scale. The ends are exact; an item without bands is open."""
    open_ended = [(item, scale) for item, scale in zip(items, scales, strict=True) if not item.bands]
    banded = [(item, scale) for item, scale in zip(items, scales, strict=True) if item.bands]
    found: Distribution = {}
    options = merged_cells([item for item, _ in banded], masks)
    if math.prod(len(cut) for cut in options.values()) > ENUMERATED:
        found = {0.0: 0.5, sum(item.top * scale for item, scale in banded): 0.5}
    else:
        inner = dict(masks)
        for choice in itertools.product(*options.values()):
            inner.update(zip(options, choice, strict=True))
            chance = math.prod(share(cell, weights[fact]) for fact, cell in zip(options, choice, strict=True))
            points = round(sum(item.points(inner) * scale for item, scale in banded), ROUNDED)
            found[points] = found.get(points, 0.0) + chance
    for item, scale in open_ended:
        found = convolve(found, {0.0: 0.5, round(item.top * scale, ROUNDED): 0.5})
    total = sum(found.values())
    return {points: chance / total for points, chance in found.items()}


def convolve(one: Distribution, other: Distribution) -> Distribution:
    """Distribution of the sum of two independent scores."""
    decimals = ROUNDED if len(one) * len(other) <= SPREAD else 1
    found: Distribution = {}
    for (left, chance), (right, also) in itertools.product(one.items(), other.items()):
        points = round(left + right, decimals)
        found[points] = found.get(points, 0.0) + chance * also
    return found


def deciding_facts(items: Sequence[ItemProgram], masks: Masks) -> set[str]:
    """The open facts that can still change the points of the items."""
    options = merged_cells(items, masks)
    if math.prod(len(cut) for cut in options.values()) > ENUMERATED:
        return set(options)
    inner = dict(masks)
    outcomes: dict[tuple[int, ...], tuple[float, ...]] = {}
    for choice in itertools.product(*options.values()):
        inner.update(zip(options, choice, strict=True))
        outcomes[choice] = tuple(item.points(inner) for item in items)
    found = set()
    for position, fact in enumerate(options):
        seen: dict[tuple[int, ...], tuple[float, ...]] = {}
        for choice, outcome in outcomes.items():
            others = choice[:position] + choice[position + 1 :]
            if seen.setdefault(others, outcome) != outcome:
                found.add(fact)
                break
    return found


def merged_cells(items: Sequence[ItemProgram], masks: Mapping[str, int]) -> dict[str, list[int]]:
    """For each open fact of the items its cells, those joined that none of the bands tells apart."""
    leaves: dict[str, list[int]] = {}
    for item in items:
        for formula, _ in item.bands:
            collect(residue(formula, masks), leaves)
    return {fact: joined(masks[fact], leaves[fact]) for fact in sorted(leaves)}


def joined(known: int, leaves: Iterable[int]) -> list[int]:
    """The cells of a mask, those joined that none of the leaf masks tells apart."""
    distinct = dict.fromkeys(leaves)
    groups: dict[tuple[bool, ...], int] = {}
    for cell in cells(known):
        key = tuple(bool(cell & mask) for mask in distinct)
        groups[key] = groups.get(key, 0) | cell
    return list(groups.values())


def collect(formula: Formula, leaves: dict[str, list[int]]) -> None:
    """Add the mask of every leaf of a formula under its fact."""
    if isinstance(formula, Leaf):
        leaves.setdefault(formula.fact, []).append(formula.mask)
    elif not isinstance(formula, bool):
        for part in formula.parts:
            collect(part, leaves)


def _holds(formula: Formula, masks: Mapping[str, int]) -> bool:
    if isinstance(formula, bool):
        return formula
    if isinstance(formula, Leaf):
        return not masks[formula.fact] & ~formula.mask
    held = (_holds(part, masks) for part in formula.parts)
    return all(held) if formula.every else any(held)
