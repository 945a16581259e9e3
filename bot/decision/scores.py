"""Score cards: how many points a firm can have by what is known of it, and whether it passes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

import msgspec

from bot.catalog.record import SourceIds
from bot.catalog.scorecards import Requirement, ScoreCard, Stage
from bot.decision.card_program import CardProgram, CardVerdict
from bot.decision.firm import Firm
from bot.decision.formula import Formula, Masks, truth
from bot.decision.points import ItemProgram, distribution
from bot.decision.space import Space


class LineResult(msgspec.Struct, frozen=True):
    """A condition of the card; ``holds`` is None while it is open."""

    id: str
    text: str
    holds: bool | None
    source: SourceIds


class ItemResult(msgspec.Struct, frozen=True):
    """Raw points of one item: from ``low`` to ``high`` of ``full``; None where the maximum is not public."""

    id: str
    name: str
    low: float | None
    high: float | None
    full: float | None
    banded: bool
    source: SourceIds


class CardResult(msgspec.Struct, frozen=True):
    """``low`` and ``high``: the attainable total, None where it cannot be told from the record.

    ``missing``: facts that may still change the verdict, or the total where the card knows no verdict.
    """

    card: str
    verdict: CardVerdict
    low: float | None
    high: float | None
    full: float | None
    passing: float | None
    stage: str | None
    requires: tuple[LineResult, ...]
    direct: tuple[LineResult, ...]
    items: tuple[ItemResult, ...]
    missing: tuple[str, ...]
    next_question: str | None


class Scorer:
    """All the cards of a catalog."""

    def __init__(
        self, cards: Mapping[str, ScoreCard], space: Space, formula_of: Callable[[str], Formula]
    ) -> None:
        self.programs = {name: CardProgram(card, space, formula_of) for name, card in cards.items()}

    def result(self, card: str, firm: Firm, day: datetime.date) -> CardResult:
        """One card for one firm.

        Raises:
            KeyError: there is no such card.
        """
        return _result(self.programs[card], firm, day)

    def for_qualification(self, fact: str, day: datetime.date) -> ScoreCard | None:
        """The card that is in force on a day for a qualification (the name of its flag)."""
        for program in self.programs.values():
            if program.card.qualification == fact and program.card.in_force(day):
                return program.card
        return None


def _result(program: CardProgram, firm: Firm, day: datetime.date) -> CardResult:
    space, card = program.space, program.card
    masks = space.masks(firm, day)
    missing = program.missing(masks, lambda fact: space.askable(fact, firm))
    span = program.span(masks)
    stage = program.stage_of(masks)
    return CardResult(
        card=card.id,
        verdict=program.verdict(masks),
        low=span[0] if span else None,
        high=span[1] if span else None,
        full=card.full,
        passing=card.passing.score if card.passing is not None else None,
        stage=stage.id if isinstance(stage, Stage) else None,
        requires=_lines(program, card.requires, masks),
        direct=_lines(program, card.direct, masks),
        items=tuple(_item(item, masks, space) for item in program.items),
        missing=tuple(missing),
        next_question=program.next_question(masks, missing),
    )


def _lines(program: CardProgram, listed: Iterable[Requirement], masks: Masks) -> tuple[LineResult, ...]:
    return tuple(
        LineResult(one.id, one.text, truth(program.formula_of(one.when), masks), one.source) for one in listed
    )


def _item(program: ItemProgram, masks: Masks, space: Space) -> ItemResult:
    item = program.item
    low = high = None
    if item.max is not None:
        found = distribution([program], [1.0], masks, space.weights)
        low, high = min(found), max(found)
    return ItemResult(item.id, item.name, low, high, item.max, bool(item.bands), item.source)
