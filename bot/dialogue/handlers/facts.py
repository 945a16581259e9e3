"""Statements: needs, facts, corrections, «不清楚», yes and no."""

from __future__ import annotations

from bot.dialogue import phrases
from bot.dialogue.absorb import absorb, decline, put
from bot.dialogue.advance import ENOUGH, proceed, rerank, resume, take_in
from bot.dialogue.present import changes, value_text
from bot.dialogue.state import Confirm
from bot.dialogue.turn import Turn


def seek_funding(turn: Turn) -> None:
    """A need without a product: take the facts, rank, ask what can still change a verdict."""
    state = turn.state
    state.need = state.need or turn.text
    first = state.goal != "match"
    state.goal, state.product = "match", None
    take_in(turn)
    if len([value for value in state.known.values() if value is not None]) < ENOUGH and first:
        turn.say(phrases.TELL_ME)
    proceed(turn, ranked=first or bool(turn.payload))


def inform(turn: Turn) -> None:
    """Facts, told unasked or as an answer."""
    state = turn.state
    absorbed = take_in(turn)
    if not absorbed.anything:
        if turn.products:
            from bot.dialogue.handlers.verdicts import check_eligibility

            check_eligibility(turn)
            return
        if state.asking is not None:
            turn.say("这句我没读出要问的那一项，请换个说法，或者点「不清楚」跳过。")
            resume(turn)
            return
    if turn.products and state.goal != "check":
        state.topic = turn.products[-1]
    if state.goal == "none":
        state.goal = "match"
    proceed(turn)


def correct_info(turn: Turn) -> None:
    """「刚才说错了」: the new value counts at once; without one, ask which fact is meant."""
    absorbed = take_in(turn)
    if absorbed.anything:
        if turn.state.goal == "none":
            turn.state.goal = "match"
        proceed(turn)
        return
    known = [turn.fact(fact).name for fact, value in turn.state.known.items() if value is not None]
    if known:
        turn.say(f"要更正哪一项？直接说新的情况就行，比如「营收是800万」。现在记的有：{'、'.join(known)}。")
    else:
        turn.say("还没有记下什么，直接说您的情况就行。")


def dont_know(turn: Turn) -> None:
    """The asked fact is declined: unknown, and never asked again."""
    state = turn.state
    fact = turn.payload.get("fact") or state.asking
    absorbed = take_in(turn)
    if fact is not None and fact not in {*absorbed.new, *absorbed.changed}:
        decline(state, turn.fact(fact))
        if state.asking == fact:
            state.asking = None
        turn.say(f"好的，「{turn.fact(fact).name}」先记为不清楚，以后可以再补。")
        rerank(turn)
    if state.goal == "none" and fact is None and not absorbed.anything:
        turn.say("没关系。" + phrases.TELL_ME)
        return
    proceed(turn)


def affirm(turn: Turn) -> None:
    """Yes: to a contradiction, to a yes-or-no question, or go on."""
    _yes_or_no(turn, True)


def deny(turn: Turn) -> None:
    _yes_or_no(turn, False)


def _yes_or_no(turn: Turn, yes: bool) -> None:
    state = turn.state
    asking = state.asking
    if state.confirm and not turn.reading.mentions:
        _settle(turn, state.confirm[0], _means_new(turn, state.confirm[0], yes))
        proceed(turn)
        return
    absorbed = take_in(turn)
    if absorbed.anything:
        if state.goal == "none":
            state.goal = "match"
        proceed(turn)
        return
    if asking is not None and turn.fact(asking).type == "flag":
        before = list(state.ranking)
        spec = turn.fact(asking)
        put(state, spec, yes, None, turn.text)
        state.asking = None
        rerank(turn)
        turn.say(f"记下了：{spec.name}：{spec.title_of(yes)}。")
        told = changes(turn, before, turn.today)
        if told:
            turn.say("判断有变化：" + "；".join(told) + "。")
    elif asking is not None:
        turn.say("这里要的是一个具体的情况。")
    elif state.goal == "none":
        turn.say("好的。" + phrases.TELL_ME if yes else "好的，有需要随时说。")
        return
    proceed(turn)


def _means_new(turn: Turn, one: Confirm, yes: bool) -> bool:
    """「没有」 to 「前面说有，刚才说没有」 names a value; it is no refusal of the question."""
    if turn.payload or turn.fact(one.fact).type != "flag":
        return yes
    read = turn.services.reader.read(turn.text, asked=one.fact, today=turn.today).facts.get(one.fact)
    return yes if read is None else read == one.new


def _settle(turn: Turn, one: Confirm, use_new: bool) -> None:
    spec = turn.fact(one.fact)
    before = list(turn.state.ranking)
    if use_new:
        put(turn.state, spec, one.new, one.new_bound, one.words)
        turn.say(
            f"已更正：{spec.name}由{spec.title_of(one.old)}改为{value_text(spec, one.new, one.new_bound)}。"
        )
    else:
        turn.state.confirm = [other for other in turn.state.confirm if other.fact != one.fact]
        turn.say(f"好的，{spec.name}还是{spec.title_of(one.old)}。")
    rerank(turn)
    told = changes(turn, before, turn.today)
    if told:
        turn.say("按新情况重新判断：" + "；".join(told) + "。")


def keep_facts(turn: Turn) -> None:
    """For intents that are about something else: facts in passing are kept, and said so."""
    if turn.reading.mentions:
        take_in(turn)
    else:
        absorb(turn)
