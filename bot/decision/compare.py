"""The same firm under two versions of the catalog: what would be judged differently, and what got better."""

from __future__ import annotations

import datetime

import msgspec

from bot.catalog.model import Verdict
from bot.decision.firm import Firm
from bot.decision.judge import Check, Decider

BETTER: tuple[Verdict | None, ...] = (None, "ineligible", "unknown", "meets_published", "eligible")
"""From worst to best; None: the product does not exist in that version."""


class VerdictChange(msgspec.Struct, frozen=True):
    """A product whose verdict, limit or deciding clauses differ. ``None`` before or after: no such product.

    ``clauses``: ids of the clauses that now hold differently, are new or are gone.
    """

    product: str
    before: Verdict | None
    after: Verdict | None
    limit_before: float | None
    limit_after: float | None
    clauses: tuple[str, ...]

    @property
    def better(self) -> bool:
        return BETTER.index(self.after) > BETTER.index(self.before)


class Comparison(msgspec.Struct, frozen=True):
    """One firm judged twice: versions, days, and the products in which the two differ."""

    old_version: str
    new_version: str
    old_day: datetime.date
    new_day: datetime.date
    changes: tuple[VerdictChange, ...]


def judged_again(
    firm: Firm, old: Decider, new: Decider, old_day: datetime.date, new_day: datetime.date | None = None
) -> Comparison:
    """A stored firm under another catalog, by default on the same day as before.

    Facts that a catalog does not declare are left out of its judgement.
    """
    day = old_day if new_day is None else new_day
    found = []
    for product in dict.fromkeys([*new.catalog.products, *old.catalog.products]):
        before = _check(firm, old, product, old_day)
        after = _check(firm, new, product, day)
        change = VerdictChange(
            product,
            before.verdict if before else None,
            after.verdict if after else None,
            before.limit_wan if before else None,
            after.limit_wan if after else None,
            _differing(before, after),
        )
        if (change.before, change.limit_before) != (change.after, change.limit_after):
            found.append(change)
    return Comparison(old.catalog.version, new.catalog.version, old_day, day, tuple(found))


def improved(firm: Firm, old: Decider, new: Decider, day: datetime.date) -> list[VerdictChange]:
    """The products that came nearer to this firm by the change of catalog: worth a call.

    A product that is merely no longer ruled out counts; one that never was in question does not.
    """
    return [
        change
        for change in judged_again(firm, old, new, day).changes
        if change.better and change.after != "ineligible"
    ]


def _check(firm: Firm, decider: Decider, product: str, day: datetime.date) -> Check | None:
    return decider.check(product, firm, day) if product in decider.catalog.products else None


def _differing(before: Check | None, after: Check | None) -> tuple[str, ...]:
    held = [
        {clause.id: clause.holds for clause in check.clauses if clause.kind != "expect"} if check else {}
        for check in (before, after)
    ]
    missing = object()
    return tuple(
        name
        for name in dict.fromkeys([*held[1], *held[0]])
        if held[0].get(name, missing) != held[1].get(name, missing)
    )
