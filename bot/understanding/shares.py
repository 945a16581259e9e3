"""What a percentage is a share of, and whether growth is growth of revenue."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment
from bot.understanding.terms import Term


def people_context(a: Analysis, segment: Segment, place: int, found: list[Finding]) -> bool:
    before = a.sentence_before(segment, place)
    if re.search(r"投入|费|营收|收入", a.text[segment.start : place]):
        return False
    if re.search(r"人员|员工|职工|团队|人里|人中|个人|号人|人手|\d人|[一二三四五六七八九十百]人", before):
        return True
    return bool(found and found[-1].fact in ("employees", "rd_employees")) or a.asked in (
        "employees",
        "rd_employees",
    )


def percent_fact(term: Term, q: Quantity, segment: Segment, a: Analysis, found: list[Finding]) -> str:
    """Which share a percentage is, next to 营收, 员工 or 研发."""
    between = a.text[q.end : term.start] if term.start >= q.end else a.text[term.end : q.start]
    before = a.sentence_before(segment, q.start)
    if term.key == "rd":
        if re.search(r"投|用于|花|拿|砸", between):
            return "rd_ratio_pct"
        if re.search(r"是|搞|做|为", between) and term.start >= q.end:
            return "rd_staff_pct"
        return (
            "rd_staff_pct"
            if people_context(a, segment, q.start, found) and "营收" not in before[-12:]
            else "rd_ratio_pct"
        )
    if term.key == "revenue":
        after = a.text[q.end : segment.end]
        if re.search(r"研发|r&d", after) and re.search(
            r"的|拿|投|用|花|砸|都", a.left_of(q, segment) + after
        ):
            return "rd_ratio_pct"
        if re.search(r"占", between + a.text[max(0, term.start - 4) : term.start]):
            subject = re.findall(r"研发人员|高新技术?产品|高新收入|研发|r&d", before)
            if subject:
                return {"研发": "rd_ratio_pct", "r&d": "rd_ratio_pct", "研发人员": "rd_staff_pct"}.get(
                    subject[-1], "high_tech_revenue_pct"
                )
            if a.asked in ("rd_expense_wan", "rd_ratio_pct"):
                return "rd_ratio_pct"
        return ""
    if re.search(r"占", a.text[max(0, term.start - 6) : q.start]) and re.search(
        r"研发|技术人员|工程师|科研", before
    ):
        return "rd_staff_pct"
    return "rd_staff_pct" if re.search(r"^.{0,4}(?:研发|技术|工程师)", a.text[q.end : segment.end]) else ""


def growth_subject(term: Term, a: Analysis, segment: Segment, anchors: list[Term]) -> bool:
    """Whether a growth word speaks of revenue."""
    earlier = [t for t in anchors if t.end <= term.start and t.start >= segment.start and t.key != "growth"]
    if earlier:
        return earlier[-1].key == "revenue"
    before = a.segment_before(segment)
    if before is not None and before.sentence == segment.sentence:
        previous = [t for t in anchors if before.start <= t.start < before.end]
        if previous and previous[-1].key not in (
            *("revenue", "growth", "rd", "people", "debt_ratio", "high_tech", "rd_share"),
        ):
            return False
    return not re.search(
        r"用户|订单|客户|人数|员工|研发|利润|成本|房价|利率", a.text[segment.start : term.start]
    )


_WHOLE = re.compile(
    r"(?:我们?|咱们?|公司|基本上?|几乎|差不多|应该|可以说|目前|现在|收入|营收|人|员工|团队)*"
    r"(?:全部?(?:都|的)?|全都|百分百|清一色|所有的?人?|个个|人人|都|(?:整个|全)(?:公司|厂|员)都?)(?:是|来自|靠|做|搞|在|从事|属于|$|[,，。的了吧嘛])"
)
_HIGH_TECH_ALL = re.compile(
    r"(?:(?:收入|营收|销售额?)(?:全部?|百分百|清一色)(?:都)?|(?:全部|所有)(?:的)?(?:收入|营收|销售额?)(?:都|全)?)"
    r"(?:是|来自于?|靠)(?:的)?(?:高新|高技术)"
)


def whole_share(text: str, fact: str) -> bool:
    """Whether an answer says that all of it is: 「全部都是」, 「全是搞研发的」."""
    return fact in ("rd_staff_pct", "high_tech_revenue_pct") and bool(_WHOLE.match(text)) and "不" not in text


def high_tech_throughout(segment: Segment) -> int | None:
    """Where a segment says that all revenue comes from high-tech products, if it does."""
    match = None if segment.question or segment.what_if else _HIGH_TECH_ALL.search(segment.text)
    return segment.start + match.start() if match else None
