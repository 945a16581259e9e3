"""Numbers in a reply that nothing explains: neither the firm, a named rule, a case or date, nor the catalog.

Not called ``numbers``: pytest puts this folder on the path, where it would hide the standard module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CASE = re.compile(r"\bKC\d{8}-\d{4,}\b")
_ADDRESS = re.compile(r"https?://[^\s，。；、）〕]+")
_TIMES = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}年\d{1,2}月(?:\d{1,2}日)?"
    r"|(?<!\d)\d{1,2}月\d{1,2}日|(?<!\d)\d{1,2}[:：]\d{2}(?!\d)"
)
_LISTED = re.compile(r"^\s*(?:\d{1,2}[.、)）]\s*|[(（]\d{1,2}[)）])", re.MULTILINE)
_HAN_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8}
_NUMBER = re.compile(
    r"(?P<plain>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<scale>[万亿]{0,2})"
    r"|(?P<han>[零一二三四五六七八九两十百千]{2,})(?P<hscale>[万亿]{0,2})"
)


def unexplained_numbers(reply: str, allowed_texts: Iterable[str]) -> list[str]:
    """Numbers of ``reply`` that stand in none of ``allowed_texts``, as written, in order.

    A number is explained by the same digits or by the same value: 1500 by 1500万, 0.15亿 by 1500万.
    Case numbers, addresses, dates with a month, times of day and the numbering of lists are no statements.
    A single Chinese digit (四支队伍) is a word.
    """
    digits: set[str] = set()
    values: set[float] = set()
    for text in allowed_texts:
        for written, value in _numbers(text.replace("\u2013", "-")):
            digits.add(written)
            values.add(value)
    bare = _LISTED.sub(" ", _TIMES.sub(" ", _ADDRESS.sub(" ", _CASE.sub(" ", reply))))
    return [written for written, value in _numbers(bare) if written not in digits and value not in values]


def _numbers(text: str) -> Iterable[tuple[str, float]]:
    for match in _NUMBER.finditer(text):
        scale = match["scale"] or match["hscale"] or ""
        factor = 1.0
        for char in scale:
            factor *= _SCALES[char]
        if match["plain"]:
            written = match["plain"].replace(",", "")
            value = float(written)
            yield f"{value:g}" if "." in written else str(int(written)), round(value * factor, 4)
        else:
            value = _han_value(match["han"])
            if value is not None:
                yield match["han"], value * factor


def _han_value(text: str) -> float | None:
    """二十 → 20, 三百 → 300; None where the characters are no number (一千零一 is, 一一 is not)."""
    if not any(char in _HAN_TENS for char in text):
        return None
    total, digit = 0, None
    for char in text:
        if char in _HAN_TENS:
            total += (1 if digit is None else digit) * _HAN_TENS[char]
            digit = None
        else:
            digit = _HAN_DIGITS[char]
    return float(total + (digit or 0))
