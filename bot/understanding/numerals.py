"""Chinese, Arabic, mixed and banker's numerals, with ranges inside one word (两三百,
十七八) and vague marks (来, 多)."""

from __future__ import annotations

import re

import msgspec

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")
}
_DIGITS |= {"两": 2}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(
    r"\d{1,3}(?: \d{3})+(?= ?(?:[元块万]|rmb))|\d{1,3}(?: \d{3}){2,}(?![\d.])|"
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d+(?:\.\d+)?"
)
_LETTER_UNIT = re.compile(r"(kw|k|w|e)(?![a-z\d])")
_GE_BIG = re.compile(r"个(?=[多把来]?(?:亿|万(?![一能用向科象])|[we](?![a-z])))")
_ENGLISH = re.compile(
    r" ?(?:(?P<m>m|mn|mln|mil|millions?)|(?P<bn>bn|billions?)|(?P<th>thousands?))"
    r"(?![a-z\d²³/]|的?[长宽高厚深带胶管跨]|内存|流量|缓存|网)"
)
_ENGLISH_BIG = {"m": 1_000_000, "bn": 1_000_000_000, "th": 1000}
_BARE_BEFORE = re.compile(r"(?:[上过破超近达足约]|不到|不足|接近|超过|大几|突破|达到|不满|将近)$")
_AFTER_SHORT = re.compile(r"[十百千万亿拾佰仟年月日天个项件人名位号家台套%倍成点周分岁期次本]|\.\d|\d")
_YUAN = re.compile(r"元|圆|块(?!地)")
_COUNTS = re.compile(r"[多来余]?[平亩台套个名人件号家款条辆]")
STARTS = frozenset(_DIGITS) | frozenset(_SMALL) | frozenset(_BIG) | frozenset("0123456789半几个俩仨好")


class Numeral(msgspec.Struct, frozen=True):
    """A number as written: ``low`` = ``high`` unless the word itself is a range (两三百)."""

    low: float
    high: float
    start: int
    end: int
    over: bool = False  # 三百多, 十几: strictly more than ``low``
    about: bool = False  # 三百来, 千把: roughly
    big: int = 1  # the last 万/亿, 1 where none was written
    lead: float = 0.0  # the leading digit, or 0 where several groups were written
    section: float = 0.0  # what stood before 万/亿
    arabic: bool = False
    vague: bool = False  # 几百, 好几: no value at all


class _Section(msgspec.Struct):
    low: float = 0.0
    high: float = 0.0
    end: int = 0
    over: bool = False
    about: bool = False
    lead: float = 0.0
    arabic: bool = False
    bare: bool = False  # began with 百/千 without a digit


def _digits(text: str, at: int) -> tuple[float, float, int, bool] | None:
    """(low, high, end, arabic) of the digits at ``at``: Arabic, one Chinese digit, 两三, 二零二零, 八点二."""
    match = _ARABIC.match(text, at)
    if match:
        value = float(match.group().replace(",", "").replace(" ", ""))
        return value, value, match.end(), True
    end = at
    while end < len(text) and text[end] in _DIGITS:
        end += 1
    run = text[at:end]
    if not run:
        return None
    values = [_DIGITS[c] for c in run]
    low = high = float("".join(map(str, values)))
    if len(values) == 2 and (values[1] == values[0] + 1 or values == [3, 5]) and values[0] > 0:
        low, high = float(values[0]), float(values[1])
    if end < len(text) and text[end] == "点" and end + 1 < len(text) and text[end + 1] in _DIGITS:
        tail = end + 1
        while tail < len(text) and text[tail] in _DIGITS:
            tail += 1
        fraction = "".join(str(_DIGITS[c]) for c in text[end + 1 : tail])
        return (value := float(f"{int(high)}.{fraction}")), value, tail, False
    return low, high, end, False


def _read_section(text: str, at: int) -> _Section | None:
    """The part before 万 or 亿: 三百二, 1千5百, 十七八, 百来, 千把."""
    out = _Section(end=at)
    unit = 10_000
    groups = 0
    size = len(text)
    while out.end < size:
        here = out.end
        zero = text[here] in "零〇" and groups > 0
        digits = _digits(text, here + 1 if zero else here)
        if digits is None:
            if groups or text[here] not in _SMALL:
                break
            digits = (1.0, 1.0, here, False)
            out.bare = text[here] not in "十拾"
        low, high, end, arabic = digits
        if groups and arabic and low != int(low):
            break
        following = text[end] if end < size else ""
        letter = _LETTER_UNIT.match(text, end) if arabic else None
        size_of_group = _SMALL.get(following, 1000 if letter and letter.group().startswith("k") else 0)
        if not size_of_group:
            if groups == 0:
                out.low, out.high, out.end, out.lead, out.arabic = low, high, end, low, arabic
            elif high < 10 and unit >= 10 and not (arabic and out.lead and not out.arabic):
                scale = 1 if zero or unit == 10 else unit // 10
                if scale > 1 and following and _AFTER_SHORT.match(text, end):
                    break  # 一千五项…: the last digit belongs to what follows
                out.low, out.high, out.end, out.lead = (
                    out.low + low * scale,
                    out.high + high * scale,
                    end,
                    0.0,
                )
            break
        if size_of_group >= unit and groups:
            break
        out.lead = low if groups == 0 else 0.0
        out.arabic = arabic or out.arabic
        out.low += low * size_of_group
        out.high += high * size_of_group
        unit, groups, out.end = size_of_group, groups + 1, end + 1
        if out.low != out.high:
            break
    if out.end == at:
        return None
    if groups and out.low == out.high and text[out.end - 1] != "点":
        _literary(text, out)
        _decimals(text, out)
    return out


