"""What changed between two catalogs, record by record and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from bot.catalog.model import Catalog, number

SECTIONS = {
    "products": "产品", "scorecards": "自查表", "facts": "事实", "sources": "出处", "services": "服务",
    "sme_size": "划型标准",
}  # fmt: skip
FIELDS = {
    "id": "编号",
    "max": "最大值（满分）",
    "min": "最小值",
    "full": "满分",
    "choose": "取最高一档（best）还是相加（sum）",
    "qualification": "对应的资格（事实）",
    "filled": "已填写",
    "sample": "示例，不作数",
    "warning": "提醒",
    "window": "申报时间",
    "weights": "权重",
    "effort": "费的工夫（1几天，5几年）",
    "by": "怎样改变",
    "on_request": "企业提到才推荐",
    "askable": "可以问",
    "group": "contract 或 more",
    "unit": "单位",
    "type": "类型",
    "score": "分数线",
    "also": "另外还要满足",
    "known": "已收录",
    "as_of": "按哪一天判断",
    "deciding": "起决定作用的条款",
    "missing": "还缺的事实",
    "next_question": "下一问",
    "name": "名称",
    "aliases": "别名",
    "summary": "简介",
    "conditions": "条件是否完整",
    "lender": "最终决定方",
    "clauses": "条款",
    "undisclosed": "未公开",
    "aspects": "说明",
    "limits": "额度",
    "fit": "适用",
    "cases": "用例",
    "contact": "联系",
    "text": "条文",
    "when": "条件",
    "kind": "性质",
    "source": "出处",
    "article": "条号",
    "quote": "原文",
    "from": "生效日",
    "to": "失效日",
    "weight": "权重",
    "limit_wan": "额度（万元）",
    "question": "问句",
    "help": "说明",
    "choices": "选项",
    "range": "范围",
    "cost": "回答难度",
    "prior": "估计分布",
    "change": "改变的办法",
    "derived": "推算",
    "title": "标题",
    "number": "文号",
    "issuer": "发布单位",
    "date": "日期",
    "url": "网址",
    "sureness": "可信程度",
    "requires": "门槛",
    "direct": "免评分情形",
    "items": "评分项",
    "bands": "分档",
    "points": "分数",
    "pass": "合格线",
    "stages": "阶段",
    "register": "办理",
    "industries": "行业",
    "note": "备注",
    "verdict": "结论",
    "facts": "情况",
}
KEYS = ("id", "name", "value", "text", "class")
"""What tells the entries of a list apart, the first that all of them have and that differs in each."""


class Difference(msgspec.Struct, frozen=True):
    """``place``: names from the section down, e.g. ``("产品", "科企梯度贷", "条款", "tiered.lawful")``.

    ``before`` and ``after`` are plain values; None stands for «was not there».
    """

    kind: Literal["added", "removed", "changed"]
    place: tuple[str, ...]
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        where = " · ".join(self.place)
        if self.kind == "added":
            return f"+ {where}：{_short(self.after)}"
        if self.kind == "removed":
            return f"- {where}：{_short(self.before)}"
        return f"~ {where}：{_short(self.before)} → {_short(self.after)}"


def differences(old: Catalog, new: Catalog) -> list[Difference]:
    """Everything that differs, products first, in the order of the new catalog."""
    found: list[Difference] = []
    for section, title in SECTIONS.items():
        before, after = (msgspec.to_builtins(getattr(catalog, section)) or {} for catalog in (old, new))
        for key in dict.fromkeys([*after, *before]):
            named = after.get(key) or before.get(key)
            name = named.get("name", key) if isinstance(named, dict) else FIELDS.get(key, key)
            found += _value((title, str(name)), before.get(key), after.get(key))
    return found


def _mapping(place: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys([*new, *old]):
        yield from _value((*place, FIELDS.get(key, key)), old.get(key), new.get(key))


def _value(place: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mapping(place, old, new)
        return
    if isinstance(old, list) and isinstance(new, list):
        keyed = _keyed(old, new)
        if keyed is not None:
            yield from _mapping(place, *keyed)
            return
    if old in (None, [], {}, "") and new not in (None, [], {}, ""):
        yield Difference("added", place, None, new)
    elif new in (None, [], {}, ""):
        yield Difference("removed", place, old, None)
    else:
        yield Difference("changed", place, old, new)


def _keyed(old: list[Any], new: list[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both lists as mappings by what tells their entries apart; None for plain lists."""
    if not all(isinstance(one, Mapping) for one in [*old, *new]):
        return None
    for key in KEYS:
        if all(
            all(key in one for one in entries) and len({str(one[key]) for one in entries}) == len(entries)
            for entries in (old, new)
        ):
            return {str(one[key]): one for one in old}, {str(one[key]): one for one in new}
    return None


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        named = next((value[key] for key in ("text", "name", "title") if value.get(key)), None)
        return str(named) if named else str(dict(value))
    if isinstance(value, list):
        return "、".join(_short(one) for one in value)
    return number(value) if isinstance(value, float) else str(value)
