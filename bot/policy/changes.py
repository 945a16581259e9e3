"""A changed verdict in words, for desk and command line."""

from __future__ import annotations

import msgspec

from bot.catalog.model import Catalog, number
from bot.decision.compare import VerdictChange
from bot.dialogue.phrases import VERDICT

NO_PRODUCT = "没有这个产品"


class ChangeLine(msgspec.Struct, frozen=True):
    """`before` and `after` are verdicts or empty; `why` holds the clauses that make the difference."""

    product: str
    name: str
    before: str
    before_text: str
    after: str
    after_text: str
    limits: str
    why: str


def told(change: VerdictChange, old: Catalog, new: Catalog) -> ChangeLine:
    """One change between two versions of the policy data."""
    sides = [one.products[change.product] for one in (old, new) if change.product in one.products]
    texts = {clause.id: clause.text for product in sides for clause in product.clauses}
    limits = ""
    if change.limit_before != change.limit_after:
        limits = f"额度 {_limit(change.limit_before)} → {_limit(change.limit_after)}"
    return ChangeLine(
        product=change.product,
        name=sides[-1].name,
        before=change.before or "",
        before_text=VERDICT[change.before] if change.before else NO_PRODUCT,
        after=change.after or "",
        after_text=VERDICT[change.after] if change.after else NO_PRODUCT,
        limits=limits,
        why="；".join(texts.get(clause, clause) for clause in change.clauses),
    )


def _limit(limit: float | None) -> str:
    return "未公开" if limit is None else f"{number(limit)}万元"
