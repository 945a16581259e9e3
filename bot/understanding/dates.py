"""Years and ages: 2020年, 二零一九, 19年注册, 去年底, 三年前. ``today`` is always given from outside."""

from __future__ import annotations

import datetime
import re

import msgspec

_CN = "零一二三四五六七八九"
_CN_DIGIT = {c: str(i) for i, c in enumerate(_CN)} | {"〇": "0"}
_FOUR = re.compile(
    r"(?<![\d.])(?P<a>(?:19[5-9]|20[0-4])\d)(?P<sure>年(?!会)|[-./](?:1[0-2]|"
    r"0?[1-9])(?!\d)(?:[-./][0-3]?\d(?!\d))?月?|(?![\d%]|\.\d|[万亿元个项人家台多分]))"
    r"|(?P<c>(?:一九[五六七八九]|"
    r"二[零〇][零〇一二三四])[零〇一二三四五六七八九])(?P<csure>年)?"
)
_TWO = re.compile(
    r"(?<![\d.零〇一二三四五六七八九十百千])(?P<two>[0-29]\d|九[零〇一二三四五六七八九]|八[零〇一二三四五六七]|"
    r"[零〇一二][零〇一二三四五六七八九])年(?=[初底末]|[上下]半年|1?\d月|[^半多来]|$)"
)
_SAID = re.compile(
    r"(?P<word>大前年|前年|去年|上年|今年|本年)(?:的?(?:年?[初底末]|上半年|下半年|"
    r"1?\d月份?(?:\d+[日号])?|[一二三四五六七八九十]{1,2}月份?|春天|夏天|秋天|冬天|"
    r"[春夏秋冬]))?"
)
_TAIL = re.compile(
    r"的?(?:年?[初底末]|[上下]半年|(?:1[0-2]|[1-9])月份?(?:\d{1,2}[日号]?)?|"
    r"[一二三四五六七八九十]{1,2}月份?)"
)
_BACK = {"大前年": 3, "前年": 2, "去年": 1, "上年": 1, "今年": 0, "本年": 0}


class YearMention(msgspec.Struct, frozen=True):
    """A calendar year in normal text;
    ``sure`` is False where it might be a plain number (2020) or a span (20年)."""

    year: int
    start: int
    end: int
    sure: bool
    said: bool = False  # 去年, 今年


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
        raw = "".join(_CN_DIGIT.get(c, c) for c in match["two"])
        year = 2000 + int(raw) if int(raw) <= today.year % 100 else 1900 + int(raw)
        tail = _TAIL.match(text, match.end())
        found.append(YearMention(year, match.start(), tail.end() if tail else match.end(), False))
    for match in _SAID.finditer(text):
        year = today.year - _BACK[match["word"]]
        found.append(YearMention(year, match.start(), match.end(), True, said=True))
    return sorted(found, key=lambda y: y.start)
