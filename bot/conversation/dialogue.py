"""What this layer needs of the dialogue when the engine is not asked: a narrow port."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from bot.conversation.wire import TurnOutput


class PayloadError(ValueError):
    """A button's payload is none of ours."""


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

    def team(self, product: str | None) -> str:
        """The role that looks after `product` (contract: `loan_officer`, `investment_manager` …)."""
