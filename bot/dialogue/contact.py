"""Whether the firm may be told when a change of policy makes things better for it: asked once."""

from __future__ import annotations

from bot.dialogue.turn import Button, Reply, Turn

ASK = "以后政策有变化、您的判断变好时，可以联系您吗？"
YES = Button("有新政策可以联系我", "contact:yes")
NO = Button("不用", "contact:no")
NOT_REACHED = ("kiosk", "terminal")
"""Channels whose talk is over when the person leaves: without a case nobody could keep the promise."""


def question(turn: Turn) -> Reply | None:
    """The question, if this conversation has not had it; from now on it has."""
    if turn.state.contact_asked or turn.state.may_contact is not None:
        return None
    turn.state.contact_asked = True
    return Reply(ASK, [YES, NO])


def ask_at_the_end(turn: Turn) -> None:
    """After a final ranking, where the firm can be reached later."""
    channel = turn.context.get("channel")
    if channel is None or channel in NOT_REACHED:
        return
    asked = question(turn)
    if asked is not None:
        turn.replies.append(asked)


def take_answer(turn: Turn) -> None:
    """Keep yes or no; the app stores it with its time. Either can be changed later."""
    agreed = bool(turn.payload["contact"])
    turn.state.may_contact, turn.state.contact_asked = agreed, True
    turn.effects.append({"kind": "contact", "agreed": agreed})
    if agreed:
        turn.say(
            "好的，记下了。政策变化让您的判断变好时，陪跑专员可以联系您；随时可以改主意。",
            [Button("不用再联系我", "contact:no")],
        )
    else:
        turn.say("好的，不会为这个联系您。")
