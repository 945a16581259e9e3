"""What a firm says it has none of: 没有软著, 没融过资, 不欠银行的钱, 还没营收, 去年打平.

One grammar for all: a lack before the thing (没有任何贷款), behind it (贷款一分没有), or a deed never done
(没贷过款). What somebody has none «else» of (没有其他贷款) yields to the number that is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.understanding.absence_words import ABSENCES, ANY, BACK, LACK, LACKS, OVER, PAID, REPLIES, SMALL
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import window
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_PATTERNS = tuple(
    (
        absence,
        re.compile(
            rf"{LACK}{ANY}(?:专门的?|专职的?)?{absence.thing}{OVER}|"
            rf"(?:{SMALL})?{absence.thing}{BACK}{LACKS}(?!有?(?:吗|\?))|{absence.whole}"
        ),
        re.compile(absence.unless),
    )
    for absence in ABSENCES
)
_LONGEST = 200
"""Characters of one stretch that are looked at."""
_ASKS = re.compile(
    r"有没有|有没得|有无|是不是|要不要|需不需要|是否|能不能没|多少|好多|哪(?!家|个|里都)|谁(?!都|也)|必须|"
    r"要求|门槛|限制"
    r"|(?:(?<![没所])有(?!限公司)|(?<!只)要|批|放|下来|了|过|(?<!直)到(?!现|目|今)|用|(?<!营)收(?!入)|给|拿|"
    r"办)[^,，没一]{0,8}(?:没有?|没得)\??$|"
    r"(?:没有?|没得|欠|过)(?:吗|么|\?)$|(?:的|能|可以)[^,，]{0,8}(?:吗|不|么)$"
)
_STATES = re.compile(r"我们?(?:公司)?(?:还|也|都|目前|现在)?(?:没|无)|我司(?:还|也)?(?:没|无)")
_WRONG = re.compile(r"(?:[说写填记搞弄]错|不对|是假的|才怪)")
_ONE_DEBT = re.compile(r"[那这]笔|其中|一部分|旧|还剩|还有|(?:原来|之前|以前|上次)的?(?!.*(?:都|全|早))")
"""One debt is paid, which does not say that none is left."""
_ELSE = re.compile(r"其[他它余]|别的|另外|剩下")
_CLASS = re.compile(
    r"的(?:企业|公司|项目|团队|初创|能|可|可以|是不是|也能|怎么|咋|情况下|话|那种|小微|人|要)"
)


def _stretches(a: Analysis) -> Iterator[tuple[Segment, int, str]]:
    """Segments with start and text; English words cut apart by blanks (「no bank loan」) are put together."""
    start = 0
    for number, segment in enumerate(a.segments):
        if not number or not _ENGLISH.fullmatch(a.text, a.segments[number - 1].end - 1, segment.start + 1):
            start = segment.start
        yield segment, start, a.text[start : min(segment.end, start + _LONGEST)]


_ENGLISH = re.compile(r"[a-z] [a-z0]|[a-z0] [a-z]")


def find_absences(a: Analysis) -> list[Finding]:
    """Zeros of loans, equity, revenue, profit and research; each fact at most once."""
    out: dict[str, Finding] = {}
    for segment, start, text in _stretches(a):
        if segment.others and not re.match(r"其[他它]|别的|客户欠", segment.text):
            continue
        for absence, pattern, unless in _PATTERNS:
            if absence.fact in out or _means_another(absence.fact, a, segment):
                continue
            match = pattern.search(text)
            if match is None or unless.search(text) or _asks(segment, text, match):
                continue
            if _ELSE.search(text[: match.end()]) and any(
                q.kind == "money" and q.start < start for q in a.quantities
            ):
                continue
            if re.search(PAID, match.group()) and _ONE_DEBT.search(a.sentence_text(segment)):
                continue
            out[absence.fact] = Finding(absence.fact, 0, start + match.start(), start + match.end())
    reply = REPLIES.get(a.asked or "")
    if reply is not None and a.asked is not None and a.asked not in out:
        match = reply.search(a.text)
        if match and not re.search(r"吗$|\?$|有没有|多少", a.text):
            out[a.asked] = Finding(a.asked, 0, *match.span())
    return list(out.values())


def _means_another(fact: str, a: Analysis, segment: Segment) -> bool:
    """「没得负债」 to the question about the debt ratio, 「没营收」 to the one about the stage."""
    if fact == "existing_loans_wan":
        return a.asked == "debt_ratio_pct" or "负债率" in segment.text
    if fact == "net_profit_wan":
        return a.asked == "revenue_growth_pct"
    if fact == "invention_patents":
        return re.search("发明|invention", a.sentence_text(segment)) is None
    return fact == "revenue_wan" and a.asked == "stage"


def _asks(segment: Segment, text: str, match: re.Match[str]) -> bool:
    behind = text[match.end() :]
    if _WRONG.search(behind[:6]) or _CLASS.match(behind) or segment.rule:
        return True
    return bool(_ASKS.search(text)) and not _STATES.search(text)


def settled(findings: Sequence[Finding], a: Analysis) -> list[Finding]:
    """The findings without zeros that a number contradicts (「就一百七,没别的贷款」), and without the number
    of a debt that is paid by now (「贷过两百,上个月结清了」) or of a lack (「一件PCT都没有」)."""
    dropped: set[int] = set()
    for absence in ABSENCES:
        own = [f for f in findings if f.fact == absence.fact]
        lacks = [z for z in own if not z.value]
        inside = {id(f) for f in own if f.value and any(z.start <= f.start < z.end for z in lacks)}
        dropped |= inside
        mine = [f for f in own if id(f) not in inside]
        numbers = [f for f in mine if f.value]
        zeros = [f for f in mine if not f.value]
        if not numbers or not zeros:
            continue
        paid = absence.fact == "existing_loans_wan" and any(
            re.search(f"{PAID}|现在|目前|不欠|无债|归零|清零", a.text[z.start : z.end])
            and z.start > numbers[-1].start
            for z in zeros
        )
        dropped |= {id(f) for f in (numbers if paid else zeros)}
    return [f for f in findings if id(f) not in dropped]


def counted(term: Term, a: Analysis) -> bool:
    """Whether a number stands right behind: 「没房产,发明专利 6 项」 does not deny the patents."""
    return any(
        q.high != 0 and 0 <= q.start - term.end <= 3 and not re.search("[,，、 ]", a.text[term.end : q.start])
        for q in a.quantities
    )


def none_of(term: Term, segment: Segment, a: Analysis) -> list[Finding]:
    """「没有软著」 is zero of them; 「没专利」 is none of either kind."""
    if term.key in ("existing_loans_wan", "equity_raised_wan"):
        return []
    left, _ = window(term, segment, a)
    if re.search(r"(?:有|了|过|批|到)没有?$", segment.text) and not re.search(r"还?没有?[^,，]{0,3}$", left):
        return []
    keys = ("invention_patents", "utility_patents") if term.key == "patents" else (term.key,)
    return [Finding(key, 0, term.start, term.end) for key in keys]
