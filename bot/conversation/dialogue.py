"""What this layer needs of the dialogue when the engine is not asked: a narrow port with one live side."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

import msgspec

from bot.conversation.wire import TurnOutput


class PayloadError(ValueError):
    """A button's payload is none of ours."""


class Dialogue(Protocol):
    """The pure dialogue as the conversation layer sees it."""

    catalog_version: str

    def parse_payload(self, payload: str) -> dict[str, Any]:
        """A button's key as `{"intent": …}`; raises `PayloadError`."""

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        """Words and state when the engine gives no answer to `text`."""

    def direct(
        self, payload: dict[str, Any], state: dict[str, Any], context: dict[str, Any], today: date
    ) -> TurnOutput | None:
        """The answer to a pressed button without the engine; nothing where that is not possible."""

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        """Verdict, reasons and open points for the officer."""

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        """What the firm is told when its case is opened."""

    def team(self, product: str | None) -> str:
        """The role that looks after `product` (contract: `loan_officer`, `investment_manager` …)."""


class LiveDialogue:
    """`bot.dialogue` with the catalog's decider."""

    def __init__(self, decider: Any) -> None:
        # Imported here: it loads the dictionaries of understanding, which quick tests do without.
        from bot import dialogue
        from bot.dialogue import payloads, phrases

        self._dialogue: Any = dialogue
        self._payloads: Any = payloads
        self._phrases: Any = phrases
        self._decider = decider
        self.catalog_version = str(getattr(decider.catalog, "version", ""))

    def parse_payload(self, payload: str) -> dict[str, Any]:
        try:
            return dict(self._payloads.parse(payload))
        except ValueError as error:
            raise PayloadError(str(error)) from None

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        return _output(self._dialogue.engine_down(state, text, today))

    def direct(
        self, payload: dict[str, Any], state: dict[str, Any], context: dict[str, Any], today: date
    ) -> TurnOutput | None:
        output = self._dialogue.direct(payload, state, context, today)
        return None if output is None else _output(output)

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        made: dict[str, Any] = msgspec.to_builtins(self._dialogue.brief(state, self._decider, today))
        return made

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        return str(self._phrases.case_created(number, first_reply_by, opinion_by, note))

    def team(self, product: str | None) -> str:
        known = self._decider.catalog.products.get(product) if product else None
        contact = getattr(known, "contact", None)
        return str(getattr(contact, "role", None) or "loan_officer")


def _output(made: Any) -> TurnOutput:
    return msgspec.convert(msgspec.to_builtins(made), TurnOutput)
