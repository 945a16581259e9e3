"""What officers do to a talk, seen from the dialogue: correct a fact, and give the talk back to the bot."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.catalog.values import FactValue
from bot.dialogue.absorb import Absorbed, absorb, nonsense, put
from bot.dialogue.advance import follow_catalog, proceed, rerank
from bot.dialogue.payloads import PayloadError, parse, value_of
from bot.dialogue.present import changes, facts_card, facts_line, value_text
from bot.dialogue.state import State, dump_state, load_state
from bot.dialogue.turn import Services, Turn
from bot.understanding import Reading

CORRECTED = "（专员更正）"
"""Stands for the firm's own words where an officer set the fact."""


class FactError(ValueError):
    """There is no such fact, or it cannot have this value; the message is Chinese."""


class Words(msgspec.Struct, frozen=True):
    """A message to or from an officer (`author`: `firm`, `officer`).

    `settled`: facts that an officer has corrected since.
    """

    author: str
    text: str
    payload: str | None = None
    settled: frozenset[str] = frozenset()


def correct(
    services: Services, *, state: dict[str, Any] | None, fact: str, value: Any, today: datetime.date
) -> dict[str, Any]:
    """Sets a fact, whatever was known before, and judges anew.

    Args:
        value: as JSON, or as the text of a form; None makes the fact «不清楚».

    Returns:
        `{"state", "name", "old", "new", "old_text", "new_text", "changes"}`.

    Raises:
        FactError: no such fact, or a value it cannot have.
    """
    turn = _turn(services, load_state(state), today)
    follow_catalog(turn)
    known = turn.state
    spec = turn.catalog.facts.get(fact)
    if spec is None:
        raise FactError("没有这一项情况。")
    new = None if value is None else _value(turn, fact, value)
    reason = nonsense(spec, new, None)
    if reason:
        raise FactError(f"「{spec.name} {spec.title_of(new)}」好像不对：{reason}。")
    old, bound = known.known.get(fact), known.bounds.get(fact)
    old_text = value_text(spec, old, bound) if fact in known.known else "还没有记"
    before = list(known.ranking)
    put(known, spec, new, None, CORRECTED)
    if known.asking == fact:
        known.asking = None
    rerank(turn)
    return {
        "state": dump_state(known),
        "name": spec.name,
        "old": old,
        "new": new,
        "old_text": old_text,
        "new_text": spec.title_of(new),
        "changes": changes(turn, before, today),
    }


def _value(turn: Turn, fact: str, value: Any) -> FactValue:
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (int, float)):
        text = repr(value)
    else:
        text = str(value).strip()
    try:
        return value_of(fact, text, turn.catalog)
    except PayloadError as error:
        raise FactError(str(error).removeprefix("不认识的按钮：")) from None


def after_human(
    services: Services,
    *,
    state: dict[str, Any] | None,
    said: Sequence[Words],
    today: datetime.date,
    goes_on: bool,
) -> dict[str, Any]:
    """Reads what was said while a human had the talk: facts of the firm, and what the talk was about.

    What an officer said states nothing about the firm; a product named in it is what the talk is about now.

    Args:
        goes_on: whether the bot carries the talk on at once, with what it noted and the next step.

    Returns:
        `{"replies", "state", "effects"}`, as of a turn.
    """
    turn = _turn(services, load_state(state), today)
    follow_catalog(turn)
    turn.replies.clear()
    before = list(turn.state.ranking)
    noted = Absorbed()
    for words in said:
        _hear(services, turn.state, words, today, noted)
    rerank(turn)
    turn.state.asking = turn.state.asking if turn.state.asking not in turn.state.known else None
    if not goes_on:
        return turn.output()
    facts = list(dict.fromkeys(one for one in [*noted.new, *noted.changed] if one in turn.state.known))
    if facts:
        card = facts_card(turn, facts)
        turn.say(f"刚才谈话里的情况我也记下了：{facts_line(card)}。", card=card)
    told = changes(turn, before, today)
    if told:
        turn.say("判断有变化：" + "；".join(told) + "。")
    if turn.state.goal == "none" and facts:
        turn.state.goal = "match"
    proceed(turn)
    return turn.output()


def _hear(services: Services, state: State, words: Words, today: datetime.date, noted: Absorbed) -> None:
    catalog = services.catalog
    payload: dict[str, Any] = {}
    if words.payload is not None:
        try:
            payload = parse(words.payload, catalog)
        except PayloadError:
            return
        if "set" not in payload:
            return
        payload["set"] = {fact: one for fact, one in payload["set"].items() if fact not in words.settled}
    reading = services.reader.read("" if payload else words.text, today=today)
    named = [one for one in reading.products if one in catalog.products]
    if named:
        state.topic = named[-1]
    if words.author != "firm":
        return
    mentions = [one for one in reading.mentions if one.fact not in words.settled]
    # A question states nothing about the firm unless it speaks of itself.
    intent = "ask_policy" if reading.cues.get("question", 0.0) > 0 else "inform"
    one = Turn(
        services,
        state,
        text="" if payload else words.text,
        intent=intent,
        payload=payload,
        reading=msgspec.structs.replace(reading, mentions=mentions),
        today=today,
    )
    heard = absorb(one)
    state.confirm += heard.contradicted
    noted.new += heard.new
    noted.changed |= heard.changed


def _turn(services: Services, state: State, today: datetime.date) -> Turn:
    """A turn without words, to work on the state with."""
    return Turn(services, state, intent="inform", reading=Reading(text=""), today=today)
