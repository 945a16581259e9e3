"""The smallest set of known facts that decides a verdict: what a person must check to agree with it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import msgspec

from bot.decision.formula import Formula, facts_in, join, truth
from bot.decision.program import Program


class Certificate(msgspec.Struct, frozen=True):
    """Ids of the deciding clauses, and the facts that settle them (in order of clause)."""

    clauses: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def certificate(program: Program, masks: Mapping[str, int], everything: Mapping[str, int]) -> Certificate:
    """For «ineligible» the failing clause with the fewest facts; for a settled yes every clause."""
    verdict = program.verdict(masks)
    if verdict == "unknown":
        return Certificate()
    if verdict == "ineligible" and all(truth(rule.formula, masks) is not False for rule in program.hard):
        # No clause fails alone; together they leave nothing.
        whole = join(True, [rule.formula for rule in program.hard])
        together = smallest_proof(whole, masks, everything, False) or ()
        return Certificate(tuple(rule.clause.id for rule in program.hard), together)
    proofs = [
        (rule.clause.id, proof)
        for rule in program.hard
        if (proof := smallest_proof(rule.formula, masks, everything, verdict != "ineligible")) is not None
    ]
    if verdict == "ineligible":
        clause, facts = min(proofs, key=lambda proof: len(proof[1]))
        return Certificate((clause,), facts)
    facts = tuple(dict.fromkeys(fact for _, proof in proofs for fact in proof))
    return Certificate(tuple(clause for clause, _ in proofs), facts)


def smallest_proof(
    formula: Formula, masks: Mapping[str, int], everything: Mapping[str, int], wanted: bool
) -> tuple[str, ...] | None:
    """The fewest known facts that alone make the condition ``wanted``; None where it is not so."""
    if truth(formula, masks) is not wanted:
        return None
    known = sorted(fact for fact in facts_in(formula) if masks[fact] != everything[fact])
    for count in range(len(known) + 1):
        for facts in itertools.combinations(known, count):
            inner = {**everything, **{fact: masks[fact] for fact in facts}}
            if truth(formula, inner) is wanted:
                return facts
    return None
