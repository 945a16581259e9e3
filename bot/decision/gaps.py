"""What would turn an «ineligible»: the cheapest changes a firm can really make."""

from __future__ import annotations

import datetime
import itertools
import math

import msgspec

from bot.catalog.model import FactSpec
from bot.catalog.values import FactValue
from bot.decision.cells import Interval, Partition
from bot.decision.firm import Firm
from bot.decision.formula import Formula, Masks, cells, facts_in, truth
from bot.decision.program import Program
from bot.decision.space import Space

ALTERNATIVES = 4
SEARCHED = 3
"""Most facts changed for one clause: nobody is advised to change four things at once."""


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
    """Ways out of «ineligible», cheapest first; empty where nothing that can be changed would help."""
    failing = [rule.formula for rule in program.hard if truth(rule.formula, masks) is False]
    per_clause = [_repairs(formula, masks, firm, space, day) for formula in failing]
    if not failing or not all(per_clause):
        return []
    ways: dict[tuple[tuple[str, FactValue], ...], Way] = {}
    for combination in itertools.islice(itertools.product(*per_clause), 512):
        moves: dict[str, _Move] = {}
        for move in itertools.chain.from_iterable(combination):
            moves.setdefault(move.fact, move)
        changed = {**masks, **{fact: move.cell for fact, move in moves.items()}}
        if program.verdict(changed) == "ineligible":
            continue
        gaps = tuple(move.gap for move in moves.values())
        key = tuple(sorted((gap.fact, gap.need) for gap in gaps))
        effort = sum(move.effort for move in moves.values())
        if key not in ways or effort < ways[key].effort:
            ways[key] = Way(gaps, effort)
    ordered = sorted(ways.values(), key=lambda way: (way.effort, len(way.gaps)))
    return _without_supersets(ordered)[: ALTERNATIVES + 1]


def _without_supersets(ways: list[Way]) -> list[Way]:
    kept: list[Way] = []
    for way in ways:
        changed = {gap.fact for gap in way.gaps}
        if not any({gap.fact for gap in other.gaps} <= changed for other in kept):
            kept.append(way)
    return kept


def _repairs(
    formula: Formula, masks: Masks, firm: Firm, space: Space, day: datetime.date
) -> list[tuple[_Move, ...]]:
    moves = {
        fact: found
        for fact in sorted(facts_in(formula))
        if (found := _moves(space.facts[fact], space.partitions[fact], masks[fact], firm, space, day))
    }
    repairs: list[tuple[_Move, ...]] = []
    for count in range(1, min(SEARCHED, len(moves)) + 1):
        for facts in itertools.combinations(moves, count):
            for chosen in itertools.product(*(moves[fact] for fact in facts)):
                if any({move.fact for move in one} < set(facts) for one in repairs):
                    continue
                changed = {**masks, **{move.fact: move.cell for move in chosen}}
                if truth(formula, changed) is not False:
                    repairs.append(chosen)
    return sorted(repairs, key=lambda chosen: sum(move.effort for move in chosen))[:8]


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
            when = _day_reached(firm, need, day) if change.by == "wait" else None
            if change.by == "wait" and when is None:
                continue
            moves.append(_Move(spec.id, cell, Gap(spec.id, have, _plain(need, spec), when), effort))
        elif (change.by, label) in (("yes", True), ("no", False)):
            moves.append(_Move(spec.id, cell, Gap(spec.id, have, label), change.effort))
    return moves


def _nearest(cell: Interval, current: Interval, spec: FactSpec) -> float | None:
    change = spec.change
    assert change is not None
    step = 1.0 if spec.whole else 0.01
    if change.by in ("more", "wait") and cell.low >= current.high and not math.isinf(cell.low):
        return cell.low + step if cell.low_open else cell.low
    if change.by == "less" and cell.high <= current.low and not math.isinf(cell.high):
        return cell.high - step if cell.high_open else cell.high
    return None


def _day_reached(firm: Firm, need: float, day: datetime.date) -> datetime.date | None:
    """When a firm will be ``need`` years old at the latest (only the founding year is known)."""
    founded = firm.facts.get("established_year")
    if isinstance(founded, (int, float)) and not isinstance(founded, bool):
        year = int(founded) + math.ceil(need)
        return datetime.date(year, 12, 31) if year <= 9998 else None
    years = firm.facts.get("years_established")
    if isinstance(years, (int, float)) and not isinstance(years, bool):
        return day + datetime.timedelta(days=math.ceil((need - years) * 365.25))
    return None


def _plain(value: float, spec: FactSpec) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded
