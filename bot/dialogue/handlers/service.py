"""Officers, cases, visits, complaints, data, small talk."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.dialogue import contact, phrases
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import inform, keep_facts
from bot.dialogue.handlers.products import ask_product
from bot.dialogue.present import facts_card, facts_line
from bot.dialogue.state import State
from bot.dialogue.turn import Button, Turn

MAIN = [
    Button("我要融资", "intent:seek_funding"),
    Button("我够不够条件", "intent:check_eligibility"),
    Button("政策问答", "intent:ask_policy"),
    phrases.HUMAN,
]


def request_human(turn: Turn) -> None:
    """Hand over: the app makes the case and tells its number; an open case is not made twice."""
    keep_facts(turn)
    case = turn.context.get("case")
    # Handed back to the bot, the case has its officer, who is called to the talk again.
    if case and turn.context.get("mode") != "bot":
        turn.say(f"您的办件 {case['number']} 已在陪跑专员那里，您接着写的内容会一并带上。")
        resume(turn)
        return
    fitting = [item["product"] for item in turn.state.ranking if item["verdict"] != "ineligible"]
    known = any(value is not None for value in turn.state.known.values())
    product = turn.state.product or (fitting[0] if fitting and known else turn.state.topic)
    turn.state.asking = None
    for one in turn.state.confirm:
        spec = turn.fact(one.fact)
        turn.state.unanswered.append(
            f"{spec.name}前后说法不一：{spec.title_of(one.old)}、{spec.title_of(one.new)}"
        )
    turn.state.confirm = []
    reason = "firm_asked" if turn.intent != "complain" else "complaint"
    handover: dict[str, Any] = {"kind": "handover", "reason": reason, "product": product}
    asked = contact.question(turn)
    if asked is not None:
        # Said after the sentence about the case, which the app makes.
        handover["then"] = [msgspec.to_builtins(asked)]
    turn.effects.append(handover)


def case_status(turn: Turn) -> None:
    keep_facts(turn)
    case = turn.context.get("case")
    if case:
        told = f"您的办件 {case['number']}，目前：{phrases.STATUS.get(case['status'], case['status'])}。"
        if case.get("first_reply_by"):
            told += f"我们争取在{case['first_reply_by']}前首次回复。"
        turn.say(told)
    else:
        turn.say("这次对话里还没有办件。要查以前的办件，或者现在就转陪跑专员，可以点下面。", [phrases.HUMAN])
    resume(turn)


def book_visit(turn: Turn) -> None:
    """Visits are arranged by an officer; the address is not in the public record."""
    keep_facts(turn)
    turn.say(
        "可以到金融便利店面谈，时间由陪跑专员和您约定；地址和开放时间公开资料没有给出，专员会告诉您。",
        [phrases.HUMAN],
    )
    resume(turn)


def complain(turn: Turn) -> None:
    """Say sorry once, keep it for the officer, offer a person."""
    if turn.reading.mentions and not turn.payload:
        inform(turn)
        return
    turn.effects.append({"kind": "complaint"})
    turn.say(
        "抱歉没有帮上忙，您说的我已记下。要不要转陪跑专员，由人来跟您谈？", [phrases.HUMAN, phrases.RESTART]
    )
    resume(turn)


def manage_data(turn: Turn) -> None:
    """What is kept of this conversation, and how to have it removed; whether the firm may be contacted."""
    if "contact" in turn.payload:
        contact.take_answer(turn)
        resume(turn)
        return
    card = facts_card(turn, [fact for fact, value in turn.state.known.items() if value is not None])
    if card["items"]:
        turn.say(f"这次对话记下的情况有：{facts_line(card)}。", card=card)
    else:
        turn.say("这次对话还没有记下您的企业情况。")
    turn.say(
        "点「重新开始」就清空这些情况；要查看或删除全部记录（包括已转专员的办件），请转陪跑专员办理。",
        [phrases.RESTART, phrases.HUMAN],
    )
    if turn.state.may_contact:
        turn.say("您同意过：政策变化让判断变好时可以联系您。", [Button("不用再联系我", "contact:no")])


def restart(turn: Turn) -> None:
    if turn.payload.get("ask"):
        turn.say(
            f"要清空记下的{len(turn.state.known)}项情况、重新开始吗？",
            [phrases.RESTART, Button("不用", "intent:deny")],
        )
        return
    turn.state = State()
    turn.effects.append({"kind": "restart"})
    turn.say("好的，重新开始。" + phrases.TELL_ME, MAIN)


def ask_bot(turn: Turn) -> None:
    keep_facts(turn)
    turn.say(phrases.WELCOME + "我是程序，不是银行，也不代表审批结果。" + phrases.TELL_ME, MAIN)
    resume(turn)


def greet(turn: Turn) -> None:
    if turn.payload.get("resume"):
        _taken_up(turn)
    elif turn.reading.mentions:
        inform(turn)
    elif turn.reading.products:
        ask_product(turn)
    else:
        turn.say(phrases.WELCOME + phrases.TELL_ME, MAIN)
        resume(turn)


def _taken_up(turn: Turn) -> None:
    """The talk goes on somewhere else: what is known of the firm, and the question that was open."""
    known = [fact for fact, value in turn.state.known.items() if value is not None]
    if not known:
        turn.say(phrases.TELL_ME, MAIN)
        return
    card = facts_card(turn, known)
    turn.say(f"记下的情况：{facts_line(card)}。", card=card)
    resume(turn)


def thank(turn: Turn) -> None:
    if turn.reading.mentions:
        inform(turn)
        return
    turn.say("不客气，还有要问的随时说。")
    resume(turn)


def goodbye(turn: Turn) -> None:
    case = turn.context.get("case")
    number = f"您的办件编号是 {case['number']}。" if case else ""
    turn.say(f"再见，祝顺利。{number}")
