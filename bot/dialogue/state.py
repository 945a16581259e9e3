"""What a conversation knows. Kept by the app, sent with every turn; the engine keeps nothing."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.catalog.values import Bound, FactValue
from bot.decision.firm import Firm


class Confirm(msgspec.Struct):
    """A fact said twice with different values: which one counts is asked, never guessed."""

    fact: str
    old: FactValue
    new: FactValue
    new_bound: Bound | None = None
    words: str = ""
    asked: int = 0


class State(msgspec.Struct, omit_defaults=False):
    """One conversation.

    ``facts`` are those of the contract, ``more`` the further ones; both follow the rule that an absent
    fact is unknown and a null one declined. ``said`` keeps the firm's own words for each fact.
    ``ranking`` was made under ``catalog_version``.
    """

    facts: dict[str, FactValue] = {}
    more: dict[str, FactValue] = {}
    bounds: dict[str, Bound] = {}
    said: dict[str, str] = {}
    need: str = ""
    goal: Literal["none", "match", "check", "card"] = "none"
    product: str | None = None
    card: str | None = None
    topic: str | None = None
    asking: str | None = None
    last_asked: str | None = None
    confirm: list[Confirm] = []
    ranking: list[dict[str, str]] = []
    shown: list[str] = []
    checked: dict[str, str] = {}
    pending_text: str = ""
    unanswered: list[str] = []
    may_contact: bool | None = None
    contact_asked: bool = False
    # What the firm was asked for that is no fact (`bot.dialogue.expected`); its next words end that.
    expecting: str = ""
    catalog_version: str = ""

    @property
    def firm(self) -> Firm:
        return Firm({**self.more, **self.facts}, self.bounds)

    @property
    def known(self) -> dict[str, FactValue]:
        return {**self.facts, **self.more}


def load_state(raw: dict[str, Any] | None) -> State:
    """The state as stored; an empty or unreadable one starts afresh (the transcript is kept elsewhere)."""
    try:
        return msgspec.convert(raw or {}, State)
    except msgspec.ValidationError:
        return State()


def dump_state(state: State) -> dict[str, Any]:
    dumped = msgspec.to_builtins(state)
    assert isinstance(dumped, dict)
    return dumped
