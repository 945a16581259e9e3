"""Policy questions, innovation points, and what lies outside."""

from __future__ import annotations

from bot.dialogue import phrases
from bot.dialogue.advance import resume, take_in
from bot.dialogue.ask import ask
from bot.dialogue.handlers import scores
from bot.dialogue.handlers.facts import inform, keep_facts
from bot.dialogue.handlers.products import ask_product
from bot.dialogue.present import sources
from bot.dialogue.turn import Button, Turn

SHORT = 14
"""Characters up to which a question may lean on the topic (「失败了要赔吗」)."""


def ask_policy(turn: Turn) -> None:
    """An answer composed from passages only, with its source; silence where there is none.

    Whether the firm itself meets the rules of a qualification is for its score card to say.
    """
    if scores.wanted(turn):
        scores.self_check(turn)
        return
    keep_facts(turn)
    question = turn.text or turn.state.pending_text
    turn.state.pending_text = ""
    told = from_knowledge(turn, question)
    if told:
        turn.say(told)
    elif turn.products:
        ask_product(turn)
        return
    elif question:
        turn.state.unanswered.append(question)
        turn.leave_open(question, "unknown")
        turn.say(phrases.NO_ANSWER, [phrases.HUMAN])
    else:
        turn.say("想问哪一条政策或资格？比如「什么是科技型中小企业」「高企研发占比要多少」。")
    resume(turn)


def from_knowledge(turn: Turn, question: str) -> str:
    """What the record says to a question, or empty. A short one is also read as about the present topic."""
    if not question:
        return ""
    topic = turn.state.topic or turn.state.product
    asked = [question]
    if topic in turn.catalog.products and len(question) <= SHORT and not turn.reading.products:
        asked.append(f"{turn.catalog.products[topic].name}{question}")
    for one in asked:
        hits = turn.services.knowledge.answer(one)
        if hits:
            return turn.services.knowledge.compose(one, hits)
    return ""


def estimate_points(turn: Turn) -> None:
    """Points by the card if an operator has filled it in; else what is not public, and where to look."""
    if scores.wanted(turn):
        scores.self_check(turn)
        return
    take_in(turn)
    card = turn.catalog.scorecards.get("innovation_points")
    if card is not None and card.filled and card.in_force(turn.today):
        turn.payload = {"card": card.id}
        scores.self_check(turn)
        return
    told = ["企业创新积分的指标和权重未公开，我没法替您算分。"]
    if card is not None:
        told.append(f"怎么查：{card.register.text}〔出处：{sources(turn, card.register.source)}〕")
        told.append(f"没公开的有：{'、'.join(card.undisclosed)}。")
    buttons = [phrases.HUMAN, Button("创新积分贷是什么", "ask:innovation_points_loan:overview")]
    points = turn.state.known.get("innovation_points")
    if isinstance(points, (int, float)) and not isinstance(points, bool):
        told.append(
            f"您说的积分是{turn.fact('innovation_points').title_of(points)}，可以直接看创新积分贷的条件。"
        )
        buttons.insert(0, Button("预审创新积分贷", "check:innovation_points_loan"))
    turn.say("\n".join(told), buttons)
    if "innovation_points" not in turn.state.known and turn.state.asking is None:
        ask(turn, "innovation_points")
        return
    resume(turn)


def out_of_scope(turn: Turn) -> None:
    """Outside: say what the bot is for and where else to go. Facts or products in it still count."""
    if turn.reading.mentions and not turn.payload:
        inform(turn)
        return
    told = from_knowledge(turn, turn.text)
    if told:
        turn.say(told)
        resume(turn)
        return
    if turn.text:
        turn.state.unanswered = [*turn.state.unanswered, turn.text][-20:]
        turn.leave_open(turn.text, "out_of_scope")
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
