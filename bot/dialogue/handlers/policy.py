"""Policy questions, innovation points, and what lies outside."""

from __future__ import annotations

from bot.dialogue import phrases
from bot.dialogue.advance import resume, take_in
from bot.dialogue.handlers.facts import inform, keep_facts
from bot.dialogue.handlers.products import ask_product
from bot.dialogue.turn import Button, Turn


def ask_policy(turn: Turn) -> None:
    """An answer composed from passages only, with its source; silence where there is none."""
    keep_facts(turn)
    question = turn.text or turn.state.pending_text
    turn.state.pending_text = ""
    hits = turn.services.knowledge.answer(question) if question else []
    if hits:
        turn.say(turn.services.knowledge.compose(question, hits))
    elif turn.products:
        ask_product(turn)
        return
    elif question:
        turn.state.unanswered.append(question)
        turn.say(phrases.NO_ANSWER, [phrases.HUMAN])
    else:
        turn.say("想问哪一条政策或资格？比如「什么是科技型中小企业」「高企研发占比要多少」。")
    resume(turn)


def estimate_points(turn: Turn) -> None:
    """The zone's indicators and weights are not public: say so, and where a firm can look its points up."""
    take_in(turn)
    hits = turn.services.knowledge.answer("创新积分怎么查，指标和权重是什么")
    told = "重庆高新区30项指标和权重未公开，我没法替您算分。"
    if hits:
        told += "\n" + turn.services.knowledge.compose("创新积分怎么查", hits[:1])
    turn.say(told, [phrases.HUMAN, Button("创新积分贷是什么", "ask:innovation_points_loan:overview")])
    if turn.state.asking is None and turn.state.known.get("innovation_points") is None:
        turn.say("如果已经知道自己的积分，直接告诉我就行，比如「积分78」。")
    resume(turn)


def out_of_scope(turn: Turn) -> None:
    """Outside: say what the bot is for and where else to go. Facts or products in it still count."""
    if turn.reading.mentions and not turn.payload:
        inform(turn)
        return
    if turn.text:
        turn.state.unanswered = [*turn.state.unanswered, turn.text][-20:]
    turn.say(phrases.OUT_OF_SCOPE)
    resume(turn)


def nlu_fallback(turn: Turn) -> None:
    """Not sure what is meant: facts are taken as facts; otherwise ask back with the likeliest two."""
    if turn.reading.mentions:
        inform(turn)
        return
    if turn.reading.products and turn.reading.aspect:
        ask_product(turn)
        return
    titles = phrases.INTENT_TITLES
    likely = [name for name, _ in turn.intent_ranking if name in titles][:2]
    turn.state.pending_text = turn.text
    buttons = [Button(titles[name], f"intent:{name}") for name in likely]
    if len(likely) == 2:
        first, second = (titles[name] for name in likely)
        turn.say(f"没太明白，您是想{first}，还是{second}？", [*buttons, phrases.HUMAN])
    else:
        turn.say("没太明白，换个说法试试？" + phrases.TELL_ME, [*buttons, phrases.HUMAN])
    resume(turn)
