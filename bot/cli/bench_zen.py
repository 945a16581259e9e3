"""The same rules in zen-engine, a general rules engine, for the bench. It knows true and false only."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Sequence

import zen

from bot.catalog.expression import And, Atom, Condition, Constant, Not, Or, Truth
from bot.catalog.values import NA, FactValue
from bot.decision.firm import Firm
from bot.decision.judge import Decider

NOT_APPLICABLE = -1e12
"""Stands for «n/a», which the engine does not know; never within a fact's range."""


def sweep(decider: Decider, firms: Sequence[Firm], day: datetime.date) -> float:
    """Seconds of CPU for all firms through all products, one evaluation a firm."""
    decision, needed = _decision(decider, day)
    inputs = [_input(firm, needed) for firm in firms]
    start = time.process_time()
    for one in inputs:
        decision.evaluate(one)
    return time.process_time() - start


def differences(decider: Decider, firms: Sequence[Firm], day: datetime.date) -> int:
    """Verdicts in which the two engines differ, over firms all of whose facts are known."""
    decision, needed = _decision(decider, day)
    count = 0
    for firm in firms:
        theirs = decision.evaluate(_input(firm, needed))["result"]
        for product in decider.catalog.products:
            ours = decider.check(product, firm, day).verdict != "ineligible"
            count += ours is not theirs[product]
    return count


def _decision(decider: Decider, day: datetime.date) -> tuple[zen.ZenDecision, set[str]]:
    expressions = []
    needed: set[str] = set()
    for product in decider.catalog.products:
        program = decider.program(product, day)
        conditions = [decider.conditions[rule.clause.when] for rule in program.hard]
        needed |= {fact for rule in program.hard for fact in decider.clause_facts(rule.clause.when)}
        value = _text(And(tuple(conditions)) if conditions else Truth(True), decider)
        expressions.append({"id": product, "key": product, "value": value})
    place = {"x": 0, "y": 0}
    graph = {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {"id": "rules", "type": "expressionNode", "name": "rules", "position": place,
             "content": {"expressions": expressions}},
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
            {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    return zen.ZenEngine().create_decision(json.dumps(graph)), needed


def _input(firm: Firm, needed: set[str]) -> dict[str, FactValue]:
    return {
        fact: NOT_APPLICABLE if value == NA else value for fact, value in firm.facts.items() if fact in needed
    }


def _text(condition: Condition, decider: Decider) -> str:
    if isinstance(condition, Truth):
        return "true" if condition.value else "false"
    if isinstance(condition, Not):
        return f"not ({_text(condition.part, decider)})"
    if isinstance(condition, (And, Or)):
        word = " and " if isinstance(condition, And) else " or "
        return word.join(f"({_text(part, decider)})" for part in condition.parts)
    return _atom(condition, decider)


def _atom(atom: Atom, decider: Decider) -> str:
    if len(atom.constants) > 1:
        listed = ", ".join(_constant(one) for one in atom.constants)
        text = f"{atom.fact} {'in' if atom.operator == '==' else 'not in'} [{listed}]"
    else:
        text = f"{atom.fact} {atom.operator} {_constant(atom.constants[0])}"
    if decider.catalog.facts[atom.fact].may_be_na and decider.catalog.facts[atom.fact].numeric:
        # What does not apply satisfies no comparison.
        return f"({text} and {atom.fact} != {NOT_APPLICABLE:.0f})"
    return text


def _constant(value: Constant) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else str(value)
