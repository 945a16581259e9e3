"""What needs the firm's consent, and what is said where it is missing, given or taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.channels.consent import ABROAD, DATA, NO, PRIVACY, SHARE, VERSION, WITHDRAW, YES, Standing
from bot.conversation.wire import Button, Reply, TurnOutput

_WITHDRAW = re.compile(
    r"(?:我要|我想|请|申请)?(?:撤回|撤销|取消|收回)(?:我的|之前的)?(?:同意|授权|隐私同意)|撤回"
)
_UNLINK = re.compile(r"(?:我要|请)?(?:解除|取消|断开)(?:这里的|渠道|对话)?(?:关联|绑定|连接)")
_AGREE = re.compile(r"(?:我)?(?:同意|同意并继续|重新同意)")
_REFUSE = re.compile(r"不同意|拒绝|我不同意")
_ERASE = re.compile(r"(?:我要|请)?(?:查看|导出|删除)(?:我的|全部)?(?:信息|资料|数据|记录)")
_TAIL = "。！!.~ 　吧了啊"
# What may still be asked after consent was taken back: to give it again, to see or erase what is kept.
_STILL = ("consent:", "unlink", "data:", DATA.payload)

#: The key of a door that was just linked; the names of the other doors' channels follow.
LINKED_WITH = "linked:"
BAD_LINK = "link:bad"
UNLINK = Button("解除关联", "unlink")
SHOW, NOT_SHOWN = Button("显示", "share:yes"), Button("不显示", "share:no")

_LINKED = "已接上您在{where}的对话，记下的情况都在，接着说就行。"
_MAY_SHOW = "要把您在{where}说过的话也显示在这里吗？不显示也不影响接着办。"
_NOT_SHOWN = "好的，不显示。"
_BAD_LINK = (
    "这个接续码不对，或者已经过期（10分钟内有效，只能用一次）。"
    "请在原来的页面重新取一个，或者直接告诉我您的需要。"
)
_UNLINKED = "已解除关联。这里从头开始，之前的对话不会再显示在这里。"
_NOT_LINKED = "这里没有关联别的对话。"
_GIVEN = f"好的，您已同意（{VERSION}版告知）。随时可以发「撤回同意」。"
_GO_ON = "请再发一次刚才的内容，我接着办。"
_REFUSED = "好的，不收您的电话和材料。政策问答和预审照常可用；之后想留，再说一声就行。"
_WITHDRAWN = (
    "已撤回同意：从现在起不再处理您的信息，您接下来写的内容也不会保存。"
    "要继续使用请点「同意」；要查看、导出或删除已有的信息，请点下面。"
)
_STOPPED = "您已撤回同意，这条内容没有处理，也没有保存。要继续请先点「同意」。"
NEEDED = "{what}属于个人信息。同意我们按告知保存，并只给跟进的陪跑专员使用吗？"


def command(text: str) -> str | None:
    """The key of a button that typed words stand for, where they are about consent or linked doors.

    >>> [command(text) for text in ("撤回同意", "撤回。", "我要撤回办件", "解除关联")]
    ['consent:withdraw', 'consent:withdraw', None, 'unlink']
    """
    # Lines that came in a row are one text: one of them is enough to stop.
    lines = [line.strip().rstrip(_TAIL) for line in text.splitlines()]
    if any(_WITHDRAW.fullmatch(line) for line in lines):
        return WITHDRAW.payload
    return UNLINK.payload if len(lines) == 1 and _UNLINK.fullmatch(lines[0]) else None


def key_of(text: str, payload: str | None, standing: Standing) -> str | None:
    """The button key that a message is: the pressed one's, or that of one whose words were typed."""
    if payload is not None:
        return payload
    key = command(text)
    if key is not None or not (standing.withdrawn or standing.asked):
        return key
    bare = text.strip().rstrip(_TAIL)
    if _AGREE.fullmatch(bare):
        return YES.payload
    if _REFUSE.fullmatch(bare):
        return NO.payload
    return DATA.payload if standing.withdrawn and _ERASE.fullmatch(bare) else None


def about_consent(
    key: str | None, standing: Standing, state: dict[str, Any], *, abroad: bool
) -> TurnOutput | None:
    """The answer to a message that is about consent, or that comes while it is withdrawn; else nothing.

    Args:
        abroad: whether what is agreed to includes that the talk leaves the country.
    """
    if key == WITHDRAW.payload:
        return TurnOutput([Reply(_WITHDRAWN, [YES, DATA])], state, [_effect(given=False)])
    if key == YES.payload:
        return TurnOutput([Reply(_GIVEN + (_GO_ON if standing.asked else ""))], state, _agreed(abroad))
    if key == NO.payload:
        return TurnOutput([Reply(_REFUSED)], state)
    if standing.withdrawn and not (key or "").startswith(_STILL):
        return TurnOutput([Reply(_STOPPED, [YES, DATA])], state, [{"kind": "forget_words"}])
    return None


def about_doors(
    key: str | None, state: dict[str, Any], titles: Callable[[list[str]], list[str]]
) -> TurnOutput | None:
    """The answer to a message about linked doors; else nothing.

    Args:
        titles: what people call the channels of these names.
    """
    if key is None:
        return None
    if key.startswith(LINKED_WITH):
        others = titles([name for name in key.removeprefix(LINKED_WITH).split(",") if name])
        where = "、".join(others) or "别处"
        replies = [Reply(_LINKED.format(where=where), [UNLINK])]
        if others:
            replies.append(Reply(_MAY_SHOW.format(where=where), [SHOW, NOT_SHOWN]))
        return TurnOutput(replies, state)
    if key == BAD_LINK:
        return TurnOutput([Reply(_BAD_LINK)], state)
    if key == UNLINK.payload:
        return TurnOutput([], state, [{"kind": "unlink"}])
    if key in (SHOW.payload, NOT_SHOWN.payload):
        given = key == SHOW.payload
        words = [] if given else [Reply(_NOT_SHOWN)]
        return TurnOutput(words, state, [_effect(given=given, notice=SHARE)])
    return None


def ask_for(what: str, state: dict[str, Any]) -> TurnOutput:
    """The question before `what` (您的电话, 您的材料) is taken."""
    return TurnOutput([Reply(NEEDED.format(what=what), [YES, NO])], state)


def with_consent(
    output: TurnOutput, standing: Standing, before: dict[str, Any], *, abroad: bool
) -> TurnOutput:
    """`output`, if what it does to personal data is agreed to.

    A telephone number is not taken before that. To call in an officer is an act of consent of its own: the
    notice says so, and it is kept like every other.
    """
    kinds = {effect.get("kind") for effect in output.effects}
    if standing.given:
        return output
    if "phone" in kinds:
        return ask_for("您的电话", before)
    if "handover" in kinds:
        return TurnOutput(output.replies, output.state, [*output.effects, *_agreed(abroad)])
    return output


def unlinked(*, was_linked: bool) -> Reply:
    """What is said after a door was taken off a conversation."""
    return Reply(_UNLINKED if was_linked else _NOT_LINKED)


def _agreed(abroad: bool) -> list[dict[str, Any]]:
    return [_effect(given=True), _effect(given=True, notice=ABROAD)] if abroad else [_effect(given=True)]


def _effect(*, given: bool, notice: str = PRIVACY) -> dict[str, Any]:
    return {"kind": "consent", "notice": notice, "given": given}
