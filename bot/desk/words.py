"""The desk's Chinese words for statuses, verdicts, events and pressed buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cases.case_models import CaseEvent
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
    "failed": "没有送达",
    "dropped": "没有发出，专员已接手",
    "unknown": "不确定是否送达",
}
REASONS = {
    "firm_asked": "企业要求转专员",
    "request_human": "企业要求转专员",
    "complaint": "企业反映问题",
    "book_visit": "企业想约到店",
}
_EVENTS = {
    "opened": "转来",
    "claimed": "接手",
    "moved": "状态变更",
    "transferred": "转交",
    "corrected": "更正情况",
    "rejudged": "按新的政策资料重新判断",
}
_BUTTONS = {"human": "转陪跑专员", "restart": "重新开始", "why": "为什么这样判断", "improve": "怎样才能符合",
    "contact:yes": "有新政策可以联系我", "contact:no": "不用联系"}  # fmt: skip
_INTENTS = {"seek_funding": "我要融资", "check_eligibility": "我够不够条件", "ask_policy": "政策问答"}


def event_text(event: CaseEvent, officers: Mapping[int, str]) -> str:
    """A line of the timeline: what happened, by whom, and why if that was said."""
    what = _EVENTS.get(event.kind, event.kind)
    status = STATUSES.get(str(event.data.get("status", "")), "")
    reason = str(event.data.get("reason", ""))
    by = officers.get(event.officer_id or 0, "")
    more = [status if event.kind == "moved" else "", REASONS.get(reason, reason)]
    return "：".join(filter(None, (f"{by} {what}" if by else what, "，".join(filter(None, more)))))


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
