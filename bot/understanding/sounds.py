"""Pinyin for finding misspelt names: same sounds in other characters (科创宝 for 科创保),
near sounds included."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, pinyin

_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_ALSO = {"栖": ("xi",), "贷": ("dai",), "增": ("zeng",), "行": ("xing",), "拔": ("bo",)}
"""Readings that people confuse; the dictionary's rare readings would make too much alike."""
_NEAR_END = (("ang", "an"), ("eng", "en"), ("ing", "in"))


def _blur(syllable: str) -> str:
    """What Chongqing ears (and thumbs) take for the same: zh/z, n/l, -ing/-in, h/f."""
    for long, short in _NEAR:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _NEAR_END:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    if syllable.startswith("n"):
        syllable = "l" + syllable[1:]
    return "f" + syllable[2:] if syllable.startswith("hu") and len(syllable) > 2 else syllable


@lru_cache(maxsize=16384)
def sound(char: str) -> frozenset[str]:
    """Blurred sounds of one character; the character itself where it has none."""
    if not "\u3400" <= char <= "\u9fff":
        return frozenset((char,))
    readings = _ALSO.get(char, ()) + tuple(pinyin(char, style=Style.NORMAL)[0])
    return frozenset(_blur(s) for s in readings)


def alike(first: str, second: str) -> bool:
    """Whether two characters sound the same or nearly so."""
    return first == second or not sound(first).isdisjoint(sound(second))


def letters(name: str) -> str:
    """A name in Pinyin without tones, as on a keyboard: xiantouhougu."""
    return "".join(_typed(char) for char in name)


def spelt(text: str) -> tuple[str, list[int]]:
    """A text in Pinyin, blanks and dots left out, and the place in the text of each letter."""
    out: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        piece = "" if char in " .'" else _typed(char)
        out.append(piece)
        places += [at] * len(piece)
    return "".join(out), places


@lru_cache(maxsize=16384)
def _typed(char: str) -> str:
    return str(pinyin(char, style=Style.NORMAL)[0][0]) if "\u3400" <= char <= "\u9fff" else char
