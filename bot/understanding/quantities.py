"""A number with its unit, its range and its limits: money, shares, heads, items, durations, points,
bare numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

import msgspec

from bot.catalog.values import Bound
from bot.understanding.hedges import Hedge, hedge_after, hedge_before
from bot.understanding.numerals import STARTS, Numeral, parse_numeral

Kind = Literal["money", "percent", "people", "items", "months", "points", "bare", "times", "other"]

_COUNTED = (
    r"(?:注册用户|活跃用户|用户|粉丝|人次|户(?!口)|台(?!账)|套(?!现)|件|次(?!贷)|平方|平米|"
    r"平(?=[,，。的厂]|$)|方(?=[水土])|亩|吨|公里|"
    r"千瓦|兆瓦|瓦|度电|辆|颗|片|瓶|公斤|斤|下载|日活|月活|会员|观众|学员|条数据|"
    r"只(?=[股鸡猪猫])|美元|美金|美刀|刀|欧元?|港[币元]?|日元|英镑|"
    r"usd|eur|卢布|韩元|行代码|字|股(?!权|份|东)|张|份|单(?![笔位子一户])|个(?!亿|点|月)|人(?!民币))"
)
_UNITS = re.compile(
    r"(?P<percent>%|个?百分点|个多?点(?!评|心|子|赞)多?|点(?![评钟半位击前后开了头心子赞\d]))"
    r"|(?P<cheng>成(?![立果本功为熟长都员交型分效绩就品年色套批因语]|了[^,，。!吧]))"
    r"|(?P<money>元整|元钱|块钱|元(?!旦|宇|件|器|年|月)|块(?![链牌地板区内屏砖])|圆|人民币|rmb|cny|钱)"
    r"|(?P<people>(?:多|来|几)?[号个位名口](?:多|来)?人(?!工智|才|民|次|均|脸|形)|"
    r"多?人(?!工智|才|民|次|均|脸|形|机)|[名位]|多?(?:员工|职工))"
    r"|(?P<months>年半|个半月|个?半月|个多?月|周年|个年头|"
    r"年(?![产收度报营薪检审终轻龄均初底末中化利])|岁|(?:个)?月(?!薪|活|租|报|产)|个?季度)"
    r"|(?P<days>个?工作日|天|日(?!活)|个?(?:星期|礼拜)|周(?!转|边)|个?小时|分钟|分多钟|秒)"
    r"|(?P<points>分(?![之钟别散析行红期支布类级店配享公给析利销院批享]))"
    r"|(?P<times>倍|番)"
    r"|(?P<items>[项件个本份张篇款种条]多?(?!人))"
    r"|(?P<other>家|台|套|次|轮|平方|平米|平|亩|吨|公里|千瓦|兆瓦|mw|kwh|瓦|度|级|页|户|辆|"
    r"只|代|倍|折|岁|公斤|股|条|届|大|步|线|期(?!限)|块|楼|层|间|栋|批|只|颗|类|方|维|位数|"
    r"笔)"
)
_SPOKEN_K = re.compile(r"k(?![a-z])")
_LEAST_K = 10_000
_SEPARATOR = re.compile(r"(?:左右)?(?:-+|~+|到|至|—+|、)(?:大概|大约)?$")
_FRACTION = re.compile(r"([百千])分之|([一二三四五六七八九十\d]+)分之")
_HALF = re.compile(r"(?P<over>过半|大半|一大半|半数以上|一半以上|一半多)|(?P<half>一半|半数|对半)(?!的时间)")
_DOUBLE = re.compile(
    r"翻了?(?P<n>[一二两三四1-4])?(?P<u>番|倍)|翻了?个?(?:番|倍|一番)|(?:增长|涨|增加|提高|"
    r"增)了?(?P<m>[一两二三1-5])倍(?!多)"
)


class Quantity(msgspec.Struct):
    """Money in 万元, shares in percent, durations in months, else plain counts.
    ``start``..``end`` in normal text.

    ``low``/``high`` are None where that side is open; ``bound`` is set whenever it was a range or a limit.
    ``hedge_start``/``hedge_end`` take in the words 不到, 以上 … around it.
    """

    kind: Kind
    low: float | None
    high: float | None
    start: int
    end: int
    hedge_start: int
    hedge_end: int
    unit: str = ""
    low_open: bool = False
    high_open: bool = False
    scaled: bool = False
    arabic: bool = False
    vague: bool = False
    raw: float = 0.0

    @property
    def bound(self) -> Bound | None:
        if self.low == self.high:
            return None
        return Bound(whole(self.low), whole(self.high), self.low_open, self.high_open)

    def value(self, *, upper: bool = False) -> int | float:
        """The one number that stands for it: upper end of a range if ``upper``, else the lower one."""
        ends = (self.high, self.low) if upper else (self.low, self.high)
        chosen = ends[0] if ends[0] is not None else ends[1]
        return plain_number(0.0 if chosen is None else chosen)


def plain_number(value: float) -> int | float:
    """Without the dust of binary fractions; an int where it is whole."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def whole(value: float | None) -> float | None:
    return None if value is None else plain_number(value)


