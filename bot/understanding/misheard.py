"""Titles written with other characters of the same sound: 高薪技术企业, 专精特薪, 小具人."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.sounds import alike, sound
from bot.understanding.terms import Term

_TITLES: tuple[tuple[str, str], ...] = (
    ("国家高新技术企业", "is_hnte"),
    ("高新技术企业", "is_hnte"),
    ("科技型中小企业", "is_tech_sme"),
    ("创新型中小企业", "is_innovative_sme"),
    ("重庆市科技型企业", "is_cq_tech_enterprise"),
    ("专精特新", "is_srdi"),
    ("小巨人", "is_little_giant"),
    ("瞪羚企业", "is_gazelle"),
)
_FIRST: dict[str, list[tuple[str, str]]] = {}
for _title, _fact in _TITLES:
    for _syllable in sound(_title[0]):
        _FIRST.setdefault(_syllable, []).append((_title, _fact))
_MOST_WRONG = 2


def misheard(text: str, known: Sequence[Term]) -> list[Term]:
    """Terms of group ``flag`` for misspelt titles of normal text, outside of the known terms."""
    taken = {i for t in known for i in range(t.start, t.end)}
    out: list[Term] = []
    for at in range(len(text)):
        if at in taken:
            continue
        for syllable in sound(text[at]):
            for title, fact in _FIRST.get(syllable, ()):
                end = at + len(title)
                piece = text[at:end]
                if len(piece) < len(title) or taken.intersection(range(at, end)):
                    continue
                wrong = sum(one != other for one, other in zip(piece, title, strict=True))
                if 0 < wrong <= min(_MOST_WRONG, len(title) // 2) and all(map(alike, piece, title)):
                    out.append(Term("flag", fact, at, end))
                    taken.update(range(at, end))
                    break
    return out
