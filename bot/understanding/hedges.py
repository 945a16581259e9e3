"""Words around a number that make it a limit (不到, 至少, 以上) or merely soften it (大概, 左右, 出头)."""

from __future__ import annotations

import re
from typing import Literal

Hedge = Literal["under", "at_most", "over", "at_least", ""]

_SOFT = (
    r"(?:大概|大约|差不多|估计|可能|也就|就是|就|才|只有|有个|有|个|是|得|要|也|约|的|到|了|拿|借|贷|融|搞)*"
)
_BEFORE: tuple[tuple[Hedge, re.Pattern[str]], ...] = (
    (
        "at_least",
        re.compile(
            r"(?:不低于|不少于|不小于|不下于?|至少|最少|最低|起码|少说|>=|≥|不会低于|不会少于)" + _SOFT + "$"
        ),
    ),
    (
        "at_most",
        re.compile(
            (
                r"(?:不超过|不超出|不超|不高于|不多于|不大于|没有?超过?|未超过|没有?突破|不会超过|"
                r"最多|至多|顶多|撑死|顶天|最高|上限|控制在|<=|≤)"
            )
            + _SOFT
            + "$"
        ),
    ),
    (
        "under",
        re.compile(
            r"(?:不到|不足|不满|未满|未到|没有?到|没有?满|没有?达到|未达到?|不够|低于|小于|"
            r"少于|<)(?:大概|区区|了|个)*$"
        ),
    ),
    ("over", re.compile(r"(?:超过|超出|高于|大于|多于|突破|不止|不只|远超|早超|超|>)(?:了|大概|这个)*$")),
    (
        "over",
        re.compile(
            r"(?:早就?|已经?|收入|营收|额|值|产|人数|资产|利润|规模|已|都|破|占比|比例)(?:过|破)了?$|破了?$"
        ),
    ),
    ("under", re.compile(r"(?<!最)(?<!附)近$|(?:将近|接近|临近|逼近|快要?到?|差一?点儿?到?|眼看到)$")),
)
_AFTER: tuple[tuple[Hedge, re.Pattern[str]], ...] = (
    (
        "at_least",
        re.compile(r"(?:左右)?的?(?:及?以上|往上|打底|开外|起步(?!阶段|期)|起(?![步来码点家诉草]))"),
    ),
    ("at_least", re.compile(r"\+")),
    ("at_most", re.compile(r"(?:左右)?的?(?:及?以下|以内|之内|封顶|内(?=还|归|偿))")),
    (
        "under",
        re.compile(
            r"(?:都|还|也)?(?:不到|没到|没有到|不足|没满)(?=一?点|$|[,，。;、!? 的吧])|都没有|不到一?点|"
            r"(?:还|就|只)?(?:差|欠|少)(?:那么)?(?:一?(?:丢)?丢|一?(?:点|丁|些|滴)点?|一?咪咪|一截)儿?(?!不)|"
            r"(?:都|还)?(?:打不倒|打不到|做不到|达不到|上不了|没做到|没达到)"
        ),
    ),
    ("at_least", re.compile(r"(?:都|也|还)?(?:不止|打不住|挡不住|只多不少)")),
    ("over", re.compile(r"(?:多(?![少久大种家])(?:一?点)?|有余|还多|有多|好几)(?![少久])")),
)
_SOFT_AFTER = re.compile(r"(?:左右|上下|出头|来|的?样子|差不多|大概)")


def hedge_before(text: str, start: int) -> tuple[Hedge, int]:
    """The limit said just before ``start`` and where its words begin."""
    window = text[max(0, start - 12) : start]
    for hedge, pattern in _BEFORE:
        match = pattern.search(window)
        if match:
            return hedge, start - len(window) + match.start()
    if start and text[start - 1] == "上" and text[start : start + 1] in ("百", "千", "万", "亿"):
        return "at_least", start - 1
    if start and text[start - 1] == "过" and text[start : start + 1] in ("百", "千", "万", "亿"):
        return "over", start - 1
    return "", start


def hedge_after(text: str, end: int) -> tuple[Hedge, int]:
    """The limit said just behind ``end`` and where its words end; softeners are skipped."""
    soft = _SOFT_AFTER.match(text, end)
    for hedge, pattern in _AFTER:
        match = pattern.match(text, end) or (pattern.match(text, soft.end()) if soft else None)
        if match:
            return hedge, match.end()
    return "", soft.end() if soft else end
