"""Text as the matchers want it: half width, lower case, simplified characters,
with a way back to the original."""

from __future__ import annotations

import re
import unicodedata
import warnings
from functools import lru_cache

import msgspec
import zhconv

with warnings.catch_warnings():
    # It leaves its table's file to the garbage collector.
    warnings.simplefilter("ignore", ResourceWarning)
    zhconv.loaddict()
_DASHES = "—–−‐‑‒―－"
_TILDES = "〜∼～"
_SEPARATORS = "，、。；！？…"  # kept apart from ASCII «,», which may group thousands
_VARIANTS = dict(
    zip(
        "価値発転経営権応対売銭薬険済実図検収気広関開続総独単労働戦様産業観訳読変辺団囲円亜悪圧壱弐囯竜験毎労伝条処状歩断継絵縄庁塩仮戯渇巻勧陥顔帰犠拡覚焼乗剰譲醸嬢畳浄繊専浅窓蔵臓臟帯滞択沢担逓鉄点徳弾遅昼鋳聴鎮痩騒釈寿",
        "价值发转经营权应对卖钱药险济实图检收气广关开续总独单劳动战样产业观译读变边团围圆亚恶压壹贰国龙验每劳传条处状步断继绘绳厅盐假戏渴卷劝陷颜归牺扩觉烧乘剩让酿娘叠净纤专浅窗藏脏脏带滞择泽担递铁点德弹迟昼铸听镇瘦骚释寿",
        strict=True,
    )
) | {"廿": "二十", "卅": "三十"}
"""Japanese and odd forms that some keyboards give and the conversion table leaves alone."""
_UNIT_STARTS = frozenset("万亿元块人名位号项件个本份年月天周成点分级%百千十多来余几岁期左以出")
_GROUPED = re.compile(
    r"(?<![\d.])(?:[０-９]{1,3}(?:，[０-９]{3})+|\d{1,3}，0\d\d|(?<=[¥￥])\d{1,3}(?:，\d{3})+|"
    r"(?<=[收入额值润产资费])\d{1,3}，\d{3}(?=\s*[万萬])|"
    r"\d{1,3}(?:，\d{3}){2,}(?=(?:[.．]\d+)?\s*[元块圆]))(?!\d)"
)
"""Thousands that an input method for full-width signs set apart; else «，» parts two numbers."""
_DICTATED = re.compile(r"(?<![\d.,])\d(?:[ \u3000]\d){2,}(?=[ \u3000]?[万萬亿億元块塊wW％%])")
_ITEM = re.compile(r"(?:^|(?<=[\s；;，,。：:]))\d{1,2}[.．、)）](?=\s*[\u3400-\u9fff])")
"""The number of an item in a list («1.员工19 2.营收505万»), of which there are at least two."""
_CANTED_THREE = re.compile(r"[參参](?=[拾佰仟萬万億亿])")
_WORD = "[零〇一二三四五六七八九十百千万萬亿億两兩点點]"
_SPELT = re.compile(rf"(?<!{_WORD}){_WORD}(?:[ \u3000]{_WORD}){{2,}}(?!{_WORD})")


class NormalText(msgspec.Struct, frozen=True):
    """``plain`` is matched; ``starts[i]`` is the index of ``plain[i]`` in the original text."""

    plain: str
    starts: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text behind ``plain[start:end]``; an empty span stays empty."""
        if not self.plain:
            return 0, 0
        if end <= start:
            at = self.starts[min(start, len(self.starts) - 1)]
            return at, at
        return self.starts[start], self.starts[end - 1] + 1


@lru_cache(maxsize=65536)
def _normal(char: str) -> str:
    """What one character becomes: any number of characters, none for invisible ones."""
    if char in _SEPARATORS:
        return {"！": "!", "？": "?", "；": ";"}.get(char, char)
    if char in _DASHES:
        return "-"
    if char in _TILDES:
        return "~"
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Mn", "Me", "Co", "Cn"):
        return ""
    if char in "\r\n\u2028\u2029":
        return "\n"
    if char.isspace() or category.startswith("Z") or category == "Cc":
        return " "
    char = _VARIANTS.get(char, char)
    folded = unicodedata.normalize("NFKC", char).lower()
    if "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char > "\uffff":
        folded = str(zhconv.convert(folded, "zh-hans"))
    return folded.strip() or " "


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _drops_space(before: str, after: str) -> bool:
    """Whether blanks between two characters only tear a number, a unit or an abbreviation apart."""
    if not before or not after or before == "\n" or after == "\n" or after == " " or before == " ":
        return True
    if after.isdigit() or after in "%&":
        return _is_han(before) or before in "&.:=<>≥≤~-"
    if before.isdigit():
        return after in _UNIT_STARTS or after in "~-w" or not (_is_han(after) or after.isalpha())
    return (
        before == "&" or not (_is_han(before) or before.isalpha()) or not (_is_han(after) or after.isalpha())
    )


def _torn(text: str) -> dict[int, str]:
    """What stands instead of characters that tear a number apart: «１，２３４», «2 2 0 0 万», «三 百»."""
    out: dict[int, str] = {}
    for match in _GROUPED.finditer(text):
        out.update((i, ",") for i in range(*match.span()) if text[i] == "，")
    out.update((match.start(), "叁") for match in _CANTED_THREE.finditer(text))
    items = list(_ITEM.finditer(text))
    if len(items) > 1:
        for match in items:
            out.update((i, "") for i in range(*match.span()))
            out[match.start()] = "，"
    for match in (*_DICTATED.finditer(text), *_SPELT.finditer(text)):
        if match.re is _DICTATED or re.search("[十百千万萬亿億]", match.group()):
            out.update((i, "") for i in range(*match.span()) if text[i] in " \u3000")
    return out


def normalise(text: str) -> NormalText:
    """Full width → half width, traditional → simplified, lower case; blanks inside quantities are dropped.

    Never fails, whatever ``text`` holds; a blank that separates two phrases stays as one blank.
    """
    chars: list[str] = []
    starts: list[int] = []
    torn = _torn(text)
    for index, original in enumerate(text):
        for char in torn[index] if index in torn else _normal(original):
            chars.append(char)
            starts.append(index)
    kept: list[int] = []
    for index, char in enumerate(chars):
        if char == " ":
            before = chars[kept[-1]] if kept else ""
            after = chars[index + 1] if index + 1 < len(chars) else ""
            if _drops_space(before, after):
                continue
        kept.append(index)
    return NormalText("".join(chars[i] for i in kept), tuple(starts[i] for i in kept))