_AND = re.compile(r"[有又]([一二三四五六七八九])(?=[项件名岁]|[^\u4e00-\u9fff\w]|$)")


def _literary(text: str, out: _Section) -> None:
    """二十有三: a digit added with 有, where nothing but a unit follows."""
    match = _AND.match(text, out.end)
    if match and text[out.end - 1] in "十拾":
        out.low = out.high = out.low + _DIGITS[match[1]]
        out.end, out.lead = match.end(), 0.0


def _decimals(text: str, out: _Section) -> None:
    """三十五点六: digits behind 点."""
    tail = out.end + 1
    if out.arabic or text[out.end : tail] != "点":
        return
    while tail < len(text) and text[tail] in _DIGITS:
        tail += 1
    if tail > out.end + 1:
        fraction = "".join(str(_DIGITS[c]) for c in text[out.end + 1 : tail])
        out.low = out.high = float(f"{int(out.low)}.{fraction}")
        out.end, out.lead = tail, 0.0


_SOME = re.compile(r"[大好]?几[十百千]?")
_SOME_TENTHS = re.compile(r"点几(?!分)")


def _marks(text: str, out: _Section) -> None:
    """来, 多, 余, 几, 把 behind a round number; 大几, 几百 (两千几百), 点几."""
    char = text[out.end : out.end + 1]
    round_number = text[out.end - 1] in _SMALL or (out.arabic and out.low >= 10 and out.low % 10 == 0)
    some = _SOME.match(text, out.end)
    if some and (round_number if "好" in some.group() else text[out.end - 1] in _SMALL):
        out.over, out.end = True, some.end()
    elif _SOME_TENTHS.match(text, out.end):
        out.over, out.end = True, out.end + 2
    elif char in ("多", "余") and text[out.end : out.end + 2] not in ("多少", "多久", "余额"):
        out.over, out.end = True, out.end + 1
    elif (
        char == "来" and round_number and text[out.end + 1 : out.end + 2] not in ("自", "源", "说", "看")
    ) or (char == "把" and (out.bare or (round_number and text[out.end + 1 : out.end + 2] in _BIG))):
        out.about, out.end = True, out.end + 1


def _vague(text: str, at: int) -> Numeral | None:
    """几百万, 好几十: a number that says no number."""
    match = re.compile(r"好?几[十百千]*[多来]?[万亿]*").match(text, at)
    return Numeral(0, 0, at, match.end(), vague=True) if match else None


def _half_or_some(text: str, at: int) -> Numeral | None:
    """半个亿, 个把亿, 俩, 仨."""
    if text[at] == "半" and at and text[at - 1] in "上下":
        return None  # 上半年 is no duration
    match = re.compile(
        r"半个?(?=亿|月|小时|点|百分点)|半(?=成|年|天)|个把(?=[亿月点年人成]|百分点|工作日)"
    ).match(text, at)
    if match is None:
        if text[at] in "俩仨":
            value = 2.0 if text[at] == "俩" else 3.0
            return Numeral(value, value, at, at + 1, lead=value, section=value)
        return None
    value = 0.5 if match.group().startswith("半") else 1.0
    end, big = match.end(), 1
    if text.startswith("亿", end):
        value, end, big = value * _BIG["亿"], end + 1, _BIG["亿"]
    return Numeral(value, value, at, end, about=match.group() == "个把", big=big, lead=value, section=value)


def _idiom(text: str, at: int) -> Numeral | None:
    """百八十 (80–100), 千八百, 百十来: roughly, in words of their own."""
    match = re.compile(r"(百八十|千八百|百十|千百)(来|把|多)?(万|亿)?").match(text, at)
    if match is None or ((at and text[at - 1] in _DIGITS) or (at and text[at - 1].isdigit())):
        return None
    low, high = {"百八十": (80, 100), "千八百": (800, 1000), "百十": (100, 110), "千百": (100, 1000)}[
        match[1]
    ]
    big = _BIG.get(match[3] or "", 1)
    return Numeral(low * big, high * big, at, match.end(), about=True, big=big, section=high)


