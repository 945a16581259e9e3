"""Product names in a text: exact, with wrong characters of the same sound, with one slip of the finger."""

from __future__ import annotations

import re

from bot.understanding.lexicon import Lexicon
from bot.understanding.product_descriptions import DESCRIBED
from bot.understanding.sounds import alike, letters, sound, spelt
from bot.understanding.terms import Term

_SURE = 6
"""From this length on a misspelt name is believed even where other known words lie in it."""
_LONG = 5
_OWN = 4
_GENERIC = re.compile(r"信用贷款|信用贷|贷款|融资|基金|担保|公司|有限|贷$")
"""One wrong, missing or extra character is forgiven in names of ``_LONG`` characters with ``_OWN`` that are
not generic words; others must sound right."""

_FUZZY_UP_TO = 1500
"""Misspelt names are looked for in the first so many characters; exact ones everywhere."""

_LETTERS = re.compile(r"[a-z]{2}")
_LETTERED = 3
"""Characters that a name has at least where it is looked for in Pinyin."""
_SPELT_UP_TO = 200

_BLOCKED = {
    "knowledge_value_loan": re.compile(r"商业$"),
    "fengqi_angel_fund": re.compile(r"(?:其他|别的|外地|市场化|社会)$"),
    "industry_fund": re.compile(r"(?:启航|其他|区县|公|私)$"),
}
_BLOCKED_AFTER = {
    "knowledge_value_loan": re.compile(r"(?:信用)?(?:等级|评级|评价|评分|[a-e]级)"),
    "twin_city_credit_enhancement": re.compile(r"式"),
}
"""Words behind a short name that make it something else: a grade, not the loan."""
_GENERIC_TAIL = frozenset("贷款保金")


class ProductFinder:
    """Names of all products, indexed by the sound of their first characters."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names: list[tuple[str, str]] = [
            (name.lower(), key) for key, names in lexicon.products.items() for name in names if len(name) >= 3
        ]
        self._letters = sorted(
            ((letters(name), key) for name, key in self._names if len(name) >= _LETTERED),
            key=lambda item: -len(item[0]),
        )
        self._names.sort(key=lambda item: -len(item[0]))
        self._by_sound: dict[str, list[tuple[str, str]]] = {}
        for name, key in self._names:
            for char in name[:2]:
                for syllable in sound(char):
                    self._by_sound.setdefault(syllable, []).append((name, key))

    def find(self, text: str, exact: list[Term], busy: list[Term]) -> list[tuple[str, int, int]]:
        """(product id, start, end) in order; ``exact`` are the dictionary's hits,
        ``busy`` other known words."""
        hits = [(t.key, t.start, t.end) for t in exact if not self._blocked(t.key, text, t.start, t.end)]
        taken = {i for _, start, end in hits for i in range(start, end)}
        occupied = taken | {i for t in busy for i in range(t.start, t.end)}
        for at in range(min(len(text), _FUZZY_UP_TO)):
            if at in taken:
                continue
            found = self._misspelt(text, at, occupied)
            if found and not any(i in taken for i in range(found[1], found[2])):
                hits.append(found)
                taken.update(range(found[1], found[2]))
        hits += [hit for hit in self._spelt_out(text) if not taken.intersection(range(hit[1], hit[2]))]
        for key, pattern in DESCRIBED:
            match = None if any(known == key for known, _, _ in hits) else pattern.search(text)
            if match:
                hits.append((key, match.start(), match.end()))
        return sorted(hits, key=lambda hit: hit[1])

    def _spelt_out(self, text: str) -> list[tuple[str, int, int]]:
        """Names typed wholly or partly in Pinyin: xiantouhougu, zhongzi基金."""
        if _LETTERS.search(text) is None:
            return []
        whole, places = spelt(text[:_SPELT_UP_TO])
        for name, key in self._letters:
            at = whole.find(name)
            if at < 0:
                continue
            start, end = places[at], places[at + len(name) - 1] + 1
            if _LETTERS.search(text[start:end]):
                return [(key, start, end)]
        return []

    def _blocked(self, key: str, text: str, start: int, end: int) -> bool:
        before, after = _BLOCKED.get(key), _BLOCKED_AFTER.get(key)
        if before is not None and before.search(text[max(0, start - 4) : start]):
            return True
        return after is not None and text[end - 1] not in _GENERIC_TAIL and bool(after.match(text, end))

    def _misspelt(self, text: str, at: int, occupied: set[int]) -> tuple[str, int, int] | None:
        tried: set[str] = set()
        for syllable in sound(text[at]):
            for name, key in self._by_sound.get(syllable, ()):
                if name in tried:
                    continue
                tried.add(name)
                end = _match(text, at, name)
                if end and not self._blocked(key, text, at, end):
                    known = sum(i in occupied for i in range(at, end)) * 2 > end - at
                    if known and text[at:end] != name and len(name) < _SURE:
                        continue
                    return key, at, end
        return None


def _match(text: str, at: int, name: str) -> int:
    """End of a misspelling of ``name`` at ``at``, or 0."""
    size = len(name)
    own = size >= _LONG and len(_GENERIC.sub("", name)) >= _OWN
    piece = text[at : at + size]
    if len(piece) == size:
        wrong = [i for i in range(size) if not alike(piece[i], name[i])]
        changed = [i for i in range(size) if piece[i] != name[i]]
        if not wrong and (size >= 4 or (len(changed) <= 2 and piece[0] == name[0]) or len(changed) <= 1):
            return at + size
        if (
            own
            and len(wrong) == 1
            and wrong[0] != size - 1
            and len(changed) <= 2
            and _is_han(piece[wrong[0]])
        ):
            return at + size
        if (
            size >= 4
            and len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and piece[wrong[0]] == name[wrong[1]]
            and piece[wrong[1]] == name[wrong[0]]
        ):
            return at + size
    if own:
        for drop in range(1, size - 1):
            short = name[:drop] + name[drop + 1 :]
            piece = text[at : at + size - 1]
            if len(piece) == size - 1 and all(x == y for x, y in zip(piece, short, strict=True)):
                return at + size - 1
            piece = text[at : at + size + 1]
            if len(piece) == size + 1 and piece[:drop] + piece[drop + 1 :] == name and _is_han(piece[drop]):
                return at + size + 1
    return 0


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" and char not in "和跟与或的,"
