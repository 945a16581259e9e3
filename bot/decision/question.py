"""Which fact to ask next: the one expected to take away most doubt about the verdicts, per effort."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from bot.catalog.model import FactSpec
from bot.decision.formula import Masks, Weights, cells, facts_in, probability, share
from bot.decision.program import Program


def next_question(
    programs: Collection[Program],
    masks: Masks,
    candidates: Mapping[str, Collection[str]],
    facts: Mapping[str, FactSpec],
    weights: Weights,
) -> str | None:
    """The best fact to ask, or None where nothing that may be asked can change a verdict.

    ``candidates``: for each product id the facts that can still change its verdict. The gain of a
    question is the expected fall of the summed entropy of the verdicts, divided by its cost.
    """
    wholes = [(program, program.whole(masks)) for program in programs]
    before = {program.product.id: entropy(probability(whole, masks, weights)) for program, whole in wholes}
    needed = dict.fromkeys(fact for program in programs for fact in candidates[program.product.id])
    best: str | None = None
    best_gain = -1.0
    inner = dict(masks)
    for fact in needed:
        gain = 0.0
        mass = share(masks[fact], weights[fact])
        for program, whole in wholes:
            if fact not in facts_in(whole):
                continue
            after = 0.0
            for cell in cells(masks[fact]):
                inner[fact] = cell
                chance = weights[fact][cell.bit_length() - 1] / mass
                after += chance * entropy(probability(whole, inner, weights))
            gain += before[program.product.id] - after
        inner[fact] = masks[fact]
        gain /= max(facts[fact].cost, 0.1)
        if gain > best_gain + 1e-12:
            best, best_gain = fact, gain
    return best


def entropy(chance: float) -> float:
    """Doubt in bits about something that is so likely."""
    if chance <= 0.0 or chance >= 1.0:
        return 0.0
    return -chance * math.log2(chance) - (1 - chance) * math.log2(1 - chance)
