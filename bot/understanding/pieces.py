"""A numeral with its unit: money, shares, heads, items, durations, points, bare numbers."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

import msgspec

from bot.understanding.numerals import STARTS, Numeral, parse_numeral

Kind = Literal["money", "percent", "people", "items", "months", "points", "bare", "times", "other"]

_COUNTED = (
    r"(?:注册用户|活跃用户|用户|粉丝|人次|户(?!口)|台(?!账)|套(?!现)|件|次(?!贷)|平方|平米|"
    r"平(?=[,，。的厂]|$)|方(?=[水土])|亩|吨|公里|"
    r"千瓦|兆瓦|瓦|度电|辆|颗|片|瓶|公斤|斤|下载|日活|月活|会员|观众|学员|条数据|"
    r"只(?=[股鸡猪猫])|美元|美金|美刀|刀|欧元?|港[币元]?|日元|英镑|"
    r" ?(?:usd|us dollars?|dollars?|eur|euros?|hkd)|"
    r"卢布|韩元|行代码|字|股(?!权|份|东)|张|份|单(?![笔位子一户])|个(?!亿|点|月)|人(?!民币))"
)
_UNITS = re.compile(
    r"(?P<percent>%| ?percent|个?百分点|个多?点(?!评|心|子|赞)多?|点(?![评钟半位击前后开了头心子赞\d]))"
    r"|(?P<cheng>成(?![立果本功为熟长都员交型分效绩就品年色套批因语]|了[^,，。!吧]))"
    r"|(?P<money>元整|元钱|块钱|元(?!旦|宇|件|器|年|月)|块(?![链牌地板区内屏砖])|圆|人民币|"
    r" ?(?:rmb|cny|yuan)|钱)"
    r"|(?P<people> (?:people|persons|employees|staff)(?![a-z])|"
    r"(?:多|来|几)?[号个位名口](?:多|来)?人(?!工智|才|民|次|均|脸|形)|"
    r"多?人(?!工智|才|民|次|均|脸|形|机)|[名位]|多?(?:员工|职工))"
    r"|(?P<months>年半|个半月|个?半月|个多?月|周年|个年头|"
    r"年(?![产收度报营薪检审终轻龄均初底末中化利])|周?岁|个?春秋|个?寒暑|(?:个)?月(?!薪|活|租|报|产)|个?季度)"
    r"|(?P<days>个?工作日|天|日(?!活)|个?(?:星期|礼拜)|周(?!转|边|岁)|个?小时|分钟|分多钟|秒)"
    r"|(?P<points>分(?![之钟别散析行红期支布类级店配享公给析利销院批享]))"
    r"|(?P<times>倍|番)"
    r"|(?P<items>[项件个本份张篇款种条]多?(?!人))"
    r"|(?P<other>家|台|套|次|轮|平方|平米|平|亩|吨|公里|千瓦|兆瓦|mw|kwh|瓦|度|级|页|户|辆|"
    r"只|代|倍|折|岁|公斤|股|条|届|大|步|线|期(?!限)|块|楼|层|间|栋|批|只|颗|类|方|维|位数|"
    r"笔)"
)
_SPOKEN_K = re.compile(r"k(?![a-z])")
_LEAST_K = 10_000
_LEAST_YUAN = 1000
"""A number behind ¥ or RMB is in 元 from here on; a smaller one is said in 万."""
_TENTHS = re.compile(
    r"(?P<n>[一二三四五六七八九\d](?:[点.][一二三四五六七八九\d]+)?)(?![\d成个项人年月万千百])|(?P<half>半)|(?P<more>多|几)"
)
"""What follows 成: 六成七, 六成三点五, 六成半."""
_TIMES_OF = re.compile(
    r"[是为](?:去年|前年|上年|上一年|之前|原来|往年)[^,，。]{0,3}的(?:将近|近|差不多|大概)?$"
)
_CURRENCY = re.compile(r"(?:¥|rmb|cny|人民币)[: ]?$")
_FOREIGN = re.compile(r"(?:\$|usd|美元|美金|€|eur|hkd|港币)[: ]?$")
_FRACTION = re.compile(r"([百千])分之|([一二三四五六七八九十\d]+)分之")
_HALF = re.compile(
    r"(?P<over>过半|一?大半|一多半|多半数|半数以上|一半以上|一半多(?:一点)?)|(?P<half>一半|半数|对半)(?!的时间)"
)
_ALL = re.compile(r"百分百(?=[的了吧嘛呢啊哈]*(?:[^\u4e00-\u9fff\w]|$))|(?<=[占率比为达是])百分百")
_HALVED = re.compile(r"(?:砍|减|缩水)(?:了|到)?(?:一半|半)")
_DOUBLE = re.compile(
    r"(?:翻|增长|上涨|提升|增加|提高|扩大|涨|增|长|多)了?(?P<near>将近|接近|近|快|不到)?"
    r"(?P<over>超过|不止|不只|至少)?(?:差不多|大概|大约|整整)?个?"
    r"(?:(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九十](?:点[一二三四五六七八九])?|零?点?[一二三四五六七八九])个?)?"
    r"(?P<u>番|倍)(?P<more>多|有余|以上)?"
)


class Piece(msgspec.Struct):
    """A numeral with its unit, before ranges are joined."""

    numeral: Numeral
    kind: Kind
    low: float
    high: float
    start: int
    end: int
    unit: str
    over: bool = False
    under: bool = False


def _scaled_piece(text: str, n: Numeral) -> Piece | None:
    """A numeral with 万 or 亿: money, unless things are counted or it is foreign money."""
    counted = re.compile(_COUNTED).match(text, n.end)
    if _FOREIGN.search(text, max(0, n.start - 5), n.start):
        return Piece(n, "other", n.low, n.high, n.start, n.end, "$")
    if counted:
        return Piece(n, "other", n.low, n.high, n.start, counted.end(), counted.group())
    money = re.compile(r"(?:元[整正]|元钱|块钱|元|块|圆|人民币| ?(?:rmb|cny|yuan)|钱)+").match(text, n.end)
    end = money.end() if money else n.end
    return Piece(n, "money", n.low / 1e4, n.high / 1e4, n.start, end, money.group() if money else "", n.over)


def _piece(text: str, n: Numeral) -> Piece | None:
    if n.big > 1:
        return _scaled_piece(text, n)
    unit = _UNITS.match(text, n.end)
    if unit is None and n.low >= _LEAST_YUAN and _CURRENCY.search(text, max(0, n.start - 5), n.start):
        return Piece(n, "money", n.low / 1e4, n.high / 1e4, n.start, n.end, "元", n.over)
    if unit is None:
        spoken = _SPOKEN_K.match(text, n.end) if not n.arabic else None
        if spoken or (n.arabic and text[n.end - 1] == "k" and n.low >= _LEAST_K):
            yuan = 1000.0 if spoken else 1.0  # 500k is half a million 元, not 500 000 万
            end = spoken.end() if spoken else n.end
            return Piece(n, "money", n.low * yuan / 1e4, n.high * yuan / 1e4, n.start, end, "k", n.over)
        if (
            n.end == n.start + 1
            and not n.arabic
            and text[n.start] not in "百千"
            and "\u4e00" <= text[n.end : n.end + 1] <= "\u9fff"
            and text[n.end] not in "到至"
        ):
            return None  # 一堆, 三峡: a word, not a number
        return Piece(n, "bare", n.low, n.high, n.start, n.end, "", n.over)
    name, word, end = unit.lastgroup or "other", unit.group(), unit.end()
    low, high, over = n.low, n.high, n.over or "多" in word
    if name == "money":
        return Piece(n, "money", low / 1e4, high / 1e4, n.start, end, word, over)
    if text[n.start : end] == "一点":
        return None  # a little
    if name == "cheng":
        tail = _TENTHS.match(text, end)
        extra = 0.0
        if tail:
            end, over = tail.end(), over or bool(tail["more"])
            said = parse_numeral(text, tail.start("n")) if tail["n"] else None
            extra = 5.0 if tail["half"] else said.low if said else 0.0
        if high > 10:
            return None
        return Piece(n, "percent", low * 10 + extra, high * 10 + extra, n.start, end, word, over)
    if name == "months":
        factor = 12.0 if re.search("[年岁秋暑]", word) else 3.0 if "季" in word else 1.0
        extra = 6.0 if word == "年半" else 0.5 if "半月" in word else 0.0
        if word.startswith("年") and re.compile(r"多(?!少|久)").match(text, end):
            over, end = True, end + 1
        return Piece(
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
    if name == "times":
        if not _TIMES_OF.search(text, max(0, n.start - 10), n.start) or not 1 <= low <= high:
            return Piece(n, "other", low, high, n.start, end, word, over)
        low, high = (low - 1) * 100, (high - 1) * 100
    if name == "days":
        return Piece(n, "other", low, high, n.start, end, word, over)
    kind: Kind = name if name in ("percent", "people", "points", "times", "items") else "other"  # type: ignore[assignment]
    return Piece(n, kind, low, high, n.start, end, word, over)


def _fraction(text: str, at: int) -> Piece | None:
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
        return Piece(n, "percent", n.low * factor, n.high * factor, at, n.end, "分之", n.over)
    match = _HALF.match(text, at)
    if match:
        n = Numeral(50, 50, at, match.end())
        return Piece(n, "percent", 50, 50, at, match.end(), "半", bool(match["over"]))
    match = _HALVED.match(text, at)
    if match:
        return Piece(Numeral(50, 50, at, match.end()), "times", -50, -50, at, match.end(), "半")
    match = _ALL.match(text, at)
    if match:
        return Piece(Numeral(100, 100, at, match.end()), "percent", 100, 100, at, match.end(), "百分百")
    return _doubled(text, at)


def _doubled(text: str, at: int) -> Piece | None:
    """翻一番, 翻了两番, 涨了一倍多, 增长1.5倍: growth in percent."""
    match = _DOUBLE.match(text, at)
    if match is None or (match["n"] is None and text[at] != "翻"):
        return None
    n = parse_numeral(text, match.start("n")) if match["n"] else None
    count = n.low if n else 1.0
    grown = 100.0 * (2**count - 1) if match["u"] == "番" else 100.0 * count
    over = bool(match["over"] or match["more"])
    return Piece(
        Numeral(grown, grown, at, match.end()), "times", grown, grown, at, match.end(), "翻", over,
        under=bool(match["near"]),
    )  # fmt: skip


def find_pieces(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    ends = sorted(spans)
    begins = [start for start, _ in ends]
    out: list[Piece] = []
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        if char not in STARTS and char not in "翻过大增涨提对长多上扩砍减缩":
            at += 1
            continue
        if text.startswith("差一点", at - 1):
            at += 2  # 差一点一个亿
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
