"""A lower bound on questions: the fewest facts of a firm that together prove all its verdicts.

Whatever is asked in whatever order, the answers must contain such a set. A program with more facts
than can be looked at counts for nothing, which keeps the bound a bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from bot.decision.formula import Formula, Masks, facts_in, join, truth
from bot.decision.program import Program

LOOKED_AT = 10
"""Most facts of one program whose subsets are tried."""

Proof = frozenset[str]


def joint_proof(programs: Sequence[Program], masks: Masks, everything: Mapping[str, int]) -> Proof:
    """The smallest set of known facts that settles every program; ``masks`` are those of all facts."""
    options = [found for program in programs if (found := proofs(program, masks, everything))]
    # Few ways first: what has a single proof is forced, and much of the rest is then covered.
    options.sort(key=len)
    return _cheapest(options, frozenset(), None) or frozenset()


def proofs(program: Program, masks: Masks, everything: Mapping[str, int]) -> list[Proof]:
    """The sets of facts that alone settle one program as all facts do, without superfluous ones."""
    whole: Formula = join(True, [rule.formula for rule in program.hard])
    known = sorted(fact for fact in facts_in(whole) if masks[fact] != everything[fact])
    wanted = truth(whole, masks)
    if wanted is None or len(known) > LOOKED_AT:
        return []
    found: list[Proof] = []
    inner = dict(everything)
    for size in range(len(known) + 1):
        for facts in itertools.combinations(known, size):
            chosen = frozenset(facts)
            if any(proof <= chosen for proof in found):
                continue
            inner.update({fact: masks[fact] if fact in chosen else everything[fact] for fact in known})
            if truth(whole, inner) is wanted:
                found.append(chosen)
    return found


def _cheapest(options: list[list[Proof]], chosen: Proof, best: Proof | None) -> Proof | None:
    """One proof of each list, their union as small as can be; None where ``best`` is not beaten."""
    if best is not None and len(chosen) >= len(best):
        return None
    if not options:
        return chosen
    first, rest = options[0], options[1:]
    if any(proof <= chosen for proof in first):
        return _cheapest(rest, chosen, best)
    result = None
    for proof in first:
        found = _cheapest(rest, chosen | proof, best)
        if found is not None:
            result = best = found
    return result
