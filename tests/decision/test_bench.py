"""What the benches claim, on few firms: no verdict differs, and the bounds are bounds."""

from __future__ import annotations

import importlib.util
import itertools
import random
import statistics
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import DAY, VALUES, catalog_of, conditions

from bot.catalog.load import load_catalog
from bot.decision.bound import joint_proof
from bot.decision.firm import Firm
from bot.decision.judge import Decider
from bot.decision.optimum import expected_questions
from bot.decision.simulate import STRATEGIES, draw, settle, settle_first

ROOT = Path(__file__).parents[2]
KNOWN = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()})


@lru_cache(maxsize=1)
def decider() -> Decider:
    return Decider(load_catalog(ROOT / "catalog"))


@lru_cache(maxsize=1)
def firms() -> list[Firm]:
    rng = random.Random(7)
    return [draw(decider(), rng) for _ in range(60)]


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_the_verdict_by_dialogue_is_that_of_all_facts(strategy: str) -> None:
    products = list(decider().catalog.products)
    for firm in firms():
        played = settle(decider(), products, firm, DAY, STRATEGIES[strategy])
        assert played.verdicts == {one: decider().check(one, firm, DAY).verdict for one in products}


def test_the_simulated_talk_asks_what_the_dialogue_asks() -> None:
    for firm in firms()[:20]:
        told: dict[str, Any] = {}
        while (fact := decider().match(Firm(told), DAY).next_question) is not None:
            told[fact] = firm.facts[fact]
        assert settle_first(decider(), firm, DAY).questions == len(told)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_the_first_three_settled_by_dialogue_are_judged_as_by_all_facts(strategy: str) -> None:
    for firm in firms():
        played = settle_first(decider(), firm, DAY, STRATEGIES[strategy])
        for product, verdict in played.verdicts.items():
            assert decider().check(product, firm, DAY).verdict == verdict


def test_nothing_asks_less_than_the_proof_of_its_verdicts() -> None:
    products = list(decider().catalog.products)
    programs = [decider().program(one, DAY) for one in products]
    space = decider().space
    for firm in firms():
        bound = joint_proof(programs, space.masks(firm, DAY), space.everything)
        assert len(bound) <= settle(decider(), products, firm, DAY, STRATEGIES["ours"]).questions


def test_ours_stays_within_a_twentieth_of_the_optimum_on_the_catalog() -> None:
    products = list(decider().catalog.products)
    programs = [decider().program(one, DAY) for one in products]
    optimum = expected_questions(programs, decider().space.everything, decider().space.weights)
    rng = random.Random(11)
    made = [draw(decider(), rng) for _ in range(300)]
    played = [settle(decider(), products, firm, DAY, STRATEGIES["ours"]) for firm in made]
    assert statistics.fmean(one.questions for one in played) <= 1.05 * optimum


@settings(max_examples=60)
@given(st.lists(conditions(), min_size=1, max_size=3), KNOWN)
def test_the_joint_proof_is_the_smallest(texts: list[str], firm: dict[str, Any]) -> None:
    small = Decider(catalog_of(*texts))
    program, masks = small.program("p", DAY), small.space.masks(Firm(firm), DAY)
    verdict = program.verdict(masks)
    proof = joint_proof([program], masks, small.space.everything)

    def settles(facts: tuple[str, ...]) -> bool:
        return small.check("p", Firm({name: firm[name] for name in facts}), DAY).verdict == verdict

    assert settles(tuple(proof))
    for fewer in range(len(proof)):
        assert not any(settles(facts) for facts in itertools.combinations(sorted(program.facts), fewer))


@settings(max_examples=30)
@given(st.lists(conditions(), min_size=1, max_size=2))
def test_the_optimum_is_at_least_the_bound_and_at_most_ours(texts: list[str]) -> None:
    small = Decider(catalog_of(*texts))
    program, space = small.program("p", DAY), small.space
    optimum = expected_questions([program], space.everything, space.weights)
    facts = sorted(program.facts)
    bound = ours = 0.0
    labels = [list(zip(space.partitions[fact].labels, space.weights[fact], strict=True)) for fact in facts]
    for choice in itertools.product(*labels):
        weight = 1.0
        masks = dict(space.everything)
        for fact, (label, chance) in zip(facts, choice, strict=True):
            weight *= chance
            masks[fact] = 1 << space.partitions[fact].labels.index(label)
        bound += weight * len(joint_proof([program], masks, space.everything))
        ours += weight * _questions(small, masks)
    assert bound <= optimum + 1e-9
    assert optimum <= ours + 1e-9


def _questions(small: Decider, truth: dict[str, int]) -> int:
    """How many questions ours asks of a firm in these cells."""
    program, space = small.program("p", DAY), small.space
    masks, asked = dict(space.everything), 0
    while True:
        missing = program.missing(masks, set(program.facts))
        fact = STRATEGIES["ours"](small, [program], masks, {"p": missing})
        if fact is None:
            return asked
        masks[fact], asked = truth[fact], asked + 1


@pytest.mark.skipif(importlib.util.find_spec("zen") is None, reason="zen-engine is a test dependency")
def test_zen_engine_on_the_same_rules_agrees_for_every_firm() -> None:
    from bot.cli.bench_zen import differences

    assert differences(decider(), firms(), DAY) == 0


@pytest.mark.parametrize("command", ["questions", "decision"])
def test_the_commands_print_what_they_promise(command: str) -> None:
    from bot.cli import bench_decision

    result = CliRunner().invoke(getattr(bench_decision, command), ["--firms", "20"])
    assert result.exit_code == 0, result.output
    for promised in {
        "questions": [
            "ours",
            "declared order",
            "mention count",
            "everything",
            "lower bound",
            "optimum",
            "full form",
        ],
        "decision": ["p95", "sweep of 20 firms"],
    }[command]:
        assert promised in result.output
    assert "0 verdicts differ" in result.output or command == "decision"
