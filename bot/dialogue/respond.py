"""The way in: one intent, one handler."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.advance import follow_catalog, take_in
from bot.dialogue.handlers import compare, facts, own_data, policy, products, service, verdicts, visits
from bot.dialogue.interpret import interpret
from bot.dialogue.payloads import parse
from bot.dialogue.state import load_state
from bot.dialogue.turn import Services, Turn
from bot.understanding import Reading

Handler = Callable[[Turn], None]
WORDS_KEPT = 500
"""Characters of a need that are kept as «need»; the transcript has the rest."""

HANDLERS: Mapping[str, Handler] = {
    "greet": service.greet,
    "goodbye": service.goodbye,
    "thank": service.thank,
    "affirm": facts.affirm,
    "deny": facts.deny,
    "inform": facts.inform,
    "seek_funding": facts.seek_funding,
    "ask_product": products.ask_product,
    "compare_products": compare.compare_products,
    "check_eligibility": verdicts.check_eligibility,
    "ask_why": verdicts.ask_why,
    "ask_improve": verdicts.ask_improve,
    "estimate_points": policy.estimate_points,
    "ask_policy": policy.ask_policy,
    "correct_info": facts.correct_info,
    "dont_know": facts.dont_know,
    "request_human": service.request_human,
    "case_status": service.case_status,
    "book_visit": visits.book_visit,
    "complain": service.complain,
    "restart": service.restart,
    "manage_data": own_data.manage_data,
    "ask_bot": service.ask_bot,
    "out_of_scope": policy.out_of_scope,
    "nlu_fallback": policy.nlu_fallback,
}


def respond(
    services: Services,
    intent: str,
    *,
    text: str,
    state: dict[str, Any] | None,
    today: datetime.date,
    payload: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    reading: Reading | None = None,
    intent_ranking: Sequence[tuple[str, float]] = (),
) -> dict[str, Any]:
    """Answer one turn: ``{"replies", "state", "effects"}``.

    Raises:
        KeyError: the intent is none of the contract's.
    """
    turn = Turn(
        services,
        load_state(state),
        text="" if payload else text,
        intent=intent,
        reading=reading,
        payload=payload,
        intent_ranking=intent_ranking,
        context=context,
        today=today,
    )
    turn.state.need = turn.state.need[:WORDS_KEPT]
    follow_catalog(turn)
    interpret(turn)
    HANDLERS[turn.intent](turn)
    if not turn.replies and not turn.effects:
        turn.say(phrases.TELL_ME)
    return turn.output()


def direct(
    services: Services,
    key: str,
    *,
    state: dict[str, Any] | None,
    today: datetime.date,
    context: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A button's turn without the engine: keys need no classifier.

    Raises:
        PayloadError: the key is none of ours.
    """
    payload = parse(key, services.catalog)
    return respond(
        services, payload["intent"], text="", state=state, today=today, payload=payload, context=context
    )


def engine_down(
    services: Services, *, text: str, state: dict[str, Any] | None, today: datetime.date
) -> dict[str, Any]:
    """The engine does not answer: facts are still read and kept, the firm is told, an officer is offered."""
    turn = Turn(services, load_state(state), text=text, intent="inform", today=today)
    take_in(turn)
    turn.state.need = turn.state.need or text[:WORDS_KEPT]
    turn.say(phrases.ENGINE_DOWN, [phrases.HUMAN])
    return turn.output()
