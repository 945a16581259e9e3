"""How far what was read agrees with what was labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

JUDGED_WHERE_LABELLED = frozenset({"purpose", "stage", "funding_kind", "industry"})
"""Facts on which readers differ: counted only where the label has them (so too ``org_type: company``)."""
OUT = "out_of_scope"


class Labelled(msgspec.Struct, frozen=True):
    """One labelled sentence; any of ``intents`` is right, ``facts`` are exact."""

    text: str
    intents: list[str]
    facts: dict[str, Any] = {}
    products: list[str] = []
    aspect: str | None = None
    asked: str | None = None
    bounds: dict[str, Any] = {}
    note: str = ""

    @property
    def out(self) -> bool:
        return self.intents[0] == OUT


class Read(msgspec.Struct, frozen=True):
    """What was understood. ``out_score`` rises with the likelihood that the sentence is out of scope."""

    intent: str
    confidence: float
    facts: dict[str, Any]
    products: list[str]
    aspect: str | None
    out_score: float
    seconds: float = 0.0
    asked_back: bool = False
    bounds: dict[str, Any] = {}


class FactScore(msgspec.Struct):
    right: int = 0
    surplus: int = 0
    lacking: int = 0
    exact: int = 0
    sentences: int = 0
    by_fact: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.surplus, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.lacking, 1)


def judged(fact: str, value: Any, labelled: dict[str, Any]) -> bool:
    """Whether a fact that was read counts at all."""
    if fact in labelled:
        return True
    return fact not in JUDGED_WHERE_LABELLED and (fact, value) != ("org_type", "company")


def same(one: Any, other: Any) -> bool:
    """Equal values; numbers to within rounding, true never equals 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < 1e-6 * max(1.0, abs(other))
    return bool(one == other)


def score_facts(cases: Sequence[tuple[Labelled, Read]]) -> FactScore:
    score = FactScore()
    for label, read in cases:
        found = {fact: value for fact, value in read.facts.items() if judged(fact, value, label.facts)}
        right = {
            fact for fact, value in found.items() if fact in label.facts and same(value, label.facts[fact])
        }
        wrong = set(found) - right
        lacking = set(label.facts) - right
        score.right += len(right)
        score.surplus += len(wrong)
        score.lacking += len(lacking)
        score.sentences += 1
        score.exact += not wrong and not lacking
        score.by_fact.update(wrong | lacking)
    return score


def intent_accuracy(cases: Sequence[tuple[Labelled, Read]]) -> float:
    return sum(read.intent in label.intents for label, read in cases) / max(len(cases), 1)


def product_accuracy(cases: Sequence[tuple[Labelled, Read]]) -> tuple[int, int]:
    """(right, all) over the sentences that name a product: the products, and the aspect if labelled."""
    named = [(label, read) for label, read in cases if label.products]
    right = [
        set(label.products) == set(read.products) and (label.aspect is None or label.aspect == read.aspect)
        for label, read in named
    ]
    return sum(right), len(named)


def auroc(cases: Sequence[tuple[Labelled, Read]]) -> float:
    """How surely out-of-scope sentences are told from the others (those that may be either are left out)."""
    out = [read.out_score for label, read in cases if label.out]
    rest = [read.out_score for label, read in cases if OUT not in label.intents]
    if not out or not rest:
        return float("nan")
    wins = sum((one > other) + 0.5 * (one == other) for one in out for other in rest)
    return wins / (len(out) * len(rest))


def confusion(cases: Sequence[tuple[Labelled, Read]]) -> Counter[tuple[str, str]]:
    """(labelled, read) → times, for the sentences that were read wrongly."""
    return Counter(
        (label.intents[0], read.intent) for label, read in cases if read.intent not in label.intents
    )
