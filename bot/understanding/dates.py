"""Calendar years: 2020年, 二零一九, 09年, 19年注册, 去年底. ``today`` is always given from outside."""

from __future__ import annotations

import datetime
import re

import msgspec

_CN = "零一二三四五六七八九"
_CN_DIGIT = {c: str(i) for i, c in enumerate(_CN)} | {"〇": "0"}

FOUNDING = (
    r"(?:成立|注册(?!资本|资金|地|用户|商标)|注的册|(?<!入库)登记(?!入库|编号|在册|表)|创立|创办|创建|创的|创业|"
    r"创始|始创|始建|兴建|筹建|设立|组建|搭建团队|建厂|建成|建的|建立的|建(?=$|[,，了起])|立的|盖的厂|盖起|挂牌成立|落户|落地|"
    r"开业|开张|开办|开厂|开店|开公司|开的|开起来?|开了(?:这|个|公司|厂)|开工厂|办厂|办公司|办的|[办做搞干弄]起来?|起家|起步(?!价)|"
    r"起的[手家步]|起手|开始(?:做|干|搞|办|经营|营业|创业|起步|运营)|办了(?:这|个|公司|厂)|"
    r"单干|下海|自立门户|白手起家|出来(?:自己)?(?:做|干|搞|开|创)|搞的(?!贷|高企)|"
    r"founded|established|incorporated|registered|started|set ?up)"
)
"""Words for the beginning of a firm, wherever they stand to the year."""
LICENCE = r"(?:(?:营业)?执照|工商(?:登记|执照)?|营业照)"

_FOUR = re.compile(
    r"(?<!\d)(?<!\d\.)(?P<a>(?:19[5-9]|20[0-4])\d)(?P<sure>年(?!会)|[-./](?:1[0-2]|"
    r"0?[1-9])(?!\d)(?:[-./][0-3]?\d(?!\d))?月?|(?![\d%]|\.\d|[万亿元个项人家台多分]))"
    r"|(?P<c>(?:一九[五六七八九]|"
    r"二[零〇][零〇一二三四])[零〇一二三四五六七八九])(?P<csure>年)?"
)
_NOT_AFTER_DIGITS = r"(?<![\d.零〇一二三四五六七八九十百千])"
_TWO = re.compile(
    _NOT_AFTER_DIGITS
    # 09, 零九, 98, 九八, 一五: written digit by digit, as nobody writes a span of time.
    + r"(?:(?P<plain>0\d|[89]\d|[零〇][零〇一二三四五六七八九]|"
    r"九[零〇一二三四五六七八九]|八[零〇一二三四五六七八]|"
    r"一[零〇一三四五六七八九]|二[零〇一二四五六七])|"
    # 12, 二三: either.
    r"(?P<open>[12]\d|一二|二三|八九))年(?![代化产]|历史|老)"
)
_DATED = re.compile(
    r"(?:的?(?:时候|那年|那会儿?|那阵|年?[初底末]|[上下]半年)|(?:元|(?<!个)(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]))月)*"
    r"(?:就|才|刚刚?|又|正式|新|重新|再次|首次|第一次|我们|公司|厂子?|自己|一起|由[^,，]{1,6}?|在[^,，]{2,8}?|"
    r"从[^,，]{2,8}?(?=出来|搬|迁))*(?:"
    + FOUNDING
    + r"|认定|评|拿[到了的]|获|取得|通过|复审|复核|入[库选了的]|进[库去了的]|申[请报]|批的|下的|发的|搬|迁|"
    r"改制|股改|更名|"
    r"投产|(?:买|租|融|借|贷|做|搞|弄|上|签|装|换)的|起(?!码|步价|点)|开始|毕业|出来|(?:一直)?(?:做|干|开|办|搞)?(?:到|至)(?:现在|"
    r"今|如今|目前)|以来|有的?(?:营业)?执照|(?:的|上)?执照|的(?:公司|企业|厂))"
)
_FOUNDED_THEN = re.compile(r"(?:正式|才|[^,，]{0,3}月)?" + FOUNDING)
_MONTH = re.compile(r"年?[初底末]|[上下]半年|元月|(?:1[0-2]|0?[1-9])月|(?:十[一二]?|[一二三四五六七八九])月")
_SPAN_BEFORE = re.compile(
    r"(?:了|有|满|成立|创[立办建]|注册|开办|经|整|快|近|限|龄|超过|不到|第|再|还要|最长|最多|贷|借|期)(?:个|大概|差不多|为)*$"
)
_DATE_BEFORE = re.compile(
    r"(?:于|自|打?从|时间|日期|年份|是在|(?<!超)(?<!不)(?:日期|时间|年份)是)(?::|是|为)*$"
)
_DUE = re.compile(r"(?:就|才)?(?:到期|过期|失效)")
_SAID = re.compile(
    r"(?P<word>大前年|前年|去年|上年|今年|本年)(?:的?(?:年?[初底末]|上半年|下半年|"
    r"1?\d月份?(?:\d+[日号])?|[一二三四五六七八九十]{1,2}月份?|春天|夏天|秋天|冬天|"
    r"[春夏秋冬]))?"
)
_TAIL = re.compile(
    r"的?(?:年?[初底末]|[上下]半年|元月份?|(?:1[0-2]|[1-9])月份?(?:\d{1,2}[日号]?)?|"
    r"[一二三四五六七八九十]{1,2}月份?)"
)
_BACK = {"大前年": 3, "前年": 2, "去年": 1, "上年": 1, "今年": 0, "本年": 0}
_SHORT = 12
"""A message of so few characters may answer the question about the year with 「18年」."""


