"""Officers, cases, stars, complaints, small talk."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.dialogue import contact, expected, phrases
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
COMPLAINED = Button("转陪跑专员", "human:complaint")
SURE = 0.8
"""Confidence above which a sentence with facts in it is taken for a complaint all the same."""


def request_human(turn: Turn) -> None:
    """Hand over: the app makes the case and tells its number; an open case is not made twice."""
    keep_facts(turn)
    case = turn.context.get("case")
    if case:
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
    reason = turn.payload.get("reason", "firm_asked")
    handover: dict[str, Any] = {"kind": "handover", "reason": reason, "product": product}
    asked = contact.question(turn)
    if asked is not None:
        # Said after the sentence about the case, which the app makes.
        handover["then"] = [msgspec.to_builtins(asked)]
    turn.effects.append(handover)


def case_status(turn: Turn) -> None:
    """How the firm's own case stands, or another one whose number and code it knows; stars for a closed one.

    `context["case"]` is the open one, `context["last_case"]` the last one that has ended.
    """
    if "rate" in turn.payload:
        turn.effects.append({"kind": "rating", **turn.payload["rate"]})
        return
    if "lookup" in turn.payload:
        turn.effects.append({"kind": "case_status", **turn.payload["lookup"]})
        return
    if not turn.payload:
        keep_facts(turn)
    case, last = turn.context.get("case"), turn.context.get("last_case")
    asked = turn.payload.get("number")
    if asked and asked not in {one["number"] for one in (case, last) if one}:
        turn.state.expecting = f"{expected.CODE}:{asked}"
        turn.say(
            f"查办件 {asked} 要用转专员时给的查询码，请把查询码发给我。没有查询码，可以转陪跑专员查。",
            [phrases.HUMAN],
        )
        return
    if turn.payload.get("code") and case:
        turn.effects.append({"kind": "case_code"})
        return
    if case and asked in (None, case["number"]):
        turn.say(_status(case), [Button("在别处查进度", "code")])
    elif last:
        turn.say(_status(last), [phrases.HUMAN])
    else:
        turn.say(
            "这次对话里还没有办件。要查以前的办件，请把编号（KC开头）和查询码一起发给我；"
            "或者现在就转陪跑专员，可以点下面。",
            [phrases.HUMAN],
        )
    resume(turn)


def _status(case: dict[str, Any]) -> str:
    told = f"您的办件 {case['number']}，目前：{phrases.STATUS.get(case['status'], case['status'])}。"
    if case.get("owner"):
        told += f"由{case['owner']}负责。"
    if case.get("first_reply_by"):
        told += f"我们争取在{case['first_reply_by']}前首次回复。"
    elif case.get("opinion_by"):
        told += f"我们争取在{case['opinion_by']}前给出办理意见。"
    return told


def complain(turn: Turn) -> None:
    """Say sorry once, keep the words for the lead, offer a person."""
    ranking = turn.intent_ranking
    sure = bool(ranking) and ranking[0][0] == "complain" and ranking[0][1] >= SURE
    if turn.reading.mentions and not turn.payload and not sure:
        inform(turn)
        return
    words = turn.payload.get("words") or turn.text
    if not words.strip():
        turn.state.expecting = expected.COMPLAINT
        turn.say(
            "抱歉让您不满意。请用一两句话说说是什么事，我原样记下，交给负责人处理。",
            [COMPLAINED, phrases.KEEP],
        )
        return
    if not turn.payload:
        keep_facts(turn)
    turn.effects.append({"kind": "complaint", "words": words})
    turn.say(
        "抱歉没有帮上忙，您说的我已原样记下，并通知了负责人。要不要转陪跑专员，由人来跟您谈？",
        [COMPLAINED, phrases.RESTART],
    )
    resume(turn)


def restart(turn: Turn) -> None:
    if turn.payload.get("ask"):
        turn.say(
            f"要清空记下的{len(turn.state.known)}项情况、重新开始吗？",
            [phrases.RESTART, phrases.KEEP],
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
