"""A number with its unit, its range and its limits, as the fact finders see it."""

from __future__ import annotations

import re

import msgspec

from bot.catalog.values import Bound
from bot.understanding.hedges import Hedge, hedge_after, hedge_before
from bot.understanding.pieces import Kind, Piece, find_pieces

__all__ = ["Kind", "Quantity", "find_quantities", "plain_number", "whole"]
_SEPARATOR = re.compile(r"(?:左右)?(?:-+|~+|到|至|—+|、)(?:大概|大约)?$")


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


def _joined(text: str, first: Piece, second: Piece) -> Piece | None:
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
    return Piece(second.numeral, kind, low, high, first.start, second.end, second.unit, second.over)


def _years_and_months(text: str, first: Piece, second: Piece) -> bool:
    """「一年零三个月」, 「两年又6个月」."""
    return (
        first.kind == second.kind == "months"
        and first.unit == "年"
        and second.unit != "年"
        and second.high < 12
        and text[first.end : second.start] in ("零", "又", "加", "")
    )


_SAID_UNIT = re.compile(r"\((?:单位:?)?(?P<unit>万元?|亿元?|千元|元|%)\)[:= ]*$|(?:¥|rmb|cny|人民币)[: ]?$")
_UNIT_YUAN = {"万": 1e4, "亿": 1e8, "千": 1e3, "元": 1.0}
_ALL_IN = re.compile(
    r"单位(?:[都均全]?[是为])?:?(?:人民币)?(?:千元|元)(?![/个每])|\((?:人民币)?(?:千元|元)\)(?![:=])"
)
_LEAST_YUAN = 10_000


def _with_unit(text: str, piece: Piece, floor: int) -> None:
    """Takes in what is said before the number: 「营收(万元):880」, 「¥1,350万」."""
    match = _SAID_UNIT.search(text, max(floor, piece.start - 12), piece.start)
    if match is None:
        return
    piece.start = match.start()
    if piece.kind == "bare" and match["unit"] == "%":
        piece.kind = "percent"
    elif piece.kind == "bare" and match["unit"]:
        _scale(piece, _UNIT_YUAN[match["unit"][0]])


def _scale(piece: Piece, yuan: float) -> None:
    piece.kind, piece.low, piece.high = "money", piece.low * yuan / 1e4, piece.high * yuan / 1e4


def _in_yuan(text: str, pieces: list[Piece]) -> None:
    """「单位:元」 said once for all figures of a message; small ones are counts."""
    match = _ALL_IN.search(text)
    if match is None:
        return
    yuan = 1000.0 if "千" in match.group() else 1.0
    for piece in pieces:
        if piece.kind == "bare" and (
            piece.low * yuan >= _LEAST_YUAN * 10 or "," in text[piece.start : piece.end]
        ):
            _scale(piece, yuan)


_LACK = re.compile(r"还?差|少|欠")
_REACHES = re.compile(r"[,，]?(?:(?:就|才)?(?:到|满|够|凑够|凑满)?|不到)")
_SMALL_PART = 0.25


def _difference(text: str, first: Piece, second: Piece) -> Piece | None:
    """「六百差十万」, 「差十万就一千万」, 「差五个一百个」: a round number less a little."""
    between = text[first.end : second.start]
    if _LACK.fullmatch(between):
        full, lack = first, second
    elif _REACHES.fullmatch(between) and text[max(0, first.start - 1) : first.start] == "差":
        full, lack = second, first
    else:
        return None
    if full.kind not in (lack.kind, "bare") or not 0 < lack.high <= full.high * _SMALL_PART:
        return None
    value = full.high - lack.high
    start = first.start - (lack is first)
    return Piece(full.numeral, lack.kind, value, value, start, second.end, second.unit)


