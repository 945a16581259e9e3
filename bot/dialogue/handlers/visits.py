"""Visits: which are offered and booked is the app's to know; it comes with the turn's context.

`context["slots"]`: [{"id", "place_id", "place", "address", "when", "left"}], the nearest first;
`context["visit"]`: the firm's own, or nothing. A context without `slots` has not been looked up: the app does
so for buttons about visits and for sentences that may be about one.
"""

from __future__ import annotations

import re
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.advance import resume
from bot.dialogue.handlers.facts import keep_facts
from bot.dialogue.turn import Button, Turn

MOST = 8
"""Times offered at once; further ones are further away."""
_CANCEL = re.compile(r"取消|退掉|不(?:去|来|约|过去|过来)了|去不了|来不了")
_MOVE = re.compile(r"改|换|推迟|提前|延后|另约|重新约")


def book_visit(turn: Turn) -> None:
    """Offer places and times, ask whether the chosen one is meant, book; move or cancel what is booked."""
    step = turn.payload.get("visit", "")
    if not turn.payload:
        keep_facts(turn)
    visit, slots = turn.context.get("visit"), turn.context.get("slots") or []
    if step == "cancelled":
        turn.effects.append({"kind": "visit_cancel"})
    elif step == "book":
        turn.effects.append({"kind": "visit_move" if visit else "visit_book", "slot": turn.payload["id"]})
    elif step == "slot":
        _confirm(turn, visit, _find(slots, "id", turn.payload["id"]), slots)
    elif step == "place":
        _offer(turn, [one for one in slots if one["place_id"] == turn.payload["id"]] or slots, visit)
    elif visit and (step == "cancel" or (not turn.payload and _CANCEL.search(turn.text))):
        turn.say(
            f"要取消{visit['when']}在{visit['place']}的面谈吗？",
            [Button("确认取消", "visit:cancel:yes"), phrases.KEEP],
        )
    elif visit and step != "list" and not (not turn.payload and _MOVE.search(turn.text)):
        _booked(turn, visit)
    elif "slots" not in turn.context:
        turn.say(
            "可以约时间到店面谈，点下面看有哪些时间和地方。",
            [Button("看可约的时间", "visit:list"), phrases.HUMAN],
        )
        resume(turn)
    elif slots:
        _choose(turn, slots, visit)
    else:
        _nothing(turn, visit)


def _booked(turn: Turn, visit: dict[str, Any]) -> None:
    turn.say(
        f"您已约好{visit['when']}到{_where(visit)}面谈。",
        [Button("改时间", "visit:list"), Button("取消面谈", "visit:cancel")],
    )
    resume(turn)


def _choose(turn: Turn, slots: list[dict[str, Any]], visit: dict[str, Any] | None) -> None:
    places = list({one["place_id"]: one for one in slots}.values())
    if len(places) == 1:
        _offer(turn, slots, visit)
        return
    named = [one for one in places if one["place"] in turn.text]
    if len(named) == 1:
        _offer(turn, [one for one in slots if one["place_id"] == named[0]["place_id"]], visit)
        return
    lines = [f"· {_where(one)}" for one in places]
    turn.say(
        "可以到这些地方面谈，您想去哪里？\n" + "\n".join(lines),
        [Button(one["place"], f"visit:place:{one['place_id']}") for one in places[:MOST]],
    )


def _offer(turn: Turn, slots: list[dict[str, Any]], visit: dict[str, Any] | None) -> None:
    if not slots:
        _nothing(turn, visit)
        return
    lead = f"改到什么时候？现在约的是{visit['when']}。" if visit else "什么时候方便？"
    turn.say(
        f"{_where(slots[0])}，还可以约这些时间。{lead}",
        [
            *(Button(one["when"], f"visit:slot:{one['id']}") for one in slots[:MOST]),
            Button("都不合适", "human"),
        ],
    )


def _confirm(
    turn: Turn, visit: dict[str, Any] | None, slot: dict[str, Any] | None, slots: list[dict[str, Any]]
) -> None:
    if slot is None:
        turn.say("这个时间刚刚约满了，请另选一个。")
        _offer(turn, slots, visit)
        return
    words = f"改约{slot['when']}到{_where(slot)}面谈，对吗？" if visit else ""
    turn.say(
        words or f"约{slot['when']}到{_where(slot)}面谈，对吗？",
        [Button("确认", f"visit:book:{slot['id']}"), Button("换个时间", "visit:list"), phrases.KEEP],
    )


def _nothing(turn: Turn, visit: dict[str, Any] | None) -> None:
    """No times are set up: visits are arranged by an officer; the address is not in the public record."""
    if visit:
        turn.say(
            "现在没有别的时间可约，原来约的不变；要另约可以找陪跑专员。",
            [phrases.HUMAN, Button("取消面谈", "visit:cancel")],
        )
    else:
        turn.say(
            "可以到金融便利店面谈，时间由陪跑专员和您约定；地址和开放时间公开资料没有给出，专员会告诉您。",
            [phrases.HUMAN],
        )
    resume(turn)


def _where(one: dict[str, Any]) -> str:
    return f"{one['place']}（{one['address']}）" if one.get("address") else str(one["place"])


def _find(slots: list[dict[str, Any]], key: str, value: int) -> dict[str, Any] | None:
    return next((one for one in slots if one[key] == value), None)
