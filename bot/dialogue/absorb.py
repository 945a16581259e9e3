"""Takes what was said into the state: new facts, corrections, contradictions, values that make no sense."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from bot.catalog.model import FactSpec
from bot.catalog.values import NA, Bound, FactValue
from bot.decision.cells import interval_of
from bot.dialogue.state import Confirm, State
from bot.dialogue.turn import Turn

QUESTIONS = frozenset(
    {
        "ask_product",
        "compare_products",
        "ask_policy",
        "ask_why",
        "ask_bot",
        "out_of_scope",
        "case_status",
        "book_visit",
    }
)
"""Intents that state nothing about the firm unless it speaks of itself (「知识价值A级能贷多少」)."""
_SELF = re.compile(r"我|咱|俺|本公司|公司(?:是|有|已)|企业(?:是|有|已)")
WHOLE_AND_PART = (("employees", "rd_employees", "研发人员不会比职工总数多"),)
FREELY_CHANGED = frozenset({"industry", "district"})
"""Descriptions in the firm's own words: a later one simply adds, nothing hangs on the difference."""


class Absorbed(msgspec.Struct):
    """``new``: facts now known; ``changed``: fact → the value it had before; ``refused``: value → why."""

    new: list[str] = []
    changed: dict[str, FactValue] = {}
    refused: list[tuple[str, FactValue, str]] = []
    contradicted: list[Confirm] = []

    @property
    def anything(self) -> bool:
        return bool(self.new or self.changed or self.refused or self.contradicted)


def absorb(turn: Turn) -> Absorbed:
    """Take in the facts of this turn. A what-if states nothing: its facts are not among the mentions."""
    result = Absorbed()
    correcting = turn.intent == "correct_info" or turn.reading.cues.get("correction", 0.0) > 0
    for fact, value, bound, words in _stated(turn):
        spec = turn.catalog.facts.get(fact)
        if spec is None:
            continue
        reason = nonsense(spec, value, bound) or _impossible(turn, fact, value)
        if reason:
            result.refused.append((fact, value, reason))
            continue
        _take(turn.state, spec, value, bound, words, correcting or "set" in turn.payload, result)
    if turn.state.asking in {*result.new, *result.changed}:
        turn.state.asking = None
    return result


def _stated(turn: Turn) -> Iterable[tuple[str, FactValue, Bound | None, str]]:
    for fact, value in turn.payload.get("set", {}).items():
        yield fact, value, None, ""
    if turn.payload:
        return
    last = {mention.fact: mention for mention in turn.reading.mentions}
    if turn.intent in QUESTIONS and not _SELF.search(turn.text):
        # Only an answer to the question asked can hide in it, and not beside a product's name.
        last = {
            fact: one for fact, one in last.items() if fact == turn.state.asking and not turn.reading.products
        }
    for mention in last.values():
        yield mention.fact, mention.value, mention.bound, turn.text[mention.start : mention.end]


def nonsense(spec: FactSpec, value: FactValue, bound: Bound | None) -> str:
    """Why a value cannot be right (Chinese), or empty."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not spec.range:
        return ""
    low, high = spec.range
    ends = [value] if bound is None else [end for end in (bound.low, bound.high) if end is not None]
    if all(low <= end <= high for end in ends):
        return ""
    return spec.range_reason or f"{spec.name}应在{low:g}到{high:g}{spec.unit}之间"


def _impossible(turn: Turn, fact: str, value: FactValue) -> str:
    """Why a value cannot stand beside the day or another fact of this turn or before, or empty."""
    if fact == "established_year" and isinstance(value, (int, float)) and value > turn.today.year:
        return f"现在是{turn.today.year}年"
    told = {
        **turn.state.known,
        **{mention.fact: mention.value for mention in turn.reading.mentions},
        fact: value,
    }
    for whole, part, reason in WHOLE_AND_PART:
        if fact not in (whole, part):
            continue
        one, other = told.get(whole), told.get(part)
        if isinstance(one, (int, float)) and isinstance(other, (int, float)) and other > one:
            return reason
    return ""


def _take(
    state: State,
    spec: FactSpec,
    value: FactValue,
    bound: Bound | None,
    words: str,
    correcting: bool,
    result: Absorbed,
) -> None:
    old = state.known.get(spec.id)
    known = old is not None and old != NA
    if known and not correcting and _restated(state, spec, value, result):
        return
    same = known and old == value and state.bounds.get(spec.id) == bound
    if same:
        return
    if known and spec.id == "funding_kind" and "loan" in (old, value):
        # 贷款 and then 信用贷 is the same wish, said more exactly.
        if old == "loan":
            put(state, spec, value, bound, words)
            result.new.append(spec.id)
        return
    if (
        known
        and not correcting
        and spec.id not in FREELY_CHANGED
        and not _sharpens(state, spec, value, bound)
    ):
        result.contradicted.append(Confirm(spec.id, old, value, bound, words))
        return
    put(state, spec, value, bound, words)
    if known and old != value:
        result.changed[spec.id] = old
    else:
        result.new.append(spec.id)


def _restated(state: State, spec: FactSpec, value: FactValue, result: Absorbed) -> bool:
    """A value said again while it is asked which one counts: that is the answer."""
    pending = next((one for one in state.confirm if one.fact == spec.id), None)
    if pending is None:
        return False
    if value == pending.old:
        state.confirm.remove(pending)
    else:
        put(state, spec, value, pending.new_bound if value == pending.new else None, pending.words)
        result.changed[spec.id] = pending.old
    return True


def _sharpens(state: State, spec: FactSpec, value: FactValue, bound: Bound | None) -> bool:
    """The new value lies within what was said before: 「不到五百万」, then 「四百二」."""
    before = state.bounds.get(spec.id)
    if before is None or not spec.numeric or not isinstance(value, (int, float)):
        return False
    old, new = interval_of(0.0, before), interval_of(float(value), bound)
    return not old.meets(new).empty


def put(state: State, spec: FactSpec, value: FactValue, bound: Bound | None, words: str) -> None:
    """Set a fact, whatever was known before."""
    (state.facts if spec.group == "contract" else state.more)[spec.id] = value
    if bound is None:
        state.bounds.pop(spec.id, None)
    else:
        state.bounds[spec.id] = bound
    if words:
        state.said[spec.id] = words
    state.confirm = [one for one in state.confirm if one.fact != spec.id]


def decline(state: State, spec: FactSpec) -> None:
    """「不清楚」: the fact stays unknown and is not asked again; a value said before is kept."""
    known = state.facts if spec.group == "contract" else state.more
    known.setdefault(spec.id, None)