_MORE_EXACT = re.compile(
    r"(?:[,，。、 ;?:(]|[吧呢嘛啊哈噻的了是也就才只有我查看下说值数个都还没到]|具体|确切|准确|精确|实际|"
    r"实打实|到底|应该|大概|大约|差不多|一共|总共|来说|算下来|算|刚才?|一[下哈]|现在|来着|左右|样子)*"
)
_JUST_OVER = re.compile(r"(?:刚刚?|才|将将)(?:过|破|满)了?$")
_LEAST_OF_LIMIT, _MOST_OF_LIMIT = 0.6, 1.6
_ALONE = re.compile(r"(?:了|[吧嘛哈呢噻啊哦的]|左右|上下|样子|出头)*(?:[^\u4e00-\u9fff]|$)")


def _refined(text: str, vague: Quantity, exact: Quantity) -> Quantity | None:
    """「不足60,具体58」, 「一个亿差一点,九千八百万」: a limit and then the number itself."""
    limit = vague.low if vague.high is None else vague.high if vague.low is None else None
    just = vague.bound is None and _JUST_OVER.search(text, max(0, vague.start - 4), vague.start)
    if just:
        limit = vague.low
    again = vague.bound is None and exact.low == vague.low and exact.raw != vague.raw
    if again:  # 「五百九,六百差十万」
        limit = vague.low
    if limit is None or exact.low is None or exact.high is None or not _ALONE.match(text, exact.end):
        return None
    if not _MORE_EXACT.fullmatch(text[vague.hedge_end : exact.hedge_start]):
        return None
    alike = exact.kind in (vague.kind, "bare") or {exact.kind, vague.kind} == {"people", "items"}
    if not alike or vague.kind not in ("money", "percent", "people", "items", "points", "bare"):
        return None
    value = exact.value()
    over = vague.high is None or just
    low, high = (limit, limit * _MOST_OF_LIMIT) if over else (limit * _LEAST_OF_LIMIT, limit)
    if not (again or low < value < high):
        return None
    kind = vague.kind if exact.kind == "bare" else exact.kind
    return Quantity(
        kind, exact.low, exact.high, vague.start, exact.end, vague.hedge_start, exact.hedge_end,
        exact.unit or vague.unit, scaled=exact.scaled, arabic=exact.arabic, raw=exact.raw,
    )  # fmt: skip


def _finish(text: str, piece: Piece) -> Quantity:
    before, hedge_start = hedge_before(text, piece.start)
    after, hedge_end = hedge_after(text, piece.end)
    hedge: Hedge = after or before
    q = Quantity(
        piece.kind, piece.low, piece.high, piece.start, piece.end, hedge_start, hedge_end, piece.unit,
        scaled=piece.numeral.big > 1, arabic=piece.numeral.arabic, raw=piece.numeral.high,
    )  # fmt: skip
    if hedge == "":
        hedge = "over" if piece.over else "under" if piece.under else ""
    if hedge in ("under", "at_most"):
        q.low, q.high_open = None, hedge == "under"
    elif hedge in ("over", "at_least"):
        q.high, q.low_open = None, hedge == "over"
    return q


_LARGEST = 1e15
"""Longer rows of digits are account numbers or nonsense."""


def find_quantities(text: str, spans: list[tuple[int, int]]) -> list[Quantity]:
    """Every number of ``text`` with its unit, in order; nothing inside ``spans`` is read."""
    pieces = [piece for piece in find_pieces(text, spans) if piece.high < _LARGEST]
    _in_yuan(text, pieces)
    out: list[Quantity] = []
    index = floor = 0
    while index < len(pieces):
        piece = pieces[index]
        _with_unit(text, piece, floor)
        if index + 1 < len(pieces):
            rest = pieces[index + 1]
            if _years_and_months(text, piece, rest):
                low, high = piece.low + rest.low, piece.high + rest.high
                piece = Piece(rest.numeral, "months", low, high, piece.start, rest.end, rest.unit, rest.over)
                index += 1
        if index + 1 < len(pieces):
            rest = pieces[index + 1]
            joined = _joined(text, piece, rest) or _difference(text, piece, rest)
            if joined is not None:
                piece, index = joined, index + 1
        found = _finish(text, piece)
        better = _refined(text, out[-1], found) if out else None
        if better is not None:
            out[-1] = better
        else:
            out.append(found)
        index, floor = index + 1, piece.end
    return out
