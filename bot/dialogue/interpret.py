"""What a message means in this conversation, beyond what it says by itself."""

from __future__ import annotations

import re

import msgspec

from bot.catalog.values import FactValue
from bot.dialogue.expected import take_expected
from bot.dialogue.turn import Turn
from bot.understanding.reading import Mention

_TAIL = "。！!，,、~～ 　吧呢啊嘛哈"
_PARTS = re.compile(r"[，,。；;！!？?\s]+")
_WHAT_IF = re.compile(
    r"^(?:那|那么)?(?:如果|要是|假如|假设|万一)(?:我们|公司)?|(?:的话|呢|会怎么?样|能.*|可以.*|行不行.*)$"
)
_RESTART = re.compile(r"^(?:重新开始|重来|重新来|从头(?:来|开始)|清空|再来一遍|restart)")
_ASIDE = ("out_of_scope", "nlu_fallback", "greet", "goodbye", "thank")
_PLAIN_WORDS = {"没有", "已经", "还没", "不是", "愿意"}
_MAY_CORRECT = ("correct_info", "nlu_fallback", "inform", "deny", "affirm")


def interpret(turn: Turn) -> None:
    """Settle the intent, the reading and the payload of a turn before its handler runs."""
    if take_expected(turn) or turn.payload:
        return
    _typed_button(turn)
    if turn.payload:
        return
    _declined(turn)
    _corrected_fact(turn)
    _about_the_last_question(turn)
    _supposition(turn)
    _redirect(turn)


def _bare(text: str) -> str:
    return text.strip().rstrip(_TAIL)


def _typed_button(turn: Turn) -> None:
    """The title of a button, typed: it means what the button means."""
    asking, said = turn.state.asking, _bare(turn.text)
    if asking is None or not said:
        return
    spec = turn.fact(asking)
    options: dict[str, FactValue] = {choice.title: choice.value for choice in spec.choices}
    if spec.type == "flag" and len(spec.titles) == 2:
        options = {spec.titles[0]: True, spec.titles[1]: False}
    if said in options:
        turn.payload = {"intent": "inform", "set": {asking: options[said]}}
        turn.intent = "inform"


def _declined(turn: Turn) -> None:
    """「不晓得算不算高新区」 declines the asked fact; it does not answer it."""
    if turn.intent == "dont_know" and turn.state.asking is not None:
        kept = [mention for mention in turn.reading.mentions if mention.fact != turn.state.asking]
        turn.reading = msgspec.structs.replace(turn.reading, mentions=kept)


def _corrected_fact(turn: Turn) -> None:
    """「不是8000万，是8个亿」: the fact that was said to be 8000万 is meant."""
    retracted, mentions = turn.reading.retracted, turn.reading.mentions
    if len(retracted) != 1 or len(mentions) != 1:
        return
    holders = [fact for fact, words in turn.state.said.items() if retracted[0] in words]
    only = mentions[0]
    if len(holders) != 1 or holders[0] == only.fact:
        return
    target, found = turn.fact(holders[0]), turn.fact(only.fact)
    if target.type == found.type and target.numeric:
        moved = msgspec.structs.replace(only, fact=target.id, more=target.group == "more")
        turn.reading = msgspec.structs.replace(turn.reading, mentions=[moved])


def _about_the_last_question(turn: Turn) -> None:
    """「说错了，没有」 or 「我们入库了」 after the answer is in: the fact that was asked last is meant."""
    state = turn.state
    if turn.intent not in _MAY_CORRECT or turn.reading.mentions or turn.reading.supposed:
        return
    if state.asking:
        if turn.intent == "correct_info":
            _reread(turn, _flag_named(turn))
        return
    if turn.intent in ("deny", "affirm") and not turn.reading.cues.get("correction"):
        return
    if not state.confirm:
        _reread(turn, _flag_named(turn) or state.last_asked)


def _reread(turn: Turn, fact: str | None) -> None:
    """Read the message as an answer about one fact, the last part of it that is one."""
    for part in reversed(_PARTS.split(turn.text)) if fact else ():
        reading = turn.services.reader.read(part, asked=fact, today=turn.today)
        if any(mention.fact == fact for mention in reading.mentions):
            turn.text, turn.reading, turn.intent = part, reading, "correct_info"
            return


def _flag_named(turn: Turn) -> str | None:
    """The known yes-or-no fact in whose button titles a word of the message stands (入库 in 没入库)."""
    pairs = {turn.text[place : place + 2] for place in range(len(turn.text) - 1)} - _PLAIN_WORDS
    named = [
        fact
        for fact, value in turn.state.known.items()
        if isinstance(value, bool)
        and any(pair in title for title in turn.fact(fact).titles for pair in pairs)
    ]
    return named[0] if len(named) == 1 else None


def _supposition(turn: Turn) -> None:
    """「如果入库了呢」: what is supposed is the fact last asked."""
    state = turn.state
    fact = state.asking or state.last_asked
    if not turn.reading.hypothetical or turn.reading.supposed or fact is None:
        return
    inner = _WHAT_IF.sub("", _WHAT_IF.sub("", _bare(turn.text)))
    reading = turn.services.reader.read(inner, asked=fact, today=turn.today)
    supposed: list[Mention] = [mention for mention in reading.mentions if mention.fact == fact]
    if supposed:
        turn.reading = msgspec.structs.replace(turn.reading, mentions=[], supposed=supposed)


def _redirect(turn: Turn) -> None:
    """Where the message itself says more than the classifier."""
    answered = {mention.fact for mention in turn.reading.mentions}
    if turn.state.asking in answered and turn.intent in _ASIDE:
        turn.intent = "inform"
    if turn.reading.supposed and turn.intent in ("inform", "seek_funding", "ask_policy", "affirm", *_ASIDE):
        turn.intent = "ask_improve"
    # Handing over and starting anew are not done on a guess about a technical-looking line.
    technical = turn.text.lstrip().lower().startswith(("/", "external"))
    if technical and turn.intent in ("request_human", "restart"):
        turn.intent = "nlu_fallback"
    if turn.intent == "restart" and turn.state.known and not _RESTART.match(_bare(turn.text)):
        turn.payload = {"intent": "restart", "ask": True}
