"""Firms made from the priors, and how many questions it takes to settle their cases."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable

import msgspec

from bot.catalog.values import Bound, FactValue
from bot.decision.cells import OTHER, Interval
from bot.decision.firm import Firm
from bot.decision.formula import Masks, facts_in
from bot.decision.judge import IN_PLAY, Decider
from bot.decision.program import Program, in_order
from bot.decision.question import next_question

TOLD = 0.4
"""Share of its facts that a firm has told in the middle of a talk."""

Strategy = Callable[[Decider, list[Program], Masks, dict[str, list[str]]], "str | None"]


def ours(
    decider: Decider, programs: list[Program], masks: Masks, open_facts: dict[str, list[str]]
) -> str | None:
    return next_question(programs, masks, open_facts, decider.catalog.facts, decider.space.weights)


def declared(
    decider: Decider, programs: list[Program], masks: Masks, open_facts: dict[str, list[str]]
) -> str | None:
    """The first open fact in the order of the files."""
    return next((fact for program in programs for fact in open_facts[program.product.id]), None)


def mentions(
    decider: Decider, programs: list[Program], masks: Masks, open_facts: dict[str, list[str]]
) -> str | None:
    """The open fact that the open clauses name most often."""
    counts = Counter(
        fact
        for program in programs
        for fact in in_order(program.whole(masks))
        if fact in open_facts[program.product.id]
    )
    return counts.most_common(1)[0][0] if counts else None


STRATEGIES: dict[str, Strategy] = {"ours": ours, "declared order": declared, "mention count": mentions}


class Played(msgspec.Struct, frozen=True):
    """``verdicts`` by product, after ``questions`` questions; ``effort`` is the sum of their costs."""

    questions: int
    effort: float
    verdicts: dict[str, str]


def draw(decider: Decider, rng: random.Random) -> Firm:
    """A firm with every fact that any rule names, each drawn from its prior."""
    facts: dict[str, FactValue] = {}
    for name, partition in decider.space.partitions.items():
        label = rng.choices(partition.labels, weights=decider.space.weights[name])[0]
        facts[name] = _inside(label) if isinstance(label, Interval) else "其他" if label == OTHER else label
    # A derived fact is stated in its own right here, so that parts and whole cannot disagree.
    return Firm(facts)


def draw_partial(firm: Firm, rng: random.Random) -> Firm:
    """The same firm in the middle of a talk: a part of its facts told, one of ten of them as a range."""
    facts = {name: value for name, value in firm.facts.items() if rng.random() < TOLD}
    bounds = {
        name: Bound(value * 0.8, value * 1.2)
        for name, value in facts.items()
        if isinstance(value, (int, float))
        and not isinstance(value, bool)
        and value > 0
        and rng.random() < 0.1
    }
    return Firm(facts, bounds)


def _inside(cell: Interval) -> float:
    low = cell.low if cell.low > float("-inf") else cell.high - 10
    high = cell.high if cell.high < float("inf") else low + 10
    if cell.point or low == high:
        return low
    return (
        low
        if not cell.low_open
        else (low + high) / 2
        if not float(low).is_integer()
        else low + min(1, high - low) / 2
    )


def settle(
    decider: Decider, chosen: Collection[str], firm: Firm, day: datetime.date, strategy: Strategy
) -> Played:
    """Ask until nothing that may be asked can change a verdict of the chosen products."""
    told: dict[str, FactValue] = {}
    programs = [decider.program(product, day) for product in chosen]
    while True:
        now = Firm(told)
        masks = decider.space.masks(now, day)
        open_facts = _open_facts(decider, programs, masks, now)
        fact = strategy(decider, programs, masks, open_facts)
        if fact is None:
            verdicts: dict[str, str] = {program.product.id: program.verdict(masks) for program in programs}
            return Played(len(told), _effort(decider, told), verdicts)
        told[fact] = firm.facts[fact]


def settle_first(decider: Decider, firm: Firm, day: datetime.date, strategy: Strategy = ours) -> Played:
    """Ask as the dialogue does: until the first products of the ranking are settled."""
    told: dict[str, FactValue] = {}
    while True:
        now = Firm(told)
        ranking = decider.match(now, day).ranking
        first = [one for one in ranking if one.verdict != "ineligible"][:IN_PLAY]
        masks, programs = decider.space.masks(now, day), [decider.program(one.product, day) for one in first]
        fact = strategy(decider, programs, masks, _open_facts(decider, programs, masks, now))
        if fact is None:
            return Played(len(told), _effort(decider, told), {one.product: one.verdict for one in first})
        told[fact] = firm.facts[fact]


def _open_facts(decider: Decider, programs: list[Program], masks: Masks, firm: Firm) -> dict[str, list[str]]:
    """For each product the facts that may be asked and can still change its verdict."""
    return {
        program.product.id: program.missing(
            masks, {fact for fact in program.facts if decider.space.askable(fact, firm)}
        )
        for program in programs
    }


def settle_card(decider: Decider, card: str, firm: Firm, day: datetime.date, *, ours: bool) -> Played:
    """Ask until a score card is settled: its own next question, or the first missing fact as written."""
    told: dict[str, FactValue] = {}
    while True:
        result = decider.scorer.result(card, Firm(told), day)
        fact = result.next_question if ours else next(iter(result.missing), None)
        if fact is None:
            return Played(len(told), _effort(decider, told), {card: result.verdict})
        told[fact] = firm.facts[fact]


def _effort(decider: Decider, told: Iterable[str]) -> float:
    return sum(decider.catalog.facts[fact].cost for fact in told)


def everything(decider: Decider, chosen: Collection[str], day: datetime.date) -> int:
    """How many questions a form would have that asks all that the chosen products may need."""
    whole = decider.space.everything
    return len(set().union(*(facts_in(decider.program(product, day).whole(whole)) for product in chosen)))