class _Piece(msgspec.Struct):
    """A numeral with its unit, before ranges are joined."""

    numeral: Numeral
    kind: Kind
    low: float
    high: float
    start: int
    end: int
    unit: str
    over: bool = False


def _scaled_piece(text: str, n: Numeral) -> _Piece | None:
    """A numeral with 万 or 亿: money, unless things are counted or it is foreign money."""
    counted = re.compile(_COUNTED).match(text, n.end)
    if counted:
        return _Piece(n, "other", n.low, n.high, n.start, counted.end(), counted.group())
    money = re.compile(r"(?:元整|元钱|块钱|元|块|圆|人民币|rmb|cny|钱)+").match(text, n.end)
    end = money.end() if money else n.end
    return _Piece(n, "money", n.low / 1e4, n.high / 1e4, n.start, end, money.group() if money else "", n.over)


def _piece(text: str, n: Numeral) -> _Piece | None:
    if n.big > 1:
        return _scaled_piece(text, n)
    unit = _UNITS.match(text, n.end)
    if unit is None:
        spoken = _SPOKEN_K.match(text, n.end) if not n.arabic else None
        if spoken or (n.arabic and text[n.end - 1] == "k" and n.low >= _LEAST_K):
            yuan = 1000.0 if spoken else 1.0  # 500k is half a million 元, not 500 000 万
            end = spoken.end() if spoken else n.end
            return _Piece(n, "money", n.low * yuan / 1e4, n.high * yuan / 1e4, n.start, end, "k", n.over)
        if (
            n.end == n.start + 1
            and not n.arabic
            and "\u4e00" <= text[n.end : n.end + 1] <= "\u9fff"
            and text[n.end] not in "到至"
        ):
            return None  # 一堆, 三峡: a word, not a number
        return _Piece(n, "bare", n.low, n.high, n.start, n.end, "", n.over)
    name, word, end = unit.lastgroup or "other", unit.group(), unit.end()
    low, high, over = n.low, n.high, n.over or "多" in word
    if name == "money":
        return _Piece(n, "money", low / 1e4, high / 1e4, n.start, end, word, over)
    if name == "cheng":
        tail = re.compile(r"([一二三四五六七八九\d])(?![\d成个项人年月万千百])|(半)|(多)").match(text, end)
        extra = 0.0
        if tail:
            end = tail.end()
            extra = (
                5.0
                if tail[2]
                else float("零一二三四五六七八九".find(tail[1]))
                if tail[1] and not tail[1].isdigit()
                else float(tail[1] or 0)
            )
            over = over or bool(tail[3])
        if high > 10:
            return None
        return _Piece(n, "percent", low * 10 + extra, high * 10 + extra, n.start, end, word, over)
    if name == "months":
        factor = 12.0 if "年" in word or word == "岁" else 3.0 if "季" in word else 1.0
        extra = 6.0 if word == "年半" else 0.5 if "半月" in word else 0.0
        if word.startswith("年") and re.compile(r"多(?!少|久)").match(text, end):
            over, end = True, end + 1
        return _Piece(
            n,
            "months",
            low * factor + extra,
            high * factor + extra,
            n.start,
            end,
            "年" if factor == 12 else word,
            over,
        )
    if re.compile(r"半(?![年月个天])").match(text, end) and (
        name == "points" or ("点" in word and name == "percent")
    ):
        low, high, end = low + 0.5, high + 0.5, end + 1
    if name == "days":
        return _Piece(n, "other", low, high, n.start, end, word, over)
    kind: Kind = name if name in ("percent", "people", "points", "times", "items") else "other"  # type: ignore[assignment]
    return _Piece(n, kind, low, high, n.start, end, word, over)


