"""A score card compiled: what is still possible for a firm, what may change it, what to ask next.

The range is exact: its ends are points that some completion of the facts really gives.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from bot.catalog.record import SourceIds
from bot.catalog.scorecards import ScoreCard, Stage
from bot.decision.formula import Formula, Masks, facts_in, join, probability, residue, share, truth
from bot.decision.points import (
    Distribution,
    ItemProgram,
    collect,
    components,
    convolve,
    deciding_facts,
    distribution,
    joined,
)
from bot.decision.program import in_order
from bot.decision.question import entropy
from bot.decision.space import Space

CardVerdict = Literal["meets", "fails", "open"]
REMEMBERED = 10_000
"""Distributions kept for a card."""


class _Outlook(msgspec.Struct, frozen=True):
    """Whether the card can still be met, can still be failed, and how likely it is met."""

    can_meet: bool
    can_fail: bool
    chance: float


class CardProgram:
    """One card compiled; cells and weights are the space's."""

    def __init__(self, card: ScoreCard, space: Space, formula_of: Callable[[str], Formula]) -> None:
        self.card = card
        self.space = space
        self.formula_of = formula_of
        self.items = tuple(
            ItemProgram(item, tuple((formula_of(band.when), band.points) for band in item.bands))
            for item in card.items
        )
        self._requires = join(True, [formula_of(one.when) for one in card.requires])
        self._direct = join(False, [formula_of(one.when) for one in card.direct])
        also = card.passing.also if card.passing is not None else ""
        self._also: Formula = formula_of(also) if also else True
        self._item_facts = sorted(
            set().union(*(facts_in(one) for item in self.items for one, _ in item.bands))
        )
        self._memo: dict[tuple[object, ...], list[Distribution]] = {}
        # Other rules cut numbers finer than this card needs.
        self._leaves: dict[str, list[int]] = {}
        stages = [formula_of(stage.when) for stage in card.stages]
        bands = [formula for item in self.items for formula, _ in item.bands]
        for formula in (self._requires, self._direct, self._also, *stages, *bands):
            collect(formula, self._leaves)

    @property
    def countable(self) -> bool:
        """A total exists: every maximum is public, and weights are where stages need them."""
        weighted = all(stage.weights for stage in self.card.stages)
        return bool(self.items) and weighted and all(one.item.max is not None for one in self.items)

    def uses(self) -> Iterator[tuple[str, SourceIds, set[str]]]:
        """Every line of the card with its source and the facts it hangs on."""
        for one in [*self.card.requires, *self.card.direct]:
            yield one.text, one.source, facts_in(self.formula_of(one.when))
        for program in self.items:
            named = set().union(*(facts_in(formula) for formula, _ in program.bands))
            yield program.item.name, program.item.source, named
        if self.card.passing is not None:
            yield self.card.passing.text, self.card.passing.source, facts_in(self._also)

    def verdict(self, masks: Masks) -> CardVerdict:
        """«meets» and «fails» only where every completion agrees; a card without a pass rule stays open."""
        outlook = self._outlook(masks)
        if not outlook.can_meet:
            return "fails"
        return "meets" if not outlook.can_fail else "open"

    def span(self, masks: Masks) -> tuple[float, float] | None:
        """Least and most points that some completion gives; None where the card has no total."""
        if not self.countable:
            return None
        stage = self.stage_of(masks)
        if isinstance(stage, str):
            found = [self.span({**masks, stage: cut}) for cut in self._cuts(stage, masks)]
            spans = [one for one in found if one is not None]
            return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None
        if self.card.stages and stage is None:
            return None
        parts = self._distributions(masks, stage)
        return sum(min(part) for part in parts), sum(max(part) for part in parts)

    def missing(self, masks: Masks, askable: Callable[[str], bool]) -> list[str]:
        """The facts that may be asked and may still change the outcome, in the order of the card."""
        outlook = self._outlook(masks)
        scored = bool(self.items) and (self.card.passing is not None or outlook.can_meet)
        if self.card.passing is not None or not self.items:
            if not (outlook.can_meet and outlook.can_fail):
                return []
        elif not outlook.can_meet:
            return []
        named: list[str] = in_order(residue(self._requires, masks))
        if truth(self._direct, masks) is not True:
            score_facts = self._score_facts(masks) if scored else []
            if score_facts or not self._scored(masks):
                named += in_order(residue(self._direct, masks))
            named += score_facts
        return [fact for fact in dict.fromkeys(named) if askable(fact)]

    def _scored(self, masks: Masks) -> bool:
        """The points are enough whatever is still open: no direct route is needed."""
        span = self.span(masks) if self.card.passing is not None else None
        return (
            self.card.passing is not None
            and span is not None
            and not isinstance(self.stage_of(masks), str)
            and span[0] >= self.card.passing.score
            and truth(self._also, masks) is True
        )

    def _score_facts(self, masks: Masks) -> list[str]:
        if not self.card.filled:
            return []
        span, passing, stage = self.span(masks), self.card.passing, self.stage_of(masks)
        also = in_order(residue(self._also, masks))
        if passing is not None and span is not None and not isinstance(stage, str):
            if span[1] < passing.score:
                return []
            if span[0] >= passing.score:
                return also
        named = [stage] if isinstance(stage, str) else []
        relevant: set[str] = set()
        for group in components(self.items, masks):
            relevant |= deciding_facts(group, masks)
        for item in self.items:
            named += [fact for formula, _ in item.bands for fact in in_order(formula) if fact in relevant]
        return [*named, *also]

    def _outlook(self, masks: Masks) -> _Outlook:
        requires = residue(self._requires, masks)
        if truth(requires, masks) is False:
            return _Outlook(False, True, 0.0)
        if self.card.passing is None and self.items:
            return _Outlook(True, True, 0.5)
        parts = [requires, residue(self._direct, masks), residue(self._also, masks)]
        if self.card.passing is None:
            return _of_formula(requires, masks, self.space)
        stage = self.stage_of(masks) if self.card.stages else None
        shared = stage if isinstance(stage, str) else self._shared(parts, masks)
        if shared is not None:
            weights = self.space.weights[shared]
            found = [
                (self._outlook({**masks, shared: cut}), share(cut, weights))
                for cut in self._cuts(shared, masks)
            ]
            total = sum(weight for _, weight in found)
            return _Outlook(
                any(one.can_meet for one, _ in found),
                any(one.can_fail for one, _ in found),
                sum(one.chance * weight for one, weight in found) / total,
            )
        # Nothing open is shared between the parts any more: each can come out either way by itself.
        required, direct, also = (_of_formula(part, masks, self.space) for part in parts)
        score = self._score(masks, self.card.passing.score)
        scored = _both(score, also)
        enough = _Outlook(
            direct.can_meet or scored.can_meet,
            direct.can_fail and scored.can_fail,
            1 - (1 - direct.chance) * (1 - scored.chance),
        )
        return _both(required, enough)

    def _score(self, masks: Masks, needed: float) -> _Outlook:
        if self.card.stages and self.stage_of(masks) is None:
            return _Outlook(False, True, 0.0)
        span = self.span(masks)
        if span is None:
            # Some maximum is not public: points can neither be proved enough nor too few.
            return _Outlook(True, True, 0.5)
        total: Distribution = {0.0: 1.0}
        stage = self.stage_of(masks)
        for part in self._distributions(masks, stage if isinstance(stage, Stage) else None):
            total = convolve(total, part)
        return _Outlook(
            span[1] >= needed,
            span[0] < needed,
            sum(chance for points, chance in total.items() if points >= needed),
        )

    def _shared(self, parts: Iterable[Formula], masks: Masks) -> str | None:
        """An open fact on which two of the parts hang, or a part and the points."""
        counts: Counter[str] = Counter()
        for part in parts:
            counts.update(facts_in(part))
        for fact in self._item_facts:
            if len(self._cuts(fact, masks)) > 1:
                counts[fact] += 1
        fact, times = counts.most_common(1)[0] if counts else ("", 0)
        return fact if times > 1 else None

    def stage_of(self, masks: Mapping[str, int]) -> Stage | str | None:
        """The firm's stage; the name of a fact that must be known first; None where no stage fits."""
        for stage in self.card.stages:
            formula = self.formula_of(stage.when)
            held = truth(formula, masks)
            if held is True:
                return stage
            if held is None:
                return sorted(facts_in(residue(formula, masks)))[0]
        return None

    def _distributions(self, masks: Masks, stage: Stage | None) -> list[Distribution]:
        key = (stage.id if stage else "", tuple(masks[fact] for fact in self._item_facts))
        if key not in self._memo:
            if len(self._memo) > REMEMBERED:
                self._memo.clear()
            weights = self.space.weights
            self._memo[key] = [
                distribution(group, [self._scale(one, stage) for one in group], masks, weights)
                for group in components(self.items, masks)
            ]
        return self._memo[key]

    def _scale(self, item: ItemProgram, stage: Stage | None) -> float:
        return 1.0 if stage is None or not item.item.max else stage.weights[item.item.id] / item.item.max

    def next_question(self, masks: Masks, missing: Collection[str]) -> str | None:
        """The missing fact that is expected to take away most doubt per effort."""
        best, best_gain = None, -math.inf
        facts = self.space.facts
        before = self._doubt(masks)
        for fact in missing:
            weights = self.space.weights[fact]
            mass = share(masks[fact], weights)
            after = sum(
                share(cut, weights) / mass * self._doubt({**masks, fact: cut})
                for cut in self._cuts(fact, masks)
            )
            gain = (before - after) / max(facts[fact].cost, 0.1)
            if gain > best_gain + 1e-12:
                best, best_gain = fact, gain
        return best

    def _doubt(self, masks: Masks) -> float:
        """What a question should take away: entropy of the verdict, or variance of an unjudged total."""
        outlook = self._outlook(masks)
        if self.card.passing is not None or not self.items:
            return entropy(outlook.chance) if outlook.can_meet and outlook.can_fail else 0.0
        if not outlook.can_meet or not self.countable:
            return 0.0
        stage = self.stage_of(masks)
        if isinstance(stage, str):
            weights = self.space.weights[stage]
            mass = share(masks[stage], weights)
            # Not knowing the stage is a doubt of its own, the spread between the stages.
            span = self.span(masks)
            return (span[1] - span[0] if span else 0.0) + sum(
                share(cut, weights) / mass * self._doubt({**masks, stage: cut})
                for cut in self._cuts(stage, masks)
            )
        return sum(_variance(part) for part in self._distributions(masks, stage))

    def _cuts(self, fact: str, masks: Mapping[str, int]) -> list[int]:
        return joined(masks[fact], self._leaves.get(fact, []))


def _of_formula(formula: Formula, masks: Masks, space: Space) -> _Outlook:
    held = truth(formula, masks)
    return _Outlook(held is not False, held is not True, probability(formula, masks, space.weights))


def _both(one: _Outlook, other: _Outlook) -> _Outlook:
    return _Outlook(
        one.can_meet and other.can_meet, one.can_fail or other.can_fail, one.chance * other.chance
    )


def _variance(part: Distribution) -> float:
    mean = sum(points * chance for points, chance in part.items())
    return sum(chance * (points - mean) ** 2 for points, chance in part.items())
