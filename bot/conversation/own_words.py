"""What a firm is told about its visit, its stars, its case by code and its data. Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.cases.case_models import Case
from bot.cases.visits import Slot
from bot.conversation.notices import day
from bot.conversation.wire import Button, Reply

HUMAN = Button("转陪跑专员", "human")
AGAIN = Button("另选时间", "visit:list")
SHOW = Button("显示", "share:yes")
EXPORT, ERASE = Button("导出", "data:export"), Button("删除全部记录", "data:erase")
LOW = 2
"""Stars up to which a person is offered."""

STATUS = {
    "queued": "等专员接手",
    "claimed": "专员已接手",
    "in_review": "专员正在研究",
    "waiting_firm": "等您补充情况",
    "submitted": "已提交银行、担保机构或基金",
    "approved": "办理方已同意",
    "declined": "办理方没有同意",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
_VISIT = {"booked": "已约", "moved": "已改期", "cancelled": "已取消", "came": "已来过", "missed": "没有来"}
_WHO = {"firm": "您", "bot": "陪跑", "officer": "专员", "system": "通知"}
# What a chat window takes without flooding: characters of a talk that is shown as text.
_MOST_TEXT = 1800


def visit(kind: str, slot: Slot) -> Reply:
    """`kind`: visit_book, visit_move or visit_cancel."""
    where = f"{slot.place}（{slot.address}）" if slot.address else slot.place
    if kind == "visit_cancel":
        return Reply(f"已取消{slot.when}在{slot.place}的面谈。", [Button("重新约", "visit:list")])
    done = "改约好了" if kind == "visit_move" else "约好了"
    return Reply(
        f"{done}：{slot.when}，{where}。有变动随时改。",
        [Button("改时间", "visit:list"), Button("取消面谈", "visit:cancel")],
    )


def slot_gone() -> Reply:
    return Reply("这个时间刚刚约满了，没有约上；原来约的（如果有）不变。", [AGAIN, HUMAN])


def no_visit() -> Reply:
    return Reply("现在没有约好的面谈。", [Button("约面谈", "visit:list")])


def already_booked() -> Reply:
    return Reply("您已经约好了一次面谈，要换时间可以改。", [Button("改时间", "visit:list")])


def rated(stars: int | None) -> Reply:
    if stars is None:
        return Reply("好的，不评。有需要随时再来。")
    if stars <= LOW:
        return Reply(
            f"收到，{stars}颗星。抱歉没有做好，哪里不满意可以告诉我们，也可以请人来谈。",
            [Button("说说哪里不满意", "intent:complain"), HUMAN],
        )
    return Reply(f"收到，{stars}颗星，谢谢您。有需要随时再来。")


def cannot_rate() -> Reply:
    return Reply("这件已经评过，或者还没有办结。")


def code_for(number: str, code: str) -> str:
    """How the firm asks for its case somewhere else."""
    return (
        f"查询码 {code}：在别处查进度时，把编号 {number} 和查询码一起发给我（用一次就换新的，请别给别人）。"
    )


def bad_code() -> Reply:
    return Reply(
        "编号和查询码对不上，或者查询码已失效（用过一次就换，错几次也会失效）。"
        "请在原来的对话里点「在别处查进度」重新取一个，或者转陪跑专员查。",
        [HUMAN],
    )


def status(case: Case, code: str) -> Reply:
    """How the case stands, for somebody who knows its code; nothing of what was said in it."""
    told = f"办件 {case.number}，目前：{STATUS.get(case.status, case.status)}。"
    if case.first_reply_at is None and case.ended_at is None:
        told += f"我们争取在{day(case.first_reply_by)}前首次回复。"
    elif case.opinion_at is None and case.ended_at is None:
        told += f"我们争取在{day(case.opinion_by)}前给出办理意见。"
    return Reply(f"{told}\n下次查用新的查询码 {code}。")


def kept(data: dict[str, Any]) -> Reply:
    """What is kept, in short; `data` as `bot.cases.own_data.collect` makes it."""
    said = Counter(message["author"] for message in data["messages"])
    lines = [
        f"我们保存的有（自{_day(data['since'])}起）：",
        f"· 对话：您说的{said['firm']}条，我们说的{sum(said.values()) - said['firm']}条",
    ]
    lines += [
        f"· 办件：{case['number']}，{STATUS.get(case['status'], case['status'])}"
        + (f"，您评了{case['stars']}颗星" if case["stars"] else "")
        for case in data["cases"]
    ]
    lines += [f"· 材料：{file['name']}（{_size(file['size'])}）" for file in data["files"]]
    lines += [f"· 面谈：{one['when']}，{one['place']}，{_VISIT[one['status']]}" for one in data["visits"]]
    if data["phone"]:
        lines.append(f"· 您留的电话：{data['phone'][:3]}****{data['phone'][-4:]}")
    lines += [f"· {_day(one['at'])}反映的问题：{one['words'][:60]}" for one in data["complaints"]]
    if data["open_questions"]:
        lines.append(f"· 还答不上来的问题：{len(data['open_questions'])}条（去掉了号码）")
    given = [one for one in data["consents"] if not one["withdrawn_at"]]
    lines.append(f"· 隐私告知：{'已同意' if given else '没有同意或已撤回'}")
    lines.append("都加密保存。审计日志只记编号，不记内容；对话引擎不保存任何内容。")
    return Reply("\n".join(lines), [EXPORT, ERASE])


def share_first() -> Reply:
    """The talk was led at other doors too, and what was said there may not be shown here yet."""
    return Reply(
        "这个对话在别处也谈过。要在这里查看或导出（连那边说过的一起），请先点「显示」，再点一次查看或导出；"
        "不用看也可以直接删除。",
        [SHOW, ERASE],
    )


def share_there() -> Reply:
    """At another door it was not agreed that its words are shown elsewhere."""
    return Reply(
        "这个对话在别处也谈过，那边还没有同意把说过的话显示在别处。请在那边查看或导出，"
        "或者先在那边点「显示」；不用看也可以直接删除。",
        [ERASE],
    )


def download(path: str) -> Reply:
    """`path` of the one-time link, on this site."""
    return Reply(
        f"您的全部记录可以在这里下载（JSON 文件，10分钟内有效，只能下一次）：{path}",
        card={"kind": "link", "href": path, "title": "下载我的记录"},
    )


def as_text(data: dict[str, Any]) -> Reply:
    """The talk itself, for channels that take no files: the newest lines that fit."""
    lines, length = list[str](), 0
    for message in reversed(data["messages"]):
        line = f"{_clock(message['at'])} {_WHO[message['author']]}：{message['text']}"
        length += len(line) + 1
        if length > _MOST_TEXT:
            lines.append("（更早的没有显示。要整份导出，请在网页上接着这个对话，再点「导出」。）")
            break
        lines.append(line)
    summary = kept(data)
    return Reply("\n".join([summary.text, "对话：", *reversed(lines)]), [ERASE])


def erased(cases: Sequence[tuple[str, int | None]]) -> Reply:
    numbers = "、".join(number for number, _ in cases)
    with_cases = f"（包括办件 {numbers}）" if numbers else ""
    return Reply(
        f"已删除您的全部记录{with_cases}：对话、办件、材料、检索索引、预约和留下的电话都不在了。"
        "对话引擎不保存内容；审计日志只有编号。为了把这句话送到，连接本身还留着，一天内没有新消息就一并清除。"
    )


def _day(moment: str) -> str:
    return f"{int(moment[:4])}年{int(moment[5:7])}月{int(moment[8:10])}日"


def _clock(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]}"


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)}KB"
