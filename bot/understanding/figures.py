"""Figures of the firm: which number belongs to 营收, 研发, 员工, 发明 … and which belong to nothing."""

from __future__ import annotations

import re
from bisect import bisect_left

from bot.understanding.analysis import Analysis, Finding, has
from bot.understanding.anchoring import MEANING, PATENTS, pick
from bot.understanding.concern import FORECAST, asked_about, concerned
from bot.understanding.findings import finding
from bot.understanding.grants import pending
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment
from bot.understanding.shares import growth_subject, high_tech_throughout, people_context, percent_fact
from bot.understanding.terms import Term
from bot.understanding.unnamed import unnamed
from bot.understanding.vocabulary import GROWTH_DOWN

_MANY = 200
_NEAR = 12
"""Numbers of one segment, and anchors on either side of a number, that are considered."""
_OLD_YEAR = re.compile(r"大前年|前年|前几年|最早|一开始|刚开始|巅峰|最好的时候|疫情前|以前|原来|往年|当年")
_PART_YEAR = re.compile(
    r"(?:每|一个|上个|单|这个|平均|本)月|月(?:均|度|营收|收入|流水|销售|营业额)|季度|"
    r"[上下]半年|每天|一天|一季|日均|周末|这几个月|前\w个月"
)
_TARGET = r"(?:做到|提高到|提到|弄到|加到|补到|涨到|升到|过得了|过不过得了|上得了|到得了|能到|能上|能过)$"


def _not_last_year(fact: str, q: Quantity, segment: Segment, a: Analysis) -> bool:
    if fact not in ("revenue_wan", "net_profit_wan", "rd_expense_wan", "revenue_growth_pct"):
        return False
    text = a.text[segment.start : q.end]
    if has(FORECAST, text) or has(_PART_YEAR, text):
        return True
    if fact == "revenue_wan" and "其中" in text:
        return True
    if fact == "revenue_growth_pct":
        return False
    if has(_OLD_YEAR, text) and not re.search(r"去年|上年", text):
        return True
    if re.search(r"从$|从[^,，]{0,4}的?$", a.text[segment.start : q.start]) and re.search(
        r"到|至", a.text[q.end : q.end + 8]
    ):
        return True
    named = [y.year for y in a.years if segment.start <= y.start < q.start and y.sure]
    return bool(named and named[-1] < a.today.year - 1 and not re.search(r"以来|以后|之后|成立", text))


_LEVEL = re.compile(
    r"(?:营收|收入|业绩|销售额?|营业额)[^,，。不]{0,8}(?:持平|没涨没跌|没(?:有)?变化|没(?:有)?增长)"
)


_SHARED_OUT = re.compile(r"^(?:用来|用于|拿来|拿去|买|发|还|周转)")
"""「一半用来研发」 says how money is to be spent."""


def _shared_out(q: Quantity, segment: Segment, a: Analysis) -> bool:
    before = a.text[max(segment.start, q.start - 8) : q.start]
    return has(_SHARED_OUT, a.text[q.end : q.end + 3]) and not re.search(r"收入|营收|营业|销售", before)


def find_figures(a: Analysis) -> list[Finding]:
    """All figures with an anchor, and people without one. Marks every number that it settles as used."""
    found: list[Finding] = []
    every = [t for t in a.terms if t.group == "anchor"]
    starts = [t.start for t in every]
    taken: set[int] = set()
    for segment in a.segments:
        for q in a.quantities_in(segment)[:_MANY]:
            if q.start in a.used or q.kind in ("months", "other"):
                continue
            if q.kind == "percent" and _shared_out(q, segment, a):
                a.used.add(q.start)
                continue
            near = bisect_left(starts, q.start)
            anchors = every[max(0, near - _NEAR) : near + _NEAR]
            term = pick(q, segment, anchors, taken, a)
            if term is None:
                unnamed(q, segment, anchors, a, found)
                continue
            fact = "" if term.key == "ignore" else MEANING[(term.key, q.kind)]
            if (term.key, q.kind, q.raw) == ("growth", "bare", 0):
                fact = "revenue_growth_pct"
            if _joint(term, anchors, q, segment, a):
                taken.add(term.start)
                a.used.add(q.start)
                continue
            _settle(fact, term, q, segment, a, found, anchors, taken)
        throughout = high_tech_throughout(segment)
        if throughout is not None and concerned(segment, a):
            found.append(Finding("high_tech_revenue_pct", 100, throughout, segment.end))
        level = _LEVEL.search(segment.text)
        if level and concerned(segment, a) and not segment.question:
            start = segment.start + level.start()
            found.append(Finding("revenue_growth_pct", 0, start, segment.start + level.end()))
    return found


def _joint(term: Term, anchors: list[Term], q: Quantity, segment: Segment, a: Analysis) -> bool:
    """「发明和实用新型一共20件」: a total of two kinds says neither."""
    if term.key not in PATENTS or term.start >= q.end or "各" in a.text[term.end : q.start]:
        return False
    before = [t for t in anchors if t.key in PATENTS and t.end <= term.start and t.start >= segment.start]
    return bool(
        before
        and re.fullmatch(
            r"专利?(?:和|、|及|与|加|跟|以及)|[和、及与加跟]", a.text[before[-1].end : term.start]
        )
    )


def _settle(
    fact: str,
    term: Term,
    q: Quantity,
    segment: Segment,
    a: Analysis,
    found: list[Finding],
    anchors: list[Term],
    taken: set[int],
) -> None:
    if fact == "amount_wan":
        return  # wanted money is judged with its verbs, see funding
    if term.key in PATENTS and fact and pending(q, segment, a):
        a.used.add(q.start)
        return
    taken.add(term.start)
    a.used.add(q.start)
    if fact == "?":
        fact = (
            "rd_employees"
            if people_context(a, segment, q.start, found)
            else "rd_expense_wan"
            if q.raw >= 20
            else ""
        )
    elif fact == "%" or (term.key == "rd" and q.kind == "percent"):
        fact = percent_fact(term, q, segment, a, found)
    if fact == "revenue_growth_pct" and not growth_subject(term, a, segment, anchors):
        fact = ""
    if fact == "employees" and q.value() == 1 and not re.search(r"就|只有", a.left_of(q, segment)):
        return
    if segment.question and not segment.what_if and re.search(_TARGET, a.text[segment.start : q.start]):
        return
    if fact == "innovation_points" and re.search(r"想|弄到|提到|冲|争取", a.text[segment.start : q.start]):
        return
    if (
        not fact
        or not concerned(segment, a)
        or asked_about(q, segment, a)
        or _not_last_year(fact, q, segment, a)
    ):
        if fact in ("revenue_wan", "net_profit_wan", "rd_expense_wan"):
            taken.discard(term.start)
        return
    before = a.text[max(segment.start, q.start - 1) : q.start]
    ahead = a.segment_before(segment)
    said_negative = ahead is not None and bool(re.search(r"(?:负的?|为负|亏的?|倒亏)$", ahead.text))
    negative = term.key == "loss" or (
        fact in ("net_profit_wan", "revenue_growth_pct")
        and (
            before in ("-", "负")
            or "负" in a.text[term.end : q.start]
            or (said_negative and term.end <= segment.start)
        )
    )
    if fact == "revenue_growth_pct" and re.search(
        GROWTH_DOWN, a.text[term.start : q.start] + a.text[term.start : term.end]
    ):
        negative = True
    found.append(finding(fact, q, negative))
