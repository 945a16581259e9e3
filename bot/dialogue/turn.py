"""One turn: what comes in, what goes out, and what it may use."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from bot.catalog.model import Catalog, FactSpec
from bot.catalog.values import Bounds, Facts
from bot.decision.judge import Decider, Match
from bot.dialogue.state import State, dump_state
from bot.understanding import Reader, Reading


class Button(msgspec.Struct):
    title: str
    payload: str


class Reply(msgspec.Struct, omit_defaults=True):
    """One bubble. ``card`` holds the same content for channels that can draw it; ``text`` is always whole."""

    text: str
    buttons: list[Button] = []
    card: dict[str, Any] | None = None


class Hit(Protocol):
    """A passage found (see :mod:`bot.knowledge`)."""

    @property
    def id(self) -> str: ...


class Knowledge(Protocol):
    def answer(self, question: str, k: int = 3) -> Sequence[Any]: ...

    def compose(self, question: str, hits: Sequence[Any]) -> str: ...


class Services(msgspec.Struct, frozen=True):
    """What every turn shares; made once when the app starts."""

    decider: Decider
    reader: Reader
    knowledge: Knowledge

    @property
    def catalog(self) -> Catalog:
        return self.decider.catalog


class Current:
    """The services that answer now: one object held by all that answer, so that another version of the
    policy data takes over for all of them at once. Whoever works on a turn takes ``services`` once."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @property
    def catalog(self) -> Catalog:
        return self.services.catalog


class Turn:
    """A turn in the making. Handlers add replies and effects and change ``state``."""

    def __init__(
        self,
        services: Services,
        state: State,
        *,
        text: str = "",
        intent: str = "",
        reading: Reading | None = None,
        payload: dict[str, Any] | None = None,
        intent_ranking: Sequence[tuple[str, float]] = (),
        context: dict[str, Any] | None = None,
        today: datetime.date,
    ) -> None:
        self.services = services
        self.state = state
        self.text = text
        self.intent = intent
        self.payload = payload or {}
        self.intent_ranking = intent_ranking
        self.context = context or {}
        self.today = today
        if reading is None:
            reading = services.reader.read("" if payload else text, asked=state.asking, today=today)
        self.reading = reading
        self.replies: list[Reply] = []
        self.effects: list[dict[str, Any]] = []
        self._matched: tuple[Facts, Bounds, Match] | None = None

    @property
    def catalog(self) -> Catalog:
        return self.services.catalog

    @property
    def decider(self) -> Decider:
        return self.services.decider

    def match(self) -> Match:
        """The ranking for what is known now; a turn asks for it up to three times and computes it once."""
        facts, bounds = self.state.firm.facts, self.state.firm.bounds
        if self._matched is None or self._matched[:2] != (facts, bounds):
            match = self.decider.match(self.state.firm, self.today)
            self._matched = (dict(facts), dict(bounds), match)
        return self._matched[2]

    def fact(self, name: str) -> FactSpec:
        return self.catalog.facts[name]

    def say(self, text: str, buttons: Sequence[Button] = (), card: dict[str, Any] | None = None) -> None:
        self.replies.append(Reply(text, list(buttons), card))

    def leave_open(self, question: str, reason: str) -> None:
        """Nobody could answer it: kept for the operator's reports.

        Args:
            reason: `silent` (the record does not say), `unknown` (no passage), `out_of_scope`.
        """
        self.effects.append({"kind": "open_question", "words": question, "reason": reason})

    @property
    def products(self) -> list[str]:
        """The products of this turn: pressed, named, or else the one talked about last."""
        if "product" in self.payload:
            return [self.payload["product"]]
        if self.reading.products:
            return [one for one in self.reading.products if one in self.catalog.products]
        return []

    @property
    def aspect(self) -> str | None:
        return self.payload.get("aspect") or self.reading.aspect

    def output(self) -> dict[str, Any]:
        return {
            "replies": [msgspec.to_builtins(reply) for reply in self.replies],
            "state": dump_state(self.state),
            "effects": self.effects,
        }
