"""Vocabulary lookup over characters: spaCy's blank ``zh`` pipeline and its PhraseMatcher,
longest term first."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

import msgspec
import spacy
from spacy.matcher import PhraseMatcher

_OPTION = re.compile(r"\{([^{}]*)\}")


class Term(msgspec.Struct, frozen=True):
    """A known word: ``group`` says what it is (anchor, flag, product …), ``key`` which one."""

    group: str
    key: str
    start: int
    end: int


def expand(pattern: str) -> list[str]:
    """All spellings of 「研发{费用|投入|}占{营收|收入}」; ``{a|b|}`` lists alternatives."""
    parts = _OPTION.split(pattern)
    choices = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(combination) for combination in itertools.product(*choices)]


class TermMatcher:
    """Finds the terms of several vocabularies: ``{group: {key: [pattern,
    …]}}`` with patterns for :func:`expand`."""

    def __init__(self, vocabularies: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        self._nlp = spacy.blank("zh")
        self._matcher = PhraseMatcher(self._nlp.vocab)
        for group, words in vocabularies.items():
            for key, patterns in words.items():
                spellings = {spelling for pattern in patterns for spelling in expand(pattern) if spelling}
                if spellings:
                    self._matcher.add(f"{group}\t{key}", [self._nlp.make_doc(s) for s in sorted(spellings)])

    def find(self, text: str) -> list[Term]:
        """Every term in normal text, overlapping ones too, ordered by place."""
        if not text.strip():
            return []
        doc = self._nlp.make_doc(text)
        strings = self._nlp.vocab.strings
        terms = []
        for label, first, last in self._matcher(doc):
            group, key = strings[label].split("\t")
            terms.append(Term(group, key, doc[first].idx, doc[last - 1].idx + len(doc[last - 1])))
        return sorted(terms, key=lambda term: (term.start, -term.end, term.group, term.key))


def longest(terms: Iterable[Term]) -> list[Term]:
    """Without terms that overlap a longer one (of equal ones the first stays), ordered by place."""
    kept: list[Term] = []
    taken: set[int] = set()
    for term in sorted(terms, key=lambda t: (-(t.end - t.start), t.start)):
        if not taken.intersection(range(term.start, term.end)):
            kept.append(term)
            taken.update(range(term.start, term.end))
    return sorted(kept, key=lambda term: term.start)