def _fraction(text: str, at: int) -> _Piece | None:
    """百分之八点二, 千分之五, 三分之一, 一半, 翻番: shares written as words."""
    match = _FRACTION.match(text, at)
    if match:
        n = (
            parse_numeral(text, match.end())
            if match.end() < len(text) and text[match.end()] in STARTS
            else None
        )
        if n is None and text.startswith("百", match.end()) and match[1]:
            n = Numeral(100, 100, match.end(), match.end() + 1)
        if n is None or n.vague or n.big > 1:
            return None
        parts = parse_numeral(text, at) if match[2] else None
        base = {"百": 100.0, "千": 1000.0}.get(match[1] or "", parts.low if parts else 0.0)
        if base <= 0:
            return None
        factor = 100.0 / base
        return _Piece(n, "percent", n.low * factor, n.high * factor, at, n.end, "分之", n.over)
    match = _HALF.match(text, at)
    if match:
        n = Numeral(50, 50, at, match.end())
        return _Piece(n, "percent", 50, 50, at, match.end(), "半", bool(match["over"]))
    match = _DOUBLE.match(text, at)
    if match:
        word = match["n"] or match["m"] or "一"
        count = float("零一二三四五".find(word) if word in "一二三四五" else 2 if word == "两" else int(word))
        grown = 100.0 * (2**count - 1) if match["u"] == "番" else 100.0 * count
        n = Numeral(grown, grown, at, match.end())
        return _Piece(n, "times", grown, grown, at, match.end(), "翻")
    return None


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[_Piece]:
    ends = sorted(spans)
    begins = [start for start, _ in ends]
    out: list[_Piece] = []
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if char not in STARTS and char not in "翻过大增涨提对":
            at += 1
            continue
        block = bisect_right(begins, at) - 1
        if block >= 0 and ends[block][1] > at:
            at = ends[block][1]
            continue
        piece = _fraction(text, at)
        if piece is None and char in STARTS:
            n = parse_numeral(text, at)
            if n is not None:
                if n.vague:
                    unit = _UNITS.match(text, n.end)
                    at = unit.end() if unit else n.end
                    continue
                piece = _piece(text, n)
                if piece is None:
                    at = n.end
                    continue
        if piece is None:
            at += 1
            continue
        out.append(piece)
        at = piece.end
    return out


def _joined(text: str, first: _Piece, second: _Piece) -> _Piece | None:
    """One range of two numbers: 300-500万, 3%到5%, 五十到八十人."""
    between = text[first.end : second.start]
    if not _SEPARATOR.fullmatch(between):
        return None
    if "、" in between and not (
        first.kind == "bare" and not first.numeral.arabic and second.numeral.lead == first.low + 1
    ):
        return None
    low = first.low
    if first.kind == "bare":
        factor = second.high / second.numeral.high if second.numeral.high else 1.0
        raw = first.low
        if second.numeral.lead and raw < second.numeral.lead:
            factor = second.high / second.numeral.lead
        elif second.numeral.big > 1:
            factor = second.numeral.big / 1e4 if second.kind == "money" else second.numeral.big
            if raw >= second.numeral.section:
                return None
        low = raw * factor
        if second.kind == "percent" and second.unit == "分之":
            low = first.low
    elif first.kind != second.kind and (second.kind != "bare" or first.unit != "分之"):
        return None
    high = second.high if not (first.unit == "分之" and second.kind == "bare") else second.numeral.high
    if not low < high:
        return None
    kind = second.kind if second.kind != "bare" else first.kind
    return _Piece(second.numeral, kind, low, high, first.start, second.end, second.unit, second.over)


def _years_and_months(text: str, first: _Piece, second: _Piece) -> bool:
    """「一年零三个月」, 「两年又6个月」."""
    return (
        first.kind == second.kind == "months"
        and first.unit == "年"
        and second.unit != "年"
        and second.high < 12
        and text[first.end : second.start] in ("零", "又", "加", "")
    )


def _finish(text: str, piece: _Piece) -> Quantity:
    before, hedge_start = hedge_before(text, piece.start)
    after, hedge_end = hedge_after(text, piece.end)
    hedge: Hedge = after or before
    q = Quantity(
        piece.kind, piece.low, piece.high, piece.start, piece.end, hedge_start, hedge_end, piece.unit,
        scaled=piece.numeral.big > 1, arabic=piece.numeral.arabic, raw=piece.numeral.high,
    )  # fmt: skip
    if piece.over and hedge == "":
        hedge = "over"
    if hedge in ("under", "at_most"):
        q.low, q.high_open = None, hedge == "under"
    elif hedge in ("over", "at_least"):
        q.high, q.low_open = None, hedge == "over"
    return q


def find_quantities(text: str, spans: list[tuple[int, int]]) -> list[Quantity]:
    """Every number of ``text`` with its unit, in order; nothing inside ``spans`` is read."""
    pieces = _pieces(text, spans)
    out: list[Quantity] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if index + 1 < len(pieces) and _years_and_months(text, piece, pieces[index + 1]):
            rest, index = pieces[index + 1], index + 1
            piece = _Piece(
                rest.numeral,
                "months",
                piece.low + rest.low,
                piece.high + rest.high,
                piece.start,
                rest.end,
                rest.unit,
                rest.over,
            )
        if index + 1 < len(pieces):
            joined = _joined(text, piece, pieces[index + 1])
            if joined is not None:
                piece, index = joined, index + 1
        out.append(_finish(text, piece))
        index += 1
    return out