def parse_numeral(text: str, at: int) -> Numeral | None:
    """The numeral that starts at ``at`` in normalised text, or None.
    Values are plain numbers (300万 is 3000000)."""
    first = text[at]
    if first in "几好":
        return _vague(text, at)
    if first in "半个俩仨":
        return _half_or_some(text, at)
    idiom = _idiom(text, at)
    if idiom:
        return idiom
    if first in _BIG:
        return _bare_big(text, at)
    section = _read_section(text, at)
    if section is None:
        return None
    _marks(text, section)
    if section.bare and not (section.about or section.over or _BARE_BEFORE.search(text[max(0, at - 2) : at])):
        return None
    return _with_big(text, at, section)


def _bare_big(text: str, at: int) -> Numeral | None:
    """亿, 万 without a digit: only where the words around make it a number (过亿, 万把块)."""
    end = at + 1
    about = over = False
    if text.startswith("把", end):
        about, end = True, end + 1
    elif not _BARE_BEFORE.search(text[max(0, at - 2) : at]):
        return None
    value = float(_BIG[text[at]])
    return Numeral(value, value, at, end, over=over, about=about, big=_BIG[text[at]], lead=1, section=1)


def _with_big(text: str, at: int, section: _Section) -> Numeral:
    low, high, end, big = section.low, section.high, section.end, 1
    over, about = section.over, section.about
    half = 0.0
    if text.startswith("个半", end) and text[end + 2 : end + 3] in ("亿", "月", "点"):
        half, end = 0.5, end + 2
    ge = _GE_BIG.match(text, end)
    look = ge.end() if ge else end
    if ge and text[look : look + 1] in ("多", "来", "把"):
        over, about, look = over or text[look] == "多", about or text[look] != "多", look + 1
    low, high = low + half, high + half
    letter = _LETTER_UNIT.match(text, look) if section.arabic or ge else None
    unit = _BIG.get(text[look : look + 1], 0)
    if letter and letter.group() == "w":
        unit = _BIG["万"]
    elif letter and letter.group() == "e":
        unit = _BIG["亿"]
    if text[look - 1] == "k" and text.startswith("w", look):
        unit = _BIG["万"]
    english = _ENGLISH.match(text, end) if section.arabic and not unit else None
    if english:
        big = _ENGLISH_BIG[english.lastgroup or ""]
        low, high, end = low * big, high * big, english.end()
    elif unit:
        end, big = look + 1, unit
        if unit == _BIG["万"] and text.startswith("亿", end):
            big, end = unit * _BIG["亿"], end + 1
        low, high = low * big, high * big
        low, high, end, over, about, big = _lower_part(text, section, low, high, end, over, about, big)
    return Numeral(
        low,
        high,
        at,
        end,
        over,
        about,
        big,
        0.0 if section.lead == 0 else section.lead,
        section.high,
        section.arabic,
    )


def _lower_part(
    text: str, section: _Section, low: float, high: float, end: int, over: bool, about: bool, big: int
) -> tuple[float, float, int, bool, bool, int]:
    """What follows 亿 or 万: 1亿2千万, 一亿二, 3万5, and 多."""
    if low != high or over or about:
        return low, high, end, over, about, big
    zero = text[end : end + 1] in ("零", "〇")
    at = end + 1 if zero and text[end + 1 : end + 2].isdecimal() else end  # 4亿零500万
    tail = _read_section(text, at) if at < len(text) and text[at] in STARTS else None
    if tail is not None and not tail.bare:
        _marks(text, tail)
        unit = _BIG.get(text[tail.end : tail.end + 1], 0)
        if big >= _BIG["亿"] and unit == _BIG["万"]:
            low, high, end, big = low + tail.low * unit, high + tail.high * unit, tail.end + 1, unit
            over, about = tail.over, tail.about
            section.lead = 0.0
        elif (tail.low >= 100 and big == _BIG["万"] and section.low < 100 and not tail.arabic) or (
            1000 <= tail.low < 10_000
            and big == _BIG["万"]
            and (text[tail.end - 1] in "千仟百佰" or bool(_YUAN.match(text, tail.end)))
            and (section.low < 100 or section.low % 10 > 0 or zero or bool(_YUAN.match(text, tail.end)))
            and not _COUNTS.match(text, tail.end)
        ):  # 七百四十八万三千, 壹佰陆拾万捌仟元
            low, high, end, over, about = low + tail.low, high + tail.high, tail.end, tail.over, tail.about
        elif (
            tail.end == end + 1
            and 0 < tail.low < 10
            and (section.low < 100 or section.low % 10)
            and not _AFTER_SHORT.match(text, tail.end)
        ):
            low, high, end = low + tail.low * big / 10, high + tail.high * big / 10, tail.end
    if (
        text[end : end + 1] in ("多", "余")
        and text[end : end + 2] not in ("多少", "多久", "余额")
        and end < len(text)
    ):
        over, end = True, end + 1
    return low, high, end, over, about, big
