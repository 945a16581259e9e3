"""Grades that an office gave the firm: for paying taxes and for knowledge value."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment

_LETTER = re.compile(
    r"(?<![a-z+&.])([a-em])(?![a-z&+]|\d*轮|\s?(?:轮|股|座|区|栋|幢|类人|端|站|口|型))\s*(?:级|档|等|类)?"
)
_TAX = re.compile(
    r"纳税(?!额|大户)|税务(?!局|师|登记)|税收信用|报税|税(?:评|信|级|收|也|[a-dm]级|是|那边|那个|这边)|"
    r"(?<![a-z])tax(?![a-z])"
)
_KNOWLEDGE = re.compile(
    r"知识?价值?(?:贷|信用|评|等|档|那|是|方面|为|$|[:\"“”/a-e])|知识价值|"
    r"(?<![a-z])knowledge(?:[ -]?value)?|授信(?:等级|评级)"
)
_OWN_GRADE = re.compile(
    r"(?:信用|价值|(?:我们?|我司|咱们?|公司|本企业|企业)的?)(?:等级|评级|评价|级别)|信用(?=[a-e]级)"
)
_PAST = re.compile(
    r"(?:从|由|原来|原先|原是|以前|之前|过去|去年|前年|上年|早先|当初|曾经|最早|以为|本来|想着|差点|"
    r"不是|没到|没评上|够不上)[^,，。a-e]{0,8}$|(?:20)?\d\d年(?:度|是|为|评的?|还是|:)*$"
)
_LONG_AGO = re.compile(r"(?:前年|以前|原来|原先|早先|当初)[^,，。a-e]{0,5}$")
_NEXT = re.compile(
    r"^(?:级|档|等|类)?(?:以为|→|->|-|转|变|调|升|降|掉|跌|恢复|改|到|成|为|至|[,，、]|了|修复|今年|"
    r"现在|后|以|来|修|复)*$"
)
_WANTED = re.compile(
    r"(?:想|要|争取|努力|希望|冲|怎么|咋个?|如何|明年|准备|能不能|能)[^,，。]{0,4}(?:升|提|评|拿|到|冲|"
    r"变|恢复)[^,，。a-e]{0,3}$"
)
_RULE = re.compile(
    r"需要|要求|必须|才能|才行|至少|以上(?:才|吗|的|就)|要(?:达到|是)|哪些|分为|五级|分几|都要|得要|"
    r"得是|a到e|abcde|是不是|对应|怎么评|如何评|区别|不同|分别|的(?:企业|公司)(?!是我)|"
    r"是啥|什么意思|啥意思|(?:能不能|怎么|"
    r"咋)[升提]|(?:有|是)(?:啥|什么|哪|怎|咋)"
)
_FIRM = re.compile(r"我|公司(?!能|可)|咱|本企业|评了|评的是|tax(?= rating| grade| credit)")
_BOTH = re.compile(r"均|都|皆|全部?是|同为|一样")
_BARE = re.compile(
    r"^(?:我们?|公司|信用|等级|评级|评的?|是|目前|现在|的|了|只有|才)*([a-e])(?:级|档|等)(?:的|了|企业)*$"
)
_LOAN = re.compile(r"知识?价(?:值)?(?:信用)?贷|知价贷")


class _Grade(NamedTuple):
    """A letter, where it stands in the text, and what it grades."""

    letter: str
    start: int
    end: int
    fact: str


def find_grades(a: Analysis) -> list[Finding]:
    """The grade for taxes (A–D, M) and the one for knowledge value (A–E), where the firm says its own.
    Of several the present one counts: the last that is not called a former or a hoped-for one."""
    out: list[Finding] = []
    topic: str | None = a.asked if a.asked in ("tax_grade", "knowledge_value_grade") else None
    found: list[_Grade] = []
    sentence = -1
    for segment in a.segments:
        if segment.sentence != sentence:
            sentence = segment.sentence
            topic = a.asked if a.asked in ("tax_grade", "knowledge_value_grade") else None
        named = _topics(segment.text)
        if named:
            topic = named[-1][1]
        if segment.others or (_RULE.search(segment.text) and not _FIRM.search(segment.text)):
            continue
        found += _letters(segment, topic, named, a)
    for fact in ("tax_grade", "knowledge_value_grade"):
        own = [g for g in found if g.fact == fact]
        present = [g for g in own if not _passed(g, a)]
        if not present:
            present = [g for g in own if "去年" in a.text[max(0, g.start - 8) : g.start]]
        if present:
            last = present[-1] if len(present) < len(own) or _changes(present, a) else present[0]
            out.append(Finding(fact, last.letter.upper(), last.start, last.end))
    return out


def _topics(text: str) -> list[tuple[int, str]]:
    """Where either grade is named."""
    tax = [(m.end(), "tax_grade") for m in _TAX.finditer(text)]
    value = [(m.end(), "knowledge_value_grade") for m in _KNOWLEDGE.finditer(text)]
    if not tax:
        value += [(m.end(), "knowledge_value_grade") for m in _OWN_GRADE.finditer(text)]
    return sorted(tax + value)


def _letters(segment: Segment, topic: str | None, named: list[tuple[int, str]], a: Analysis) -> list[_Grade]:
    out: list[_Grade] = []
    text = segment.text
    for match in _LETTER.finditer(text):
        before = [fact for end, fact in named if end <= match.start() + 1]
        behind = re.match(r"(?:的)?(?:纳税|税务)", text[match.end() :])
        fact = "tax_grade" if behind else before[-1] if before else None
        if fact is None and not named:
            fact = topic if _continues(segment, match, topic, a) else None
        if fact is None and not named and _BARE.match(text) and (_LOAN.search(a.text) or _FIRM.search(text)):
            fact = "knowledge_value_grade"
        if fact is None or _far(text, match.start(), named):
            continue
        if match[1] == "m" and fact != "tax_grade":
            continue
        start = segment.start + match.start()
        facts = {fact}
        if _BOTH.search(text[: match.start()]) and len({f for _, f in named}) == 2:
            facts = {f for _, f in named}
        out += [_Grade(match[1], start, start + 1, f) for f in sorted(facts)]
    return out


def _far(text: str, at: int, named: list[tuple[int, str]]) -> bool:
    """Whether too much lies between the name of the grade and the letter."""
    ends = [end for end, _ in named if end <= at + 1]
    return (
        bool(ends)
        and at - ends[-1] > 14
        and not re.search(r"[a-em](?:级|档)?[^a-em]{0,8}$", text[ends[-1] : at])
    )


def _continues(segment: Segment, match: re.Match[str], topic: str | None, a: Analysis) -> bool:
    """Whether a letter in a stretch without the name goes on about the grade named before, or asked about."""
    if topic is None or segment.question:
        return False
    if a.asked == topic and len(a.text) <= 40:
        return True
    rest = segment.text[: match.start()] + segment.text[match.end() :]
    return (
        re.fullmatch(
            r"(?:我们?|公司|我司|20\d\d年?|年|度|现行|现在|目前|今年|去年|前年|最新|平台|系统|显示|"
            r"评的?|是|为|出来|结果|只有|恢复|修复|升|降|变|转|调|掉|跌|到|成|了|的|"
            r"[级档等\"“”: ])*",
            rest,
        )
        is not None
    )


def _passed(grade: _Grade, a: Analysis) -> bool:
    """Whether the grade is a former or a hoped-for one (由D调整为C, 去年是C, 以为能评A的)."""
    before = a.text[max(0, grade.start - 14) : grade.start]
    if _WANTED.search(before) and not re.search(r"(?:升|提|评|恢复|变)(?:到|成|为|回)了$", before):
        return True
    other = _LETTER.search(a.text, grade.end)
    near = other is not None and other.start() - grade.end < 20
    if _LONG_AGO.search(before) or re.search(r"(?:从|由)[^,，。a-em]{0,3}$", before):
        return True
    return near and _PAST.search(before) is not None


def _changes(grades: list[_Grade], a: Analysis) -> bool:
    """Whether one grade became the next (M转B, B掉到C了)."""
    between = a.text[grades[-2].end : grades[-1].start] if len(grades) > 1 else ""
    return (
        bool(between)
        and _NEXT.match(between) is not None
        and re.search(r"[^级档等类,，、]", between) is not None
    )
