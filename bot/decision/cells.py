"""Cuts every fact into the few cells that the rules can tell apart.

A number matters only by the thresholds it lies between; a flag has two cells, a choice one a
value. What is known of a fact is then a *mask*: the bits of the cells it may still lie in. One bit
is a settled fact, several an unknown or a bounded one. Verdicts over masks are exact.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Final

from bot.catalog.expression import Atom, Constant
from bot.catalog.model import FactSpec
from bot.catalog.values import NA, Bound, FactValue

OTHER: Final = "\0other"
"""Any text that no rule names."""


class Interval:
    """A set of numbers: from ``low`` to ``high``, ends excluded where ``*_open``."""

    __slots__ = ("high", "high_open", "low", "low_open")

    def __init__(self, low: float, high: float, low_open: bool = False, high_open: bool = False) -> None:
        self.low, self.high, self.low_open, self.high_open = low, high, low_open, high_open

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    @property
    def point(self) -> bool:
        return self.low == self.high and not self.empty

    def meets(self, other: Interval) -> Interval:
        """What both hold."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_closed = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low, high, low_open, not high_closed)

    def whole(self) -> Interval:
        """The same for whole numbers: open ends moved to the next whole number."""
        low = self.low if math.isinf(self.low) else math.ceil(self.low)
        high = self.high if math.isinf(self.high) else math.floor(self.high)
        low = low + 1 if self.low_open and low == self.low else low
        high = high - 1 if self.high_open and high == self.high else high
        return Interval(low, high)

    def __repr__(self) -> str:
        return f"{'(' if self.low_open else '['}{self.low}, {self.high}{')' if self.high_open else ']'}"


EVERYTHING: Final = Interval(-math.inf, math.inf)


def interval_of(value: float, bound: Bound | None) -> Interval:
    """The numbers a statement leaves open: the bound if there is one, else the value alone."""
    if bound is None:
        return Interval(value, value)
    low = -math.inf if bound.low is None else bound.low
    high = math.inf if bound.high is None else bound.high
    return Interval(low, high, bound.low_open, bound.high_open)


class Partition:
    """The cells of one fact.

    ``labels`` (one a cell) are intervals for a number, values for anything else; a fact that may
    not apply has one more cell, :data:`NA`, which satisfies no comparison.
    """

    __slots__ = ("_atoms", "_edges", "_index", "everything", "labels", "na_bit", "spec")

    def __init__(self, spec: FactSpec, atoms: Iterable[Atom]) -> None:
        self.spec = spec
        self._atoms: dict[Atom, int] = {}
        self.labels: list[Interval | FactValue] = []
        self._edges: list[tuple[float, int]] = []
        self._index: dict[Constant, int] = {}
        listed = list(atoms)
        if spec.numeric:
            self._cut_number(listed)
        elif spec.type == "flag":
            self.labels += [False, True]
        elif spec.type == "choice":
            self.labels += [choice.value for choice in spec.choices]
        else:
            named = dict.fromkeys(str(constant) for atom in listed for constant in atom.constants)
            self.labels += [*named, OTHER]
        if not spec.numeric:
            self._index = {
                label: index for index, label in enumerate(self.labels) if isinstance(label, (bool, str))
            }
        self.everything = (1 << len(self.labels)) - 1
        self.na_bit = 0
        if spec.may_be_na:
            self.na_bit = 1 << len(self.labels)
            self.labels.append(NA)
            self.everything |= self.na_bit
        for atom in listed:
            self._atoms[atom] = self._satisfying(atom)

    def _cut_number(self, atoms: Sequence[Atom]) -> None:
        low, high = self.spec.range or (-math.inf, math.inf)
        domain = Interval(low, high)
        # An edge (t, 0) lies just before t, (t, 1) just after it.
        edges: set[tuple[float, int]] = set()
        for atom in atoms:
            for constant in atom.constants:
                threshold = float(constant)
                if atom.operator in ("<", ">=", "==", "!="):
                    edges.add((threshold, 0))
                if atom.operator in ("<=", ">", "==", "!="):
                    edges.add((threshold, 1))
        ends: list[tuple[float, int]] = [(-math.inf, 0), *sorted(edges), (math.inf, 1)]
        kept: list[tuple[float, int]] = []
        for start, end in itertools.pairwise(ends):
            cell = Interval(start[0], end[0], bool(start[1]), not end[1]).meets(domain)
            if self.spec.whole:
                cell = cell.whole()
            if cell.empty:
                continue
            self.labels.append(cell)
            kept.append(start)
        self._edges = kept

    def _satisfying(self, atom: Atom) -> int:
        mask = 0
        for index, label in enumerate(self.labels):
            if label == NA:
                holds = False
            elif isinstance(label, Interval):
                holds = _compare(_inside(label), atom)
            else:
                holds = (label in atom.constants) == (atom.operator == "==")
            mask |= holds << index
        return mask

    def satisfying(self, atom: Atom) -> int:
        """The cells in which a comparison holds."""
        return self._atoms[atom]

    def mask_of(self, value: FactValue, bound: Bound | None = None) -> int:
        """The cells in which a stated value may lie; ``everything`` where it tells nothing.

        A number outside the fact's range is clamped to the nearest cell: it was refused before.
        """
        if value is None:
            return self.everything
        if value == NA:
            return self.na_bit or self.everything
        if self.spec.numeric:
            if isinstance(value, (bool, str)):
                return self.everything
            return self.mask_of_interval(interval_of(float(value), bound))
        index = self._index.get(value, self._index.get(OTHER))
        return self.everything if index is None else 1 << index

    def mask_of_interval(self, interval: Interval) -> int:
        if interval.point:
            return 1 << self._cell_of(interval.low)
        mask = 0
        for index, label in enumerate(self.labels):
            if isinstance(label, Interval) and not label.meets(interval).empty:
                mask |= 1 << index
        return mask or self.everything & ~self.na_bit

    def _cell_of(self, value: float) -> int:
        return max(bisect.bisect_right(self._edges, (value, 0.5)) - 1, 0)


def _inside(cell: Interval) -> float:
    """Some number of the cell; which one makes no difference to any rule."""
    if cell.point:
        return cell.low
    if math.isinf(cell.low):
        return 0.0 if math.isinf(cell.high) else cell.high - (1.0 if cell.high_open else 0.0)
    if math.isinf(cell.high):
        return cell.low + (1.0 if cell.low_open else 0.0)
    return (cell.low + cell.high) / 2 if cell.low_open else cell.low


def _compare(value: float, atom: Atom) -> bool:
    if atom.operator == "==":
        return any(value == float(one) for one in atom.constants)
    if atom.operator == "!=":
        return all(value != float(one) for one in atom.constants)
    threshold = float(atom.constants[0])
    if atom.operator == "<":
        return value < threshold
    if atom.operator == "<=":
        return value <= threshold
    if atom.operator == ">":
        return value > threshold
    return value >= threshold
