"""Grades that an office gave the firm: for paying taxes and for knowledge value."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

_KV_GRADE = re.compile(
    r"知识?价(?:值)?(?:信用)?(?:贷款?|评价|评级|等级|"
    r"信用)*[^,，。?吗怎几多]{0,10}?(?<![a-z])([a-e])(?![a-z+\d])\s*(?:级|档|等|类)?|(?:信用|"
    r"授信|价值)(?:等级|评级|评价)[^,，。?税怎几]{0,6}?(?<![a-z])([a-e])(?![a-z+\d轮])(?:级|档|"
    r"等)?|(?:我们?|公司|咱)[^,，。?税]{0,4}(?:评了|评的是|评到了?|评为|拿了|定为|是)个?([a-e])(?:级|档|等)"
)
_TAX_GRADE = re.compile(
    r"(?:纳税|税务|税收|报税|税)(?:信用|人|的)?(?:等级|评级|信用|评价|级别|评的?|"
    r"那边)*[^,，。?怎几]{0,6}?(?<![a-z])([abcdm])(?![a-z+\d轮])\s*(?:级|类|等|档)?|"
    r"(?<![a-z])([abcdm])级(?:的)?(?:纳税|税务)"
)
_MOVED = re.compile(r"(?:恢复|升|降|变|调|评)(?:到|成|为|回)了?([a-em])(?![a-z轮])")
_GRADE_RULE = re.compile(
    r"需要|要求|必须|才能|才行|至少|以上(?:才|吗)|要(?:达到|是)|哪些|分为|五级|分几|都要|得要|"
    r"得是|a到e|abcde|是不是|对应|怎么评|如何评|区别|不同"
)


def find_grades(a: Analysis) -> list[Finding]:
    """The grade for taxes (A–D, M) and the one for knowledge value (A–E), where the firm says its own."""
    out: list[Finding] = []
    for segment in a.segments:
        if not segment.others:
            _grades(segment, out)
    return out


def _grades(segment: Segment, out: list[Finding]) -> None:
    text = segment.text
    if re.search(r"是啥|什么意思|啥意思|(?:能不能|怎么|咋)[升提]", text) and not re.search(
        r"我|公司|咱", text
    ):
        return
    if _GRADE_RULE.search(text) and not re.search(r"我们?|公司|评了|评的是", text):
        return
    tax = _TAX_GRADE.search(text)
    if (
        tax
        and re.match(r"[^,，]{0,4}(?:有|是)?(?:啥|什么|哪|怎|咋)", text[tax.end() :])
        and not re.search(r"我|公司|咱", text)
    ):
        return
    if tax and (moved := _MOVED.search(text, tax.start())):
        start = segment.start + moved.start(1)
        out.append(Finding("tax_grade", moved[1].upper(), start, start + 1))
        return
    if tax:
        out.append(
            Finding(
                "tax_grade",
                (tax[1] or tax[2]).upper(),
                segment.start + tax.start(),
                segment.start + tax.end(),
            )
        )
        return
    known = next((f for f in out if f.fact in ("tax_grade", "knowledge_value_grade")), None)
    moved = _MOVED.search(text) if known else None
    if known and moved:
        start = segment.start + moved.start(1)
        out.append(Finding(known.fact, moved[1].upper(), start, start + 1))
        return
    match = _KV_GRADE.search(text)
    if match:
        out.append(
            Finding(
                "knowledge_value_grade",
                (match[1] or match[2] or match[3]).upper(),
                segment.start + match.start(),
                segment.start + match.end(),
            )
        )
