"""What would be if some facts of a case were others. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bot.conversation.dialogue import Dialogue
from bot.desk.words import VERDICTS

MOST_FACTS = 12


class Assumed(msgspec.Struct, frozen=True):
    """A fact as it is and as it was assumed, in words."""

    name: str
    old: str
    new: str


class Turned(msgspec.Struct, frozen=True):
    """A product's verdict before and after; equal where only the other products' places changed."""

    product: str
    name: str
    before: str
    before_text: str
    after: str
    after_text: str
    limit: str


class WhatIf(msgspec.Struct, frozen=True):
    assumed: list[Assumed]
    products: list[Turned]


def what_if(dialogue: Dialogue, state: dict[str, Any], facts: Mapping[str, Any], today: date) -> WhatIf:
    """The verdicts of the case's product and the best-ranked ones before and with `facts`.

    Raises:
        FactError: there is no such fact, or it cannot have this value.
    """
    assumed, changed = [], state
    for fact, value in facts.items():
        made = dialogue.correct(changed, fact, value, today)
        changed = made.state
        assumed.append(Assumed(made.name, made.old_text, made.new_text))
    before, after = dialogue.brief(state, today), dialogue.brief(changed, today)
    old, new = _verdicts(before), _verdicts(after)
    order = list(dict.fromkeys([*new, *old]))
    return WhatIf(assumed, [_turned(product, old, new) for product in order])


def _verdicts(brief: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Name, verdict and limit by product: the one that was checked first, then the ranking."""
    check = brief.get("check") or {}
    checked = [check] if check.get("product") else []
    found: dict[str, dict[str, Any]] = {}
    for one in [*checked, *(brief.get("ranking") or [])]:
        found.setdefault(one["product"], one)
    return found


def _turned(product: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Turned:
    was, becomes = old.get(product, {}), new.get(product, {})
    before, after = str(was.get("verdict", "")), str(becomes.get("verdict", ""))
    limit = becomes.get("limit_wan")
    return Turned(
        product,
        str(becomes.get("name") or was.get("name") or product),
        before,
        VERDICTS.get(before, "不在前列"),
        after,
        VERDICTS.get(after, "不在前列"),
        "" if limit is None else f"额度 {limit:g} 万元",
    )
