"""The cells of every fact that a set of conditions names, and the masks of a firm in them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.catalog.checks import SME_SIZE
from bot.catalog.expression import Atom, Condition, atoms_of
from bot.catalog.model import FactSpec
from bot.catalog.scorecards import SizeRules
from bot.catalog.values import NA
from bot.decision.cells import Interval, Partition
from bot.decision.firm import Derivation, Firm
from bot.decision.formula import Formula, Leaf, Masks, compile_condition, join, truth
from bot.decision.sizes import Sizes, size_conditions, size_facts

SAMPLES = 512
FLOOR = 0.002
"""No cell is thought impossible: a prior is an estimate, and a firm may always surprise us."""


class Space:
    """Partitions and prior weights, made once for a catalog."""

    def __init__(
        self,
        facts: Mapping[str, FactSpec],
        conditions: Iterable[Condition],
        size_rules: SizeRules | None = None,
    ) -> None:
        atoms: dict[str, list[Atom]] = defaultdict(list)
        sizing = list(size_conditions(size_rules).values()) if size_rules is not None else []
        for condition in [*conditions, *sizing]:
            for atom in atoms_of(condition):
                atoms[atom.fact].append(atom)
        self.facts = facts
        self.derivation = Derivation(facts, size_facts(size_rules) if size_rules is not None else set())
        self.partitions = {
            fact: Partition(facts[fact], dict.fromkeys(found)) for fact, found in atoms.items()
        }
        self.everything = {fact: partition.everything for fact, partition in self.partitions.items()}
        self.weights = {fact: _weights(partition) for fact, partition in self.partitions.items()}
        self.sizes = Sizes(size_rules, self.compile) if size_rules is not None else None
        self._sized = [fact for fact in self.partitions if facts[fact].derived == SME_SIZE]

    def compile(self, condition: Condition) -> Formula:
        return compile_condition(
            condition, lambda atom: self.partitions[atom.fact].satisfying(atom), self.everything
        )

    def unreachable(self, formula: Formula, earlier: Iterable[Formula]) -> bool:
        """No firm meets the condition without meeting one of the earlier ones."""
        left = join(True, [formula, *(self._negated(one) for one in earlier)])
        return truth(left, self.everything) is False

    def _negated(self, formula: Formula) -> Formula:
        if isinstance(formula, bool):
            return not formula
        if isinstance(formula, Leaf):
            return Leaf(formula.fact, self.everything[formula.fact] & ~formula.mask)
        return join(not formula.every, [self._negated(part) for part in formula.parts])

    def masks(self, firm: Firm, day: datetime.date) -> Masks:
        """The cells in which each fact of this firm may lie on that day."""
        masks = dict(self.everything)
        derived = self.derivation.terms
        for fact, partition in self.partitions.items():
            if fact in firm.facts or fact in derived:
                masks[fact] = self._mask(fact, partition, firm, day)
        for fact in self._sized:
            if self.sizes is not None and not firm.stated(fact):
                masks[fact] = sum(self.partitions[fact].mask_of(one) for one in self.sizes.possible(masks))
        return masks

    def _mask(self, fact: str, partition: Partition, firm: Firm, day: datetime.date) -> int:
        value = firm.facts.get(fact)
        if value == NA:
            return partition.mask_of(NA)
        if partition.spec.numeric:
            if partition.na_bit and self.derivation.undefined(fact, firm, day):
                return partition.na_bit
            known = self.derivation.interval(fact, firm, day)
            return partition.everything if known is None else partition.mask_of_interval(known)
        return partition.mask_of(value)

    def askable(self, fact: str, firm: Firm) -> bool:
        """May be asked: the catalog allows it, the firm has not declined it, and it applies to the firm."""
        if not self.facts[fact].askable:
            return False
        return fact not in firm.facts or firm.facts[fact] not in (None, NA)


def _weights(partition: Partition) -> tuple[float, ...]:
    prior = partition.spec.prior
    counts = [0.0] * len(partition.labels)
    if partition.spec.numeric and prior.quantiles:
        for step in range(SAMPLES):
            value = _quantile(prior.quantiles, (step + 0.5) / SAMPLES)
            if partition.spec.whole:
                value = float(round(value))
            counts[partition.mask_of_interval(Interval(value, value)).bit_length() - 1] += 1 / SAMPLES
    elif partition.spec.type == "flag":
        likely = 0.5 if prior.true is None else prior.true
        counts[0], counts[1] = 1 - likely, likely
    else:
        shares = prior.weights
        for index, label in enumerate(partition.labels):
            known = isinstance(label, str) and shares
            counts[index] = shares.get(str(label), 0.0) if known else 1 / len(counts)
    if partition.na_bit:
        counts[-1] = prior.weights.get(NA, 0.02)
    total = sum(counts) + FLOOR * len(counts)
    return tuple((count + FLOOR) / total for count in counts)


def _quantile(points: list[float], position: float) -> float:
    if len(points) == 1:
        return points[0]
    place = position * (len(points) - 1)
    index = min(int(place), len(points) - 2)
    return points[index] + (points[index + 1] - points[index]) * (place - index)
