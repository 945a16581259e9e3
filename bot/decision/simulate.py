"""Firms made from the priors, and how many questions it takes to settle their cases."""

from __future__ import annotations

import datetime
import random
from collections import Counter
from collections.abc import Callable, Collection

import msgspec

from bot.catalog.values import FactValue
from bot.decision.cells import OTHER, Interval
from bot.decision.firm import Firm
from bot.decision.formula import Masks, facts_in
from bot.decision.judge import IN_PLAY, Decider
from bot.decision.program import Program, in_order
from bot.decision.question import next_question

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
    """``verdicts`` by product, after ``questions`` questions."""

    questions: int
    verdicts: dict[str, str]


def draw(decider: Decider, rng: random.Random) -> Firm:
    """A firm with every fact that any rule names, each drawn from its prior."""
    facts: dict[str, FactValue] = {}
    for name, partition in decider.space.partitions.items():
        label = rng.choices(partition.labels, weights=decider.space.weights[name])[0]
        facts[name] = _inside(label) if isinstance(label, Interval) else "其他" if label == OTHER else label
    # A derived fact is stated in its own right here, so that parts and whole cannot disagree.
    return Firm(facts)


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
        open_facts = {
            program.product.id: program.missing(
                masks, {f for f in program.facts if decider.space.askable(f, now)}
            )
            for program in programs
        }
        fact = strategy(decider, programs, masks, open_facts)
        if fact is None:
            return Played(len(told), {program.product.id: program.verdict(masks) for program in programs})
        told[fact] = firm.facts[fact]


def settle_first(decider: Decider, firm: Firm, day: datetime.date) -> Played:
    """Ask as the dialogue does: until the first products of the ranking are settled."""
    told: dict[str, FactValue] = {}
    while (fact := decider.match(Firm(told), day).next_question) is not None:
        told[fact] = firm.facts[fact]
    ranking = decider.match(Firm(told), day).ranking
    first = [one for one in ranking if one.verdict != "ineligible"][:IN_PLAY]
    return Played(len(told), {one.product: one.verdict for one in first})


def everything(decider: Decider, chosen: Collection[str], day: datetime.date) -> int:
    """How many questions a form would have that asks all that the chosen products may need."""
    whole = decider.space.everything
    return len(set().union(*(facts_in(decider.program(product, day).whole(whole)) for product in chosen)))


def certificate_size(decider: Decider, chosen: Collection[str], firm: Firm, day: datetime.date) -> int:
    """Fewest facts that prove the verdicts of this firm: no strategy can ask less of it."""
    proofs = [set(decider.check(product, firm, day).certificate.facts) for product in chosen]
    return len(set().union(*proofs)) if proofs else 0
