"""What would turn an «ineligible»: the cheapest changes a firm can really make."""

from __future__ import annotations

import datetime
import heapq
import itertools
import math
from collections.abc import Iterable

import msgspec

from bot.catalog.model import Change, FactSpec
from bot.catalog.values import NA, FactValue
from bot.decision.cells import Interval, Partition
from bot.decision.firm import Firm
from bot.decision.formula import Formula, Masks, cells, facts_in, join, truth
from bot.decision.program import Program
from bot.decision.space import Space

ALTERNATIVES = 4
SEARCHED = 4
"""Most facts changed in one way out: nobody is advised to change five things at once."""
EXPLORED = 4_000
"""Sets of changes looked at, cheapest first."""
LITTLE = 1e-3
"""What a less likely value of a choice costs more, so that the first listed one is proposed."""


class Gap(msgspec.Struct, frozen=True):
    """``have``: what the firm has (None where not known exactly); ``need``: what would do;
    ``when``: the day by which waiting alone reaches it."""

    fact: str
    have: FactValue
    need: FactValue
    when: datetime.date | None = None


class Way(msgspec.Struct, frozen=True):
    """Changes that together turn the verdict, and their effort."""

    gaps: tuple[Gap, ...]
    effort: float


class _Move(msgspec.Struct, frozen=True):
    fact: str
    cell: int
    gap: Gap
    effort: float


def ways_out(program: Program, masks: Masks, firm: Firm, space: Space, day: datetime.date) -> list[Way]:
    """Ways out of «ineligible», cheapest first; empty where nothing that can be changed would help.

    Sets of changes are tried in the order of their effort, and one that fails a condition is only ever
    extended by a fact of that condition: so the first that works is the cheapest there is (of at most
    :data:`SEARCHED` changes). Each is tried on the firm itself, so that what follows from a changed
    fact is counted too.
    """
    moves = {
        fact: _moves(space.facts[fact], space.partitions[fact], masks[fact], firm, space, day)
        for rule in program.hard
        for fact in facts_in(rule.formula)
    }
    queue: list[tuple[float, int, tuple[_Move, ...]]] = [(0.0, 0, ())]
    seen: set[frozenset[tuple[str, int]]] = set()
    ways: list[Way] = []
    order = itertools.count(1)
    for _ in range(EXPLORED):
        if not queue or len(ways) > ALTERNATIVES:
            break
        effort, _, chosen = heapq.heappop(queue)
        facts = {move.fact for move in chosen}
        if any({gap.fact for gap in way.gaps} <= facts for way in ways):
            continue
        failing = _failing(program, {**masks, **{move.fact: move.cell for move in chosen}})
        if failing is None:
            if program.verdict(space.masks(_changed(firm, chosen), day)) != "ineligible":
                ways.append(Way(tuple(move.gap for move in chosen), effort))
            continue
        for fact in sorted(facts_in(failing) - facts) if len(chosen) < SEARCHED else ():
            for move in moves[fact]:
                key = frozenset((one.fact, one.cell) for one in (*chosen, move))
                if key not in seen:
                    seen.add(key)
                    heapq.heappush(queue, (effort + move.effort, next(order), (*chosen, move)))
    return ways


def _failing(program: Program, masks: Masks) -> Formula | None:
    """A condition that rules the firm out, alone or with the others; None where nothing does."""
    for rule in program.hard:
        if truth(rule.formula, masks) is False:
            return rule.formula
    whole = join(True, [rule.formula for rule in program.hard])
    return whole if truth(whole, masks) is False else None


def _changed(firm: Firm, moves: Iterable[_Move]) -> Firm:
    changed = {move.fact: move.gap.need for move in moves}
    bounds = {fact: bound for fact, bound in firm.bounds.items() if fact not in changed}
    return Firm({**firm.facts, **changed}, bounds)


def _moves(
    spec: FactSpec, partition: Partition, mask: int, firm: Firm, space: Space, day: datetime.date
) -> list[_Move]:
    change = spec.change
    if change is None:
        return []
    current = space.derivation.interval(spec.id, firm, day) if spec.numeric else None
    stated = firm.facts.get(spec.id)
    have: FactValue = stated
    if current is not None:
        have = _plain(current.low if not math.isinf(current.low) else current.high, spec)
    moves = []
    for cell in cells(partition.everything & ~mask & ~partition.na_bit):
        label = partition.labels[cell.bit_length() - 1]
        if isinstance(label, Interval):
            if current is None:
                continue
            need = _nearest(label, current, spec)
            if need is None:
                continue
            distance = abs(need - (current.high if need > current.high else current.low))
            effort = change.effort * max(distance / max(change.step, 1e-9), 0.01)
            when = _day_reached(spec, firm, current, need, day) if change.by == "wait" else None
            if change.by == "wait" and when is None:
                continue
            moves.append(_Move(spec.id, cell, Gap(spec.id, have, _plain(need, spec), when), effort))
        elif (change.by, label) in (("yes", True), ("no", False)):
            moves.append(_Move(spec.id, cell, Gap(spec.id, have, label), change.effort))
        elif change.by == "choice" and label in change.to and _may_leave(stated, change):
            effort = change.effort + LITTLE * change.to.index(str(label))
            moves.append(_Move(spec.id, cell, Gap(spec.id, have, label), effort))
    return sorted(moves, key=lambda move: move.effort)


def _may_leave(stated: FactValue, change: Change) -> bool:
    """Whether the stated choice is one that can be changed."""
    return stated not in (None, NA) and (not change.starting or stated in change.starting)


def _nearest(cell: Interval, current: Interval, spec: FactSpec) -> float | None:
    """The number of the cell that lies nearest in the direction in which the fact can be changed."""
    change = spec.change
    assert change is not None
    step = 1.0 if spec.whole else 0.01
    if change.by in ("more", "wait") and cell.low >= current.high and not math.isinf(cell.low):
        need = cell.low + step if cell.low_open else cell.low
    elif change.by == "less" and cell.high <= current.low and not math.isinf(cell.high):
        need = cell.high - step if cell.high_open else cell.high
    else:
        return None
    return None if cell.meets(Interval(need, need)).empty else need


def _day_reached(
    spec: FactSpec, firm: Firm, current: Interval, need: float, day: datetime.date
) -> datetime.date | None:
    """The latest day by which waiting alone brings ``need`` years."""
    founded = firm.facts.get("established_year")
    stated = firm.stated(spec.id)
    if spec.id == "years_established" and not stated and isinstance(founded, (int, float)):
        # Only the year is known, so the last day of a year is the latest the anniversary can be.
        year = int(founded) + math.ceil(need)
        return datetime.date(year, 12, 31) if year <= 9998 else None
    if math.isinf(current.high):
        return None
    days = math.ceil((need - max(current.low, 0.0)) * 365.25)
    return day + datetime.timedelta(days=days) if days < 36_525 else None


def _plain(value: float, spec: FactSpec) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
