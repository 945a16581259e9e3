"""The live side of the dialogue port: catalog, decider, reader and knowledge behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bot.cases.routing import Traits
from bot.catalog.load import load_catalog
from bot.conversation.dialogue import Correction, FactError, PayloadError, Said
from bot.conversation.wire import TurnOutput
from bot.decision.judge import Decider
from bot.dialogue import desk, payloads, phrases, respond
from bot.dialogue.brief import brief
from bot.dialogue.state import load_state
from bot.dialogue.turn import Current, Services
from bot.knowledge import load_knowledge
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader


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
    same = like is not None and lexicon_of(like.catalog) == lexicon
    reader = like.reader if like is not None and same else trained_reader(lexicon)
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

    def traits(self, product: str | None, state: dict[str, Any]) -> Traits:
        known = self._services.catalog.products.get(product) if product else None
        facts = load_state(state).known
        stage, district = facts.get("stage"), facts.get("district")
        return Traits(
            product=None if known is None else known.id,
            kinds=() if known is None else tuple(known.kind),
            stage=stage if isinstance(stage, str) else None,
            district=district if isinstance(district, str) else None,
        )

    def correct(self, state: dict[str, Any], fact: str, value: Any, today: date) -> Correction:
        try:
            made = desk.correct(self._services, state=state, fact=fact, value=value, today=today)
        except desk.FactError as error:
            raise FactError(str(error)) from None
        return msgspec.convert(made, Correction)

    def after_human(
        self, state: dict[str, Any], said: Sequence[Said], today: date, *, goes_on: bool
    ) -> TurnOutput:
        words = [desk.Words(one.author, one.text, one.payload, frozenset(one.settled)) for one in said]
        made = desk.after_human(self._services, state=state, said=words, today=today, goes_on=goes_on)
        return _output(made)


def _output(made: dict[str, Any]) -> TurnOutput:
    return msgspec.convert(made, TurnOutput)
