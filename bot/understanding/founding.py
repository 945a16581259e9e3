"""The year in which the firm was founded, out of all the years that a message names."""

from __future__ import annotations

import re

from bot.understanding.analysis import Analysis, Finding
from bot.understanding.dates import FOUNDING, LICENCE, YearMention
from bot.understanding.segments import Segment

_CORRECTED, _REGISTERED, _STARTED, _ALONE = 4, 3, 2, 1
"""How strongly a year is tied to the founding; of several years the strongest counts."""

_WAY = (
    r"(?:的时候|左右|前后|那场[^,，]{1,4}后?|才|就|刚刚?|开始|在[^,，]{2,8}?|由\w{2,6}|从[^,，]{2,8}?|跟[^,，]{1,6}?|和[^,，]{1,6}?|我们?|咱们?|公司|厂子?|这个|正式|新|自己|一起|"
    r"那会儿?|那阵|[^,，年]{0,4}那年|的|,|，|工商|拿(?:到)?的?|有的?|办(?:下来|到)?的?|领(?:到)?的?|已经?|合伙|我?(?:爸|妈|父亲|父母|爷爷|爹|老汉|老爷子|哥|们?几个)|几个人|两口子|两兄弟|把[^,，]{1,4}?|就已经?)*"
)
_THEN = re.compile(
    "^"
    + _WAY
    + "(?P<verb>"
    + FOUNDING
    + "|"
    + LICENCE
    + r")|^(?:拿|领|办)?(?:到|下来)?的?照$|^(?:就|开始)?(?:做|干|开|办)起"
)
_UNTIL_NOW = re.compile(
    r"^(?:开始|起|就|一直)*(?:做|干|开|办|搞|熬|撑|走|打拼|摸爬滚打)*(?:到|至)(?:现在|今天?|如今|目前)(?:了|都|一直|还在|在做|在干|[^\w]|$)|^(?:就|开始|起就|起)?一?直?在[^,，]{0,8}(?:经营|生产|做|干|开|办)了?$|^(?:就|开始)?在(?:做|干|搞|开)了?$|"
    r"^(?:开始|起|就有了?|就有的|就在了|就存在了?)$"
)
_STARTS_WORK = re.compile(r"开始|做起|搞起|干起|弄起|起步|创业|单干|下海|出来|started|落户")
_LINK = (
    r"(?:于|时间|日期|年份|年度|年月|登记|是在?|在|是|为|系|大概|差不多|应该|的|了|:|得早|得晚|比较早|比较晚|上写的?|写的?|上的?|上面的?|上的?|上面的?|"
    r"可能|好像|大约|,|，| |-|in|on|since|这家|公司|企业|头一年|第一年|那年)*$"
)
_AFTER_WORD = re.compile(
    "(?:"
    + FOUNDING
    + "|"
    + LICENCE
    + r"|(?<![a-z])est\.?|(?<![a-z])since)"
    + r"(?:(?:在|于|到)?[^,，\d]{0,8}(?:区|县|镇|园|城|谷|市)(?:的?(?:小|老|新)?(?:公司|企业|厂))?[,，]?)?"
    + _LINK
)
_COMPANY = re.compile(r"(?:公司|企业|厂子?|我们|我司)(?:就|大概)?(?:是)?(?:大概)?$")
_OF_COMPANY = re.compile(r"的(?:老|小|新)?(?:公司|企业|厂子?|工厂|店|作坊)(?:$|[了吧嘛哈啊,，])")
_SOMETHING_ELSE = re.compile(
    r"^(?:才|就|的时候|我们|公司|又|,|的)*(?:改制|股改|变更|更名|改名|迁|搬|投产|量产|上市|挂牌|并购|收购|融|"
    r"认定|评|获|入[库选]|通过|复审|营收|收入|利润|盈利|亏|报表|到期|过期)"
)
_DENIED = re.compile(r"(?:并非|不是|而非|不算|像那种|那种|像|比如|例如|假如|规定|之前|以前)[^,，]{0,2}$")
_LONE_BEFORE = re.compile(
    r"(?:大概|大约|好像|应该|是|也就|从|打从|自|就是|其实|嗯|哦|老字号|老厂|我们|公司|不对)*$"
)
_LONE_AFTER = re.compile(r"(?:的|吧|左右|了|那会儿?|嘛|哈|[初底末])*$")
_DATED_THINGS = re.compile(
    r"认定|评上|评的|拿[到的证]|授权|融|贷|借|到期|复审|入库|通过|专利|证书|营收|收入|利润|销售|报表|审计|改制|搬|投产|买|合同"
)
_FIGURES_OF_A_YEAR = re.compile(r"营收|收入|利润|净利|亏|销售|产值|营业额|研发|增长|报表|开票|纳税")
_TITLES_REGISTER = re.compile(
    r"科小|平台|系统|库|软著|著作|专利|你们|这里|平台|小程序|网站|高企|专精特新|商标|产品|备案|中小企业"
)
_WH = re.compile(r"什么|哪|多少|(?<![零九八\d])几")


_NEAR = 40
"""Characters before and behind a year that are looked at."""


