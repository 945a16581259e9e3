"""What this layer needs of the dialogue when the engine is not asked: a narrow port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

import msgspec

from bot.cases.routing import Traits
from bot.conversation.wire import TurnOutput


class PayloadError(ValueError):
    """A button's payload is none of ours."""


class FactError(ValueError):
    """There is no such fact, or it cannot have this value; the message is Chinese."""


class Said(msgspec.Struct, frozen=True):
    """A message that was written while a human had the talk; `author` is `firm` or `officer`.

    `settled` names the facts that an officer corrected afterwards: what the message says of them is over.
    """

    author: str
    text: str
    payload: str | None = None
    settled: tuple[str, ...] = ()


class Correction(msgspec.Struct, frozen=True):
    """A fact set by an officer: the new state, values before and after, and the verdicts that changed."""

    state: dict[str, Any]
    name: str
    old: Any
    new: Any
    old_text: str
    new_text: str
    changes: list[str] = []


class Dialogue(Protocol):
    """The pure dialogue as the conversation layer sees it."""

    @property
    def catalog_version(self) -> str:
        """The version of the policy data under which it judges."""

    def parse_payload(self, payload: str) -> dict[str, Any]:
        """A button's key as `{"intent": …}`; raises `PayloadError`."""

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        """Words and state when the engine gives no answer to `text`."""

    def direct(self, key: str, state: dict[str, Any], context: dict[str, Any], today: date) -> TurnOutput:
        """The answer to a pressed button without the engine."""

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        """Verdict, reasons and open points for the officer."""

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        """What the firm is told when its case is opened."""

    def traits(self, product: str | None, state: dict[str, Any]) -> Traits:
        """What the routing looks at: the product with its kinds, the firm's stage and district."""

    def correct(self, state: dict[str, Any], fact: str, value: Any, today: date) -> Correction:
        """The state with `fact` set by an officer and judged anew; raises `FactError`."""

    def after_human(
        self, state: dict[str, Any], said: Sequence[Said], today: date, *, goes_on: bool
    ) -> TurnOutput:
        """The state that knows what was said to an officer; with `goes_on`, words that carry the talk on."""
