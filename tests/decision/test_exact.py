"""Verdicts against enumeration of every completion, on random rules and firms."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import DAY, VALUES, catalog_of, conditions, firms

from bot.catalog.expression import And, Atom, Condition, Not, Or, Truth, facts_of, parse_condition
from bot.catalog.values import Bound
from bot.decision.firm import Firm
from bot.decision.judge import Decider


def holds(condition: Condition, firm: dict[str, Any]) -> bool:
    """Two-valued evaluation of a fully known firm, written apart from the evaluator under test."""
    if isinstance(condition, Truth):
        return condition.value
    if isinstance(condition, Not):
        return not holds(condition.part, firm)
    if isinstance(condition, And):
        return all(holds(part, firm) for part in condition.parts)
    if isinstance(condition, Or):
        return any(holds(part, firm) for part in condition.parts)
    assert isinstance(condition, Atom)
    value = firm[condition.fact]
    if value == "n/a":
        return False
    if condition.operator == "==":
        return value in condition.constants
    if condition.operator == "!=":
        return value not in condition.constants
    other: Any = condition.constants[0]
    return bool(
        {"<": value < other, "<=": value <= other, ">": value > other, ">=": value >= other}[
            condition.operator
        ]
    )


def completions(names: set[str], known: dict[str, Any]) -> list[dict[str, Any]]:
    options = [[known[name]] if name in known else VALUES[name] for name in sorted(names)]
    return [dict(zip(sorted(names), choice, strict=True)) for choice in itertools.product(*options)]


def expected(condition: Condition, known: dict[str, Any]) -> bool | None:
    found = {holds(condition, firm) for firm in completions(facts_of(condition), known)}
    return found.pop() if len(found) == 1 else None


@given(conditions(), firms())
def test_a_clause_is_settled_exactly_when_every_completion_agrees(text: str, known: dict[str, Any]) -> None:
    check = Decider(catalog_of(text)).check("p", Firm(known), DAY)
    assert check.clauses[0].holds is expected(parse_condition(text), known)


@given(st.lists(conditions(), min_size=1, max_size=3), firms())
def test_missing_facts_are_exactly_those_that_can_change_the_verdict(
    texts: list[str], known: dict[str, Any]
) -> None:
    parsed = [parse_condition(text) for text in texts]
    names = set().union(*(facts_of(one) for one in parsed))
    check = Decider(catalog_of(*texts)).check("p", Firm(known), DAY)
    if any(expected(one, known) is False for one in parsed):
        assert (check.verdict, check.missing) == ("ineligible", ())
        return

    def verdict(firm: dict[str, Any]) -> bool:
        return all(holds(one, firm) for one in parsed)

    every = completions(names, known)
    changing = {
        name
        for name in names - set(known)
        for firm in every
        if any(verdict({**firm, name: other}) != verdict(firm) for other in VALUES[name])
    }
    assert set(check.missing) == changing


@given(st.lists(conditions(), min_size=1, max_size=3), firms(), st.data())
def test_more_facts_never_turn_a_settled_verdict(
    texts: list[str], known: dict[str, Any], data: st.DataObject
) -> None:
    decider = Decider(catalog_of(*texts))
    before = decider.check("p", Firm(known), DAY).verdict
    more = {name: data.draw(st.sampled_from(values)) for name, values in VALUES.items()}
    after = decider.check("p", Firm({**more, **known}), DAY).verdict
    assert before in ("unknown", after)
    assert after != "unknown"


@given(st.lists(conditions(), min_size=1, max_size=3), firms(), st.randoms())
def test_the_order_of_facts_and_clauses_does_not_matter(
    texts: list[str], known: dict[str, Any], random: Any
) -> None:
    shuffled_facts = list(known.items())
    shuffled_texts = list(texts)
    random.shuffle(shuffled_facts)
    random.shuffle(shuffled_texts)
    one = Decider(catalog_of(*texts)).check("p", Firm(known), DAY)
    other = Decider(catalog_of(*shuffled_texts)).check("p", Firm(dict(shuffled_facts)), DAY)
    assert (one.verdict, set(one.missing)) == (other.verdict, set(other.missing))


@given(st.lists(conditions(), min_size=1, max_size=2), firms())
def test_a_certificate_alone_decides(texts: list[str], known: dict[str, Any]) -> None:
    decider = Decider(catalog_of(*texts))
    check = decider.check("p", Firm(known), DAY)
    alone = {name: known[name] for name in check.certificate.facts}
    if check.verdict != "unknown":
        assert decider.check("p", Firm(alone), DAY).verdict == check.verdict
        for left_out in alone:
            fewer = {name: value for name, value in alone.items() if name != left_out}
            if len(texts) == 1:
                assert decider.check("p", Firm(fewer), DAY).verdict == "unknown"


@given(st.lists(conditions(), min_size=1, max_size=3), firms(), st.sampled_from(sorted(VALUES)))
def test_a_declined_fact_is_unknown_and_never_asked(
    texts: list[str], known: dict[str, Any], name: str
) -> None:
    decider = Decider(catalog_of(*texts))
    without = {fact: value for fact, value in known.items() if fact != name}
    declined = decider.check("p", Firm({**without, name: None}), DAY)
    assert declined.verdict == decider.check("p", Firm(without), DAY).verdict
    assert name not in declined.missing
    assert declined.next_question != name


@given(conditions(), st.integers(0, 8), st.integers(0, 8), st.booleans(), st.booleans())
def test_a_bound_leaves_open_what_its_numbers_disagree_on(
    text: str, one: int, other: int, low_open: bool, high_open: bool
) -> None:
    low, high = min(one, other), max(one, other)
    inside = [
        value
        for value in (step / 4 for step in range(37))
        if low <= value <= high and not (low_open and value == low) and not (high_open and value == high)
    ]
    if not inside:
        return
    condition = parse_condition(text)
    names = facts_of(condition)
    check = Decider(catalog_of(text)).check(
        "p", Firm({"x": low}, {"x": Bound(low, high, low_open, high_open)}), DAY
    )
    found = {
        holds(condition, {**firm, "x": value}) for firm in completions(names - {"x"}, {}) for value in inside
    }
    assert check.clauses[0].holds is (found.pop() if len(found) == 1 else None)


@settings(max_examples=60)
@given(
    st.lists(conditions(), min_size=1, max_size=3),
    st.fixed_dictionaries(
        {
            name: st.sampled_from([value for value in values if value != "n/a"])
            for name, values in VALUES.items()
        }
    ),
)
def test_asking_what_is_offered_reaches_the_verdict_of_all_facts(
    texts: list[str], truth: dict[str, Any]
) -> None:
    decider = Decider(catalog_of(*texts))
    told: dict[str, Any] = {}
    while (fact := decider.check("p", Firm(told), DAY).next_question) is not None:
        assert fact not in told
        told[fact] = truth[fact]
    assert decider.check("p", Firm(told), DAY).verdict == decider.check("p", Firm(truth), DAY).verdict
