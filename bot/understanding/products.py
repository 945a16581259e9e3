"""Product names in a text: exact, with wrong characters of the same sound, with one slip of the finger."""

from __future__ import annotations

import re

from bot.understanding.lexicon import Lexicon
from bot.understanding.sounds import alike, sound
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
_NAMED_PLEDGE = re.compile(
    r"(?:专利|知识产权|软著|知产|商标)(?:权)?(?:证书?)?(?:能不能|可不可以|可以|能|怎么|怎样|"
    r"咋个?|拿去|拿来|想|去|是否可以|如何|能否)[^,，。]{0,4}(?:质押|抵押|押)(?:贷款|融资|贷)?|"
    r"(?:拿|用|以|把|凭|靠)(?:手上|手里|我们的?|公司的?|现有的?|几个|一些|这些|自己的?|"
    r"\d+[个项件])?(?:的)?(?:发明)?(?:专利|知识产权|软著|知产|商标)(?:权)?(?:去|来|做|办|可以|"
    r"能|作)*(?:质押|抵押|押)|(?:质押|抵押)(?:发明)?(?:专利|知识产权|软著|商标)|"
    r"(?:专利|知识产权|软著|商标)(?:证书?)?(?:质押|抵押|押|抵)给"
)
_OF = r"(?:的|那个|这个|那种|那家|这家|那只|这只|做|办|搞|家|里|,|，)*"
_DESCRIBED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ip_pledge_loan", _NAMED_PLEDGE),
    (
        "knowledge_value_loan",
        re.compile(
            r"知识价值"
            + _OF
            + r"(?:信用)?"
            + _OF
            + r"贷|(?:按|看|凭)专利[^,，。]{0,6}(?:信用|额度)[^,，。]{0,10}贷"
        ),
    ),
    (
        "science_city_guarantee",
        re.compile(r"科学城" + _OF + r"(?:融资)?" + _OF + r"担保|(?:融资)?担保[,，]?科学城(?:那|这)家"),
    ),
    ("qihang_fund", re.compile(r"[启起]航" + _OF + r"基金")),
    ("fengqi_angel_fund", re.compile(r"[凤风][栖西]" + _OF + r"(?:天使)?" + _OF + r"基金")),
    ("tiered_loan", re.compile(r"梯度" + _OF + r"贷")),
    ("green_twin_city_loan", re.compile(r"双城" + _OF + r"贷")),
    ("ecny_corporate_loan", re.compile(r"数字人民币" + _OF + r"(?:对公)?" + _OF + r"贷|数币" + _OF + r"贷")),
    (
        "dual_finance_link",
        re.compile(
            r"(?:投|给|拿)[^,，。]{0,4}股权?[^,，。]{0,3}(?:再|又|还)?[配加][^,，。]{0,5}(?:债|贷)|股[加+]债"
        ),
    ),
    ("grant_to_equity", re.compile(r"先(?:拨|给)款?[^,，。]{0,6}(?:再|后)[^,，。]{0,4}(?:投资|变投|转投)")),
    (
        "kechuangbao",
        re.compile(r"银行[^,，。]{0,4}放(?:了|完)?[款贷][^,，。]{0,8}(?:自动|就)[^,，。]{0,4}担保?"),
    ),
    (
        "innovation_points_loan",
        re.compile(
            r"(?:按|凭|用|靠|根据|看)(?:创新|企业)?积分[^,，。]{0,4}(?:额度|贷款|放款|授信|放贷)|"
            r"创新积分[^,，。]{0,2}(?:额度|放款|授信)"
        ),
    ),
    ("kechuangbao", re.compile(r"见贷即担[^,，。]{0,3}(?:产品|那个|那种|担保)")),
    (
        "invest_then_equity",
        re.compile(
            r"先(?:给钱|投钱|拨钱|出钱|资助|给资金|当项目投)[^,，。]{0,4}(?:再|后|然后|以后|后面|"
            r"以?后再)[^,，。]{0,4}(?:转|变|占|算|换)[^,，。]{0,2}股"
        ),
    ),
)
"""Products that are described rather than named."""
_GENERIC_TAIL = frozenset("贷款保金")


class ProductFinder:
    """Names of all products, indexed by the sound of their first characters."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names: list[tuple[str, str]] = [
            (name.lower(), key) for key, names in lexicon.products.items() for name in names if len(name) >= 3
        ]
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
        for key, pattern in _DESCRIBED:
            match = None if any(known == key for known, _, _ in hits) else pattern.search(text)
            if match:
                hits.append((key, match.start(), match.end()))
        return sorted(hits, key=lambda hit: hit[1])

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
