"""The desk's Chinese words for statuses, verdicts, events and pressed buttons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.cases.case_models import CaseEvent
from bot.cases.journey import STAGES
from bot.cases.routing import TEAMS
from bot.catalog.model import Catalog, FactSpec

STATUSES = {
    "queued": "等待接手",
    "claimed": "已接手",
    "in_review": "研究中",
    "waiting_firm": "等企业补充",
    "submitted": "已提交机构",
    "approved": "机构通过",
    "declined": "机构未通过",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
ROLES = {"officer": "专员", "lead": "组长", "auditor": "审计", "admin": "管理员"}
MODES = {"bot": "助手在答", "waiting": "助手在答，等专员接手", "human": "专员在谈"}
VERDICTS = {
    "eligible": "符合",
    "meets_published": "满足已公布条件",
    "unknown": "待确认",
    "ineligible": "不满足",
}
CLAUSE_STATUSES = {"fails": "不满足", "open": "待确认", "holds": "满足"}
CLAUSE_KINDS = {"nature": "产品性质 · "}
AUTHORS = {"firm": "企业", "bot": "助手", "officer": "专员", "system": "系统"}
DELIVERIES = {
    "queued": "等待发送",
    "sending": "正在发送",
    "sent": "已送出",
    "failed": "没有送达",
    "dropped": "没有发出，专员已接手",
    "unknown": "不确定是否送达",
}
TARGETS = {"first_reply": "首次回复", "opinion": "给出意见"}
REASONS = {
    "firm_asked": "企业要求转专员",
    "request_human": "企业要求转专员",
    "complaint": "企业反映问题",
    "book_visit": "企业想约到店",
}
_EVENTS = {
    "opened": "转来",
    "claimed": "接手",
    "assigned": "指派",
    "transferred": "转交",
    "offer_expired": "没有在时限内接手，全队可接",
    "offer_passed": "没有接，全队可接",
    "handed_back": "把对话交回助手",
    "resumed": "把对话接回来",
    "moved": "状态变更",
    "fact_corrected": "更正情况",
    "rejudged": "按新的政策资料重新判断",
    "warned": "时限提醒",
    "escalated": "时限已到，已告知组长",
    "journey": "陪跑进程",
    "next_contact": "下次联系",
    "rated": "企业评价",
    "complained": "企业反映了问题",
    "phone_left": "企业留了电话",
    "consent_withdrawn": "企业撤回了个人信息同意",
    "visit_booked": "企业约了到店",
    "visit_moved": "企业改了到店时间",
    "visit_cancelled": "企业取消了到店",
    "retried": "重新发送一条消息",
}
_BUTTONS = {"human": "转陪跑专员", "restart": "重新开始", "why": "为什么这样判断", "improve": "怎样才能符合",
    "contact:yes": "有新政策可以联系我", "contact:no": "不用联系"}  # fmt: skip
_INTENTS = {"seek_funding": "我要融资", "check_eligibility": "我够不够条件", "ask_policy": "政策问答"}


def event_text(event: CaseEvent, officers: Mapping[int, str]) -> str:
    """A line of the timeline: what happened, by whom, and why if that was said."""
    what = _EVENTS.get(event.kind, event.kind)
    by = officers.get(event.officer_id or 0, "")
    if event.kind == "offered":
        return f"请{by}接手"
    more = [part for part in _details(event, officers) if part]
    return "：".join(filter(None, (f"{by} {what}" if by else what, "，".join(more))))


def _details(event: CaseEvent, officers: Mapping[int, str]) -> list[str]:
    data = event.data
    reason = str(data.get("reason", ""))
    reason = REASONS.get(reason, reason)
    match event.kind:
        case "moved":
            return [STATUSES.get(str(data.get("status", "")), ""), reason]
        case "assigned" | "transferred":
            team = TEAMS.get(str(data.get("team", "")), "")
            return [f"给{officers.get(data.get('to') or 0, '') or team or '自己'}"]
        case "fact_corrected":
            changed = f"{data.get('name', '')} {data.get('old_text', '')} → {data.get('new_text', '')}"
            return [changed, f"原因：{reason}"]
        case "warned" | "escalated":
            return [f"{TARGETS.get(str(data.get('target')), '')}用去 {data.get('percent')}%"]
        case "journey":
            return [STAGES.get(str(data.get("stage")), "")]
        case "next_contact":
            return [chinese_day(date.fromisoformat(str(data["on"])))]
        case "rated":
            stars = data.get("stars")
            return [f"{stars} 星" if stars else "没有打分"]
        case "visit_booked" | "visit_moved" | "visit_cancelled":
            return [str(data.get("when", "")), str(data.get("place", ""))]
        case _:
            return [reason]


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def duration(seconds: int) -> str:
    """Working time as people say it.

    >>> duration(5400), duration(59)
    ('1小时30分', '不到1分钟')
    """
    hours, minutes = divmod(max(0, seconds) // 60, 60)
    if not hours and not minutes:
        return "不到1分钟"
    return (f"{hours}小时" if hours else "") + (f"{minutes}分" if minutes else "")


def size_text(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"


def message_text(body: Mapping[str, Any], catalog: Catalog) -> str:
    """What was written; for a pressed button without words, what the button said."""
    text = str(body.get("text") or "")
    payload = str(body.get("payload") or "")
    return text or (button_text(payload, catalog) if payload else "")


def button_text(payload: str, catalog: Catalog) -> str:
    """A button's key in words.

    `set:FACT:VALUE`, `skip:FACT`, `check:PRODUCT`, `ask:PRODUCT:ASPECT`, `intent:NAME` and single words.
    """
    kind, _, rest = payload.partition(":")
    head, _, value = rest.partition(":")
    if kind in ("set", "skip") and head in catalog.facts:
        fact = catalog.facts[head]
        return f"{fact.name}：{_value(fact, value) if kind == 'set' else '不清楚'}"
    if kind in ("check", "ask") and head in catalog.products:
        return f"{'预审' if kind == 'check' else '了解'}{catalog.products[head].name}"
    if kind == "intent":
        return _INTENTS.get(rest, f"〔按钮 {rest}〕")
    if kind == "rate":
        return f"评价 {value} 星" if value.isdigit() else "不评价"
    return _BUTTONS.get(payload, f"〔按钮 {payload}〕")


def _value(fact: FactSpec, value: str) -> str:
    if value in ("true", "false"):
        return fact.title_of(value == "true")
    if fact.numeric:
        try:
            return fact.title_of(float(value))
        except ValueError:
            return value
    return fact.title_of(value)
