"""Dates of clauses and limits: overlaps, gaps, and what has none."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bot.catalog.errors import Fault
from bot.catalog.model import Product
from bot.catalog.yaml_lines import Document
from bot.decision.judge import Decider


def days_of(product: Product) -> list[datetime.date]:
    """The days on which some clause comes into force or ends, in order."""
    days = {day for clause in product.clauses for day in (clause.starts, clause.ends) if day is not None}
    return sorted(days)


def lint_dates(product: Product, decider: Decider, file: str, document: Document) -> Iterator[Fault]:
    """Faults of the periods in one product."""
    yield from _limits(product, file, document)
    yield from _successors(product, decider, file, document)
    for index, clause in enumerate(product.clauses):
        if clause.kind == "must" and clause.starts is None:
            line = document.line(("clauses", index, "id"))
            yield Fault(file, line, f"must 条款「{clause.id}」没有生效日（from）", "warning")


def _limits(product: Product, file: str, document: Document) -> Iterator[Fault]:
    limits = product.limits
    for one, first in enumerate(limits):
        if first.starts is None:
            yield Fault(file, document.line(("limits", one)), "额度没有生效日（from）", "warning")
        for other, second in enumerate(limits):
            if one < other and first.when == second.when and first.overlaps(second):
                yield Fault(file, document.line(("limits", other)), "两条额度在同一时期对同一情形都有效")


def _successors(product: Product, decider: Decider, file: str, document: Document) -> Iterator[Fault]:
    """A clause that ends should be followed, on that very day, by what replaces it."""
    for index, clause in enumerate(product.clauses):
        if clause.ends is None:
            continue
        line = document.line(("clauses", index, "to"))
        facts = set(decider.clause_facts(clause.when))
        later = [
            other
            for other in product.clauses
            if other is not clause
            and other.kind == clause.kind
            and facts & set(decider.clause_facts(other.when))
            and (other.starts or datetime.date.min) > (clause.starts or datetime.date.min)
        ]
        starts = [other.starts for other in later if other.starts is not None]
        if clause.ends in starts:
            continue
        overlapping = [other.id for other in later if clause.overlaps(other)]
        if overlapping:
            reason = f"条款「{clause.id}」和后来的「{overlapping[0]}」有一段时间同时有效"
            yield Fault(file, line, reason, "warning")
        elif starts:
            days = (min(starts) - clause.ends).days
            yield Fault(file, line, f"条款「{clause.id}」失效后空了{days}天，才有接上的条款", "warning")
        elif not any(other.starts == clause.ends for other in product.clauses):
            yield Fault(file, line, f"条款「{clause.id}」失效后没有接上的条款", "warning")
