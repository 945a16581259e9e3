"""One message prepared for the fact finders: normal text, numbers, years, vocabulary, segments."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right

import msgspec

from bot.catalog.values import Bound
from bot.understanding.dates import YearMention
from bot.understanding.normalise import NormalText
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment
from bot.understanding.terms import Term

_FAR = 400
"""Characters around a place that are looked at; nobody states one thing over a longer stretch."""
_MANY = 400
"""Numbers of one segment that are told apart."""


class Finding(msgspec.Struct):
    """A fact found in normal text, before it is turned into a mention of the original text."""

    fact: str
    value: bool | int | float | str
    start: int
    end: int
    bound: Bound | None = None
    implied: bool = False  # follows from context; an explicit finding of the same fact wins


class Analysis:
    """Everything that the fact finders look at. Offsets are into ``text`` (normal text)."""

    def __init__(
        self,
        normal: NormalText,
        text: str,
        today: datetime.date,
        asked: str | None,
        segments: list[Segment],
        quantities: list[Quantity],
        years: list[YearMention],
        terms: list[Term],
    ) -> None:
        self.normal = normal
        self.text = text
        self.today = today
        self.asked = asked
        self.segments = segments
        self.quantities = quantities
        self.years = years
        self.terms = terms
        self.retracted = False
        """Whether the message takes a number back; it is blanked out of ``text``."""
        self.used: set[int] = set()
        """Starts of quantities that already found their fact or were found to mean nothing."""
        self._segment_starts = [segment.start for segment in segments]
        self._by_segment: dict[int, list[Quantity]] = {}
        for quantity in quantities:
            self._by_segment.setdefault(self.segment_at(quantity.start).start, []).append(quantity)
        self._sentences: dict[int, tuple[int, int]] = {}
        for segment in segments:
            first = self._sentences.get(segment.sentence, (segment.start, 0))[0]
            self._sentences[segment.sentence] = (first, segment.end)

    def group(self, name: str) -> list[Term]:
        return [term for term in self.terms if term.group == name]

    def segment_at(self, place: int) -> Segment:
        """The segment around a place (the one before it, for a place between two)."""
        return self.segments[max(0, bisect_right(self._segment_starts, place) - 1)]

    def segment_before(self, segment: Segment) -> Segment | None:
        index = bisect_left(self._segment_starts, segment.start)
        return self.segments[index - 1] if index else None

    def sentence_text(self, segment: Segment) -> str:
        start, end = self._sentences[segment.sentence]
        return self.text[max(start, segment.start - _FAR) : min(end, segment.end + _FAR)]

    def sentence_before(self, segment: Segment, place: int) -> str:
        return self.text[max(self._sentences[segment.sentence][0], place - _FAR) : place]

    def names_other(self, groups: tuple[str, ...], *facts: str | None) -> bool:
        """Whether the message has a word of these groups that belongs to none of ``facts``."""
        return any(t.group in groups and t.key not in facts for t in self.terms)

    def states(self, segment: Segment) -> bool:
        """Whether a segment gives a figure or names a title."""
        if any(q.kind != "other" for q in self.quantities_in(segment)):
            return True
        return any(t.group == "flag" and segment.start <= t.start < segment.end for t in self.terms)

    def quantities_in(self, segment: Segment) -> list[Quantity]:
        return self._by_segment.get(segment.start, [])

    def left_of(self, q: Quantity, segment: Segment) -> str:
        """Text of the segment between the previous number and ``q`` (with its hedge words)."""
        before = [
            o.end for o in self.quantities_in(segment)[-_MANY:] if o.start < q.start and o.kind != "other"
        ]
        return self.text[max([segment.start, q.start - _FAR, *before]) : q.start]

    def right_of(self, q: Quantity, segment: Segment) -> str:
        """Text of the segment between ``q`` and the next number."""
        after = [
            o.start for o in self.quantities_in(segment)[:_MANY] if q.end <= o.start and o.kind != "other"
        ]
        return self.text[q.end : min([segment.end, q.end + _FAR, *after])]


def has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None
