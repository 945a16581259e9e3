"""A number as the answer to the fact that was asked: 八百, 五百个, 不到三成, 一个都没有, 全部都是."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.catalog.values import Bound
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.anchoring import counts_wan
from bot.understanding.findings import finding
from bot.understanding.lexicon import FactKind
from bot.understanding.quantities import Quantity, plain_number
from bot.understanding.shares import whole_share

_SHORT = 24
_PAD = (
    r"(?:我们?|咱们?|公司|企业|这个|那个|嗯|哦|啊|呃|额|哎|唉|目前|现在|暂时|的话|去年|上年|今年|外面|外头|"
    r"还|都|早就|应该|肯定|当然|其实|确实|真的|倒是|,|，|、| |。|!|~|-|…|\.)*"
)
_NONE = re.compile(
    f"^{_PAD}"
    r"(?:零|归零|无|暂无|木有|白户|没(?!问题|有问题|得问题|得数|有数|数|细|算|统计|注意|多少|好多|几|那么)|莫得|"
    r"从来?没|半[个件](?:都|也)?(?:没|莫)|(?:已经?|早就?)?(?:全部?|都)?(?:还完|结清|还清))"
)
_NOT_ONE = re.compile(
    r"(?<![一二三四五六七八九十\d])一(?:个|件|项|分钱?|笔|人|名|家|毛钱?)[^,，。;\d]{0,6}(?:没|莫|冇|拿不出)"
)
_LEVEL = re.compile(
    r"持平|没(?:有)?(?:怎么)?(?:增长|涨|变|变化|增加)|不增不减|不涨不跌|没涨没跌|原地踏步|跟(?:前年|往年)(?:一样|差不多)"
)
_EVEN = re.compile(r"保本|打平|持平|盈亏平衡|[不没]赚[不没][亏赔蚀]|[不没][亏赔蚀][不没]赚|收支相抵")
_TOTAL = re.compile(r"合计|总计|共计|一共|总共|拢共|加起来?|合起来|加一[起块]|加拢|总的")
_RATHER = re.compile(r"说错|记错|写错|打错|不对|应该是|应为|其实是|实际|准确|确切|更正|清单上|报表上|证上")
_NOW = re.compile(r"现在|目前|如今|今年|眼下|剩|余下|只有|重新|更新|最新|减到|降到|涨到|升到|变成")
_OF_A_YEAR = frozenset(
    ("revenue_wan", "net_profit_wan", "rd_expense_wan", "revenue_growth_pct", "amount_wan")
)
"""Facts of the last full year, for which a later figure of this year does not count, and what is wanted."""
_ASKS = re.compile(r"[?吗]|多少|好多|怎么|什么|啥|能不能|行不")
_NO_DEBT = re.compile(r"^(?:零|没有?|没得|莫得|无|0)(?:任何)?(?:负债|欠债|外债|债)")
_LOSS = re.compile(r"(?<![不没])亏|loss|赔|倒贴|负(?!债)|蚀本|-$")
_FALL = re.compile(r"降|跌|减|下滑|少了|萎缩|缩|负|掉了")
_PART_OF: dict[str, str] = {"rd_employees": "rd_staff_pct", "rd_expense_wan": "rd_ratio_pct"}
"""The share that answers a question about an amount: 「占三成」."""


def fits(kind: FactKind, q: Quantity, text: str = "") -> bool:
    """Whether a number of that kind can answer a fact of that type."""
    if kind.type == "money":
        return q.kind in ("money", "bare") or (q.kind == "items" and counts_wan(q, text))
    if kind.type == "percent":
        return q.kind in ("percent", "times") or (q.kind == "bare" and q.raw <= 1000)
    if kind.type == "count":
        return q.kind in ("items", "people", "bare") and q.raw <= 1e7
    if kind.type in ("months", "years"):
        return q.kind == "months" or (q.kind == "bare" and q.raw <= 400)
    if kind.type == "number":
        return q.kind in ("points", "bare", "items")
    return False


def scaled(fact: str, kind: FactKind, q: Quantity, text: str) -> Finding:
    """The number as the value of that fact: losses and falls below zero, durations in its own unit."""
    found = finding(fact, q, upper=fact == "amount_wan")
    said = text[: q.start]
    falling = {"revenue_growth_pct": _FALL, "net_profit_wan": _LOSS}.get(fact)
    negative = said.endswith(("-", "负")) or (falling is not None and falling.search(said))
    if kind.type in ("money", "percent") and negative and isinstance(found.value, (int, float)):
        found.value = -abs(found.value)
        if found.bound is not None:
            b = found.bound
            found.bound = Bound(
                None if b.high is None else -b.high,
                None if b.low is None else -b.low,
                b.high_open,
                b.low_open,
            )
    if kind.type == "years" and q.kind == "months" and isinstance(found.value, (int, float)):
        found.value = plain_number(round(found.value / 12, 2))
        if found.bound is not None:
            b = found.bound
            found.bound = Bound(
                None if b.low is None else plain_number(round(b.low / 12, 2)),
                None if b.high is None else plain_number(round(b.high / 12, 2)), b.low_open, b.high_open,
            )  # fmt: skip
    return found


def _nothing(a: Analysis, fact: str, kind: FactKind) -> re.Match[str] | None:
    """Where the answer says none at all: 没得, 一个都没有, 持平, 打平, 零负债."""
    if fact == "net_profit_wan":
        return _EVEN.search(a.text)
    if fact == "revenue_growth_pct":
        return _LEVEL.search(a.text) or _EVEN.search(a.text)
    if fact == "debt_ratio_pct":
        return _NO_DEBT.search(a.text)
    if kind.type not in ("money", "count") or fact == "amount_wan":
        return None
    return _NONE.match(a.text) or _NOT_ONE.search(a.text)


def _final(text: str, numbers: list[Quantity], fact: str) -> Quantity:
    """The number that the others lead up to: the total, what is left, what holds now; else the first."""
    final = numbers[0]
    for before, q in pairwise(numbers):
        between = text[before.end : q.start]
        later = fact not in _OF_A_YEAR and _NOW.search(between)
        if later or _TOTAL.search(between) or _RATHER.search(between):
            final = q
    return final


def answer_number(a: Analysis, fact: str, kind: FactKind) -> Finding | None:
    """The number that answers the asked fact, if one is still free; marks it as used."""
    short = len(a.text) <= _SHORT and not _ASKS.search(a.text)
    if short and kind.type in ("money", "count") and fact != "amount_wan" and _NOT_ONE.match(a.text):
        return Finding(fact, 0, 0, len(a.text))
    part = _PART_OF.get(fact)
    free = [
        q
        for q in a.quantities
        if q.start not in a.used
        and not a.segment_at(q.start).others
        and (fits(kind, q, a.text) or (part and q.kind == "percent"))
    ]
    if free:
        q = _final(a.text, free, fact)
        a.used.add(q.start)
        return finding(part, q) if part and q.kind == "percent" else scaled(fact, kind, q, a.text)
    if not short:
        return None
    if kind.type == "percent" and whole_share(a.text, fact):
        return Finding(fact, 100, 0, len(a.text))
    none = _nothing(a, fact, kind)
    return Finding(fact, 0, *none.span()) if none else None