class YearMention(msgspec.Struct, frozen=True):
    """A calendar year in normal text;
    ``sure`` is False where it might be a plain number (2020) or a span (20年)."""

    year: int
    start: int
    end: int
    sure: bool
    said: bool = False  # 去年, 今年


def _two_digits(text: str, match: re.Match[str], today: datetime.date) -> bool | None:
    """Whether two digits before 年 are a year; False where they may be one, None where they are a span."""
    if match["plain"]:
        return True
    before, after = text[max(0, match.start() - 8) : match.start()], text[match.end() : match.end() + 24]
    if _SPAN_BEFORE.search(before) and not _DATE_BEFORE.search(before) and not _FOUNDED_THEN.match(after):
        return None
    number = int("".join(_CN_DIGIT.get(c, c) for c in match["open"]))
    if number > today.year % 100:
        return True if number < 60 and _DUE.match(after) else None
    if _DATED.match(after) or _MONTH.match(after) or _DATE_BEFORE.search(before):
        return True
    if number >= 16 and _DUE.match(after):
        return True  # no loan runs for so long
    answers = len(text) <= _SHORT or (match.start() < 4 and re.match(r"的?[,，。 ]", after))
    return False if answers or re.search(r"(?:不对|错了)[,， ]*(?:是|应该是)?$", before) else None


def find_years(text: str, today: datetime.date) -> list[YearMention]:
    """All years named in ``text``, in order."""
    found: list[YearMention] = []
    for match in _FOUR.finditer(text):
        raw = match["a"] or "".join(_CN_DIGIT[c] for c in match["c"])
        sure = bool(match["sure"] or match["csure"])
        end = match.end()
        tail = _TAIL.match(text, end) if sure else None
        found.append(YearMention(int(raw), match.start(), tail.end() if tail else end, sure))
    for match in _TWO.finditer(text):
        is_year = _two_digits(text, match, today)
        if is_year is None:
            continue
        raw = "".join(_CN_DIGIT.get(c, c) for c in match["plain"] or match["open"])
        year = 1900 + int(raw) if int(raw) >= 60 else 2000 + int(raw)
        tail = _TAIL.match(text, match.end())
        found.append(YearMention(year, match.start(), tail.end() if tail else match.end(), is_year))
    for match in _SAID.finditer(text):
        year = today.year - _BACK[match["word"]]
        found.append(YearMention(year, match.start(), match.end(), True, said=True))
    return sorted(found, key=lambda y: y.start)
