"""The live side of the dialogue port: catalog, decider, reader and knowledge behind it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bot.catalog.load import load_catalog
from bot.conversation.dialogue import PayloadError
from bot.conversation.wire import TurnOutput
from bot.decision.judge import Decider
from bot.dialogue import payloads, phrases, respond
from bot.dialogue.brief import brief
from bot.dialogue.turn import Current, Services
from bot.knowledge import load_knowledge
from bot.understanding import Reader, lexicon_of

# 金融便利店专员: knows where everything belongs that no product names somebody for.
_DEFAULT_TEAM = "loan_officer"


def load_dialogue(
    catalog_dir: Path,
    decider: Decider | None = None,
    *,
    cache: Path | None = None,
    like: Services | None = None,
) -> Services:
    """Everything a turn shares, read once.

    Args:
        like: services whose reader is taken over if the vocabulary is the same; making one takes seconds.

    Raises:
        CatalogError: a file of the catalog is broken; its text names file, line and reason.
    """
    decider = decider or Decider(load_catalog(catalog_dir))
    catalog = decider.catalog
    lexicon = lexicon_of(catalog)
    reader = like.reader if like is not None and lexicon_of(like.catalog) == lexicon else Reader(lexicon)
    return Services(decider, reader, load_knowledge(catalog_dir, catalog, cache=cache))


class LiveDialogue:
    """`bot.dialogue` over the catalog that the service runs on at the moment."""

    def __init__(self, current: Current) -> None:
        self._current = current

    @property
    def _services(self) -> Services:
        return self._current.services

    @property
    def catalog_version(self) -> str:
        return self._services.catalog.version

    def parse_payload(self, payload: str) -> dict[str, Any]:
        try:
            return payloads.parse(payload, self._services.catalog)
        except payloads.PayloadError as error:
            raise PayloadError(str(error)) from None

    def engine_down(self, state: dict[str, Any], text: str, today: date) -> TurnOutput:
        return _output(respond.engine_down(self._services, text=text, state=state, today=today))

    def direct(self, key: str, state: dict[str, Any], context: dict[str, Any], today: date) -> TurnOutput:
        return _output(respond.direct(self._services, key, state=state, today=today, context=context))

    def brief(self, state: dict[str, Any], today: date) -> dict[str, Any]:
        return brief(state, self._services.decider, today)

    def case_created(self, number: str, first_reply_by: date, opinion_by: date, note: str) -> str:
        return phrases.case_created(number, first_reply_by, opinion_by, note)

    def team(self, product: str | None) -> str:
        known = self._services.catalog.products.get(product) if product else None
        return (known.contact.role if known else "") or _DEFAULT_TEAM


def _output(made: dict[str, Any]) -> TurnOutput:
    return msgspec.convert(made, TurnOutput)