def _strength(year: YearMention, segment: Segment, a: Analysis, spoken_for: int) -> tuple[int, int]:
    """How strongly a year is the founding year (0: not at all), and where the word for it ends."""
    left = a.text[max(segment.start, spoken_for, year.start - _NEAR) : year.start]
    right = a.text[year.end : min(segment.end, year.end + _NEAR)]
    if _DENIED.search(left):
        return 0, 0
    index = a.segments.index(segment)
    following = a.segments[index + 1].text if index + 1 < len(a.segments) else ""
    if not right and re.match(FOUNDING + r"(?:的|了|$)", following):
        right = following  # 「2020年 注册的」
    then = _THEN.match(right)
    if then and not _TITLES_REGISTER.search(then.group()) and not _things_registered(then, year, a):
        work = bool(then["verb"] and _STARTS_WORK.search(then["verb"]))
        return (_STARTED if work else _REGISTERED), year.end + then.end()
    if _SOMETHING_ELSE.match(right):
        return 0, 0
    lone = not left and not year.said and _LONE_AFTER.fullmatch(right)
    before = a.text[max(spoken_for, segment.start - 16) : segment.start] if lone else ""
    if before[-1:] in tuple("。!?;\n"):
        before = ""
    word = None if _may_be_span(year, a) else _AFTER_WORD.search(left or before)
    if word and not _TITLES_REGISTER.search(word.group()) and not re.match(r"[后前]", right):
        return _REGISTERED, year.end
    if _UNTIL_NOW.match(right) or (_OF_COMPANY.match(right) and not year.said):
        return _STARTED, year.end
    if (
        not year.said
        and not _may_be_span(year, a)
        and year.end > year.start + 2
        and _COMPANY.search(left)
        and re.match(r"的?$|的[,，]", right)
    ):
        return _STARTED, year.end
    return _alone(year, segment, a, index), year.end


def _may_be_span(year: YearMention, a: Analysis) -> bool:
    """「注册12年」."""
    return not year.sure and year.end == year.start + 3 and a.text[year.end - 1] == "年"


def _things_registered(then: re.Match[str], year: YearMention, a: Analysis) -> bool:
    """「软著都是去年登记的」."""
    before = a.text[max(0, year.start - 10) : year.start]
    return then["verb"] in ("登记", "注册") and bool(
        re.search(r"软著|著作|商标|域名|专利|产品|科小|高企", before)
    )


def _alone(year: YearMention, segment: Segment, a: Analysis, index: int) -> int:
    """A year as a part of its own in the list of a firm's figures: 「19人,2018年,收入740万」."""
    inside = _LONE_BEFORE.fullmatch(a.text[segment.start : year.start]) and _LONE_AFTER.fullmatch(
        a.text[year.end : segment.end]
    )
    if not inside or year.said or a.asked not in (None, "established_year", "years_established"):
        return 0
    before = a.segments[index - 1] if index else None
    following = a.segments[index + 1] if index + 1 < len(a.segments) else None
    if before and re.search(r"不对|错了", before.text):
        return _CORRECTED if any(y.start < segment.start for y in a.years) else 0
    if not year.sure or not a.text[year.start : year.end].endswith("年"):
        return 0
    if before and (
        _DATED_THINGS.search(before.text)
        or any(t.group in ("flag", "product") and before.start <= t.start < before.end for t in a.terms)
    ):
        return 0
    recent = year.year >= a.today.year - 2
    if recent and (before is None or (following and _FIGURES_OF_A_YEAR.search(following.text))):
        return 0
    speaks = any(t.group in ("anchor", "flag", "zone") for t in a.terms) or bool(a.quantities)
    return _ALONE if speaks or re.search(r"公司|企业|厂", a.text) else 0


_PAST = re.compile(FOUNDING + r"的")
_PLANNED = re.compile(r"打算|准备|计划|预计|将|拟|要|争取|再|才|上市")


def _said_as_past(year: YearMention, a: Analysis) -> bool:
    """「我们2030年成立的」 cannot be: it is read all the same, for the talk asks again."""
    segment = a.segment_at(year.start)
    return bool(_PAST.match(a.text[year.end : segment.end])) and not _PLANNED.search(segment.text)


def find_founding(a: Analysis) -> list[Finding]:
    """``established_year``, at most once; marks the numbers inside the year as used."""
    best: tuple[int, YearMention] | None = None
    spoken_for = 0
    for year in a.years:
        segment = a.segment_at(year.start)
        if segment.others or segment.rule or (year.year > a.today.year and not _said_as_past(year, a)):
            continue
        if segment.question and not (
            re.search(r"我|公司|咱", segment.text)
            or segment.text.endswith(("能贷吗", "能申请吗", "行吗", "可以吗"))
            or not _WH.search(segment.text)
        ):
            continue
        strength, end = _strength(year, segment, a, spoken_for)
        if not strength:
            continue
        spoken_for = max(spoken_for, end)
        if best is None or strength > best[0]:
            best = strength, year
    if best is None:
        return []
    year = best[1]
    a.used.update(q.start for q in a.quantities if year.start <= q.start < year.end)
    return [Finding("established_year", year.year, year.start, year.end)]
