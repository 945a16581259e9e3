"""What is kept of the firm: show it, hand it out, erase it; the number it leaves."""

from __future__ import annotations

import re

from bot.dialogue import contact, expected, phrases
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.present import facts_card, facts_line
from bot.dialogue.state import State
from bot.dialogue.turn import Button, Turn

SHOW = Button("查看全部记录", "data:show")
EXPORT = Button("导出", "data:export")
ERASE = Button("删除全部记录", "data:erase")
_ERASE = re.compile(r"删|清除|清掉|注销|抹掉|销毁")
_EXPORT = re.compile(r"导出|下载|拷贝|复制一份|带走")
_SHOW = re.compile(r"查看|看看|看一下|有哪些|存了(?:什么|啥)|记了(?:什么|啥)|全部记录")


def manage_data(turn: Turn) -> None:
    """The menu, or what was asked for. The records are the app's: it shows, hands out and erases them."""
    if "contact" in turn.payload:
        contact.take_answer(turn)
        resume(turn)
        return
    if "kept" in turn.payload:
        turn.say("好的，保持不变。")
        resume(turn)
        return
    if "phone" in turn.payload:
        _phone(turn)
        return
    wish = turn.payload.get("data") or _wish(turn)
    if wish == "show":
        _facts(turn)
        turn.effects.append({"kind": "data_show"})
    elif wish == "export":
        turn.effects.append({"kind": "data_export"})
    elif wish == "erase":
        _ask_before_erasing(turn)
    elif wish == "erased":
        turn.state = State()
        turn.effects.append({"kind": "data_erase"})
    else:
        _menu(turn)


def _wish(turn: Turn) -> str:
    if turn.payload:
        return ""
    keep_facts(turn)
    for pattern, wish in ((_ERASE, "erase"), (_EXPORT, "export"), (_SHOW, "show")):
        if pattern.search(turn.text):
            return wish
    return ""


def _menu(turn: Turn) -> None:
    _facts(turn)
    turn.say(
        "您可以查看、导出或删除我们保存的全部记录（对话、办件、材料）；「重新开始」只清空上面这些情况。",
        [SHOW, EXPORT, ERASE, phrases.RESTART],
    )
    if turn.state.may_contact:
        turn.say("您同意过：政策变化让判断变好时可以联系您。", [Button("不用再联系我", "contact:no")])


def _facts(turn: Turn) -> None:
    card = facts_card(turn, [fact for fact, value in turn.state.known.items() if value is not None])
    if card["items"]:
        turn.say(f"这次对话记下的情况有：{facts_line(card)}。", card=card)
    else:
        turn.say("这次对话还没有记下您的企业情况。")


def _ask_before_erasing(turn: Turn) -> None:
    case = turn.context.get("case")
    running = f"办件 {case['number']} 也会一起删除，专员不能再跟进。" if case else ""
    turn.state.expecting = expected.ERASE
    turn.say(
        "要删除我们保存的您的全部记录吗？包括对话、办件、材料、预约和留下的电话，删除后找不回来。"
        f"{running}建议先导出一份。",
        [Button("确认删除", "data:erase:yes"), Button("先导出", "data:export"), phrases.KEEP],
    )


def _phone(turn: Turn) -> None:
    number = turn.payload["phone"]
    if number == "ask":
        turn.state.expecting = expected.PHONE
        turn.say("请把电话发给我（手机或座机），加密保存，只给跟进的陪跑专员看。")
        return
    if turn.reading.mentions:
        keep_facts(turn)
    turn.effects.append({"kind": "phone", "number": number})
    turn.say("电话记下了，加密保存，只给跟进的陪跑专员看；要改，再发一次新的就行。")
    resume(turn)
