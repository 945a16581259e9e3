"""One message prepared for the fact finders: normal text, numbers, years, vocabulary, segments."""

from __future__ import annotations

import datetime
import re

import msgspec

from bot.catalog.values import Bound
from bot.understanding.dates import YearMention
from bot.understanding.normalise import NormalText
from bot.understanding.quantities import Quantity
from bot.understanding.segments import Segment
from bot.understanding.terms import Term


class Finding(msgspec.Struct):
    """A fact found in normal text, before it is turned into a mention of the original text."""

    fact: str
    value: bool | int | float | str
    start: int
    end: int
    bound: Bound | None = None
    implied: bool = False  # follows from context; an explicit finding of the same fact wins


class Analysis(msgspec.Struct):
    """Everything that the fact finders look at. Offsets are into ``text`` (normal text)."""

    normal: NormalText
    text: str
    today: datetime.date
    asked: str | None
    segments: list[Segment]
    quantities: list[Quantity]
    years: list[YearMention]
    terms: list[Term]
    used: set[int] = msgspec.field(default_factory=set)
    """Starts of quantities that already found their fact or were found to mean nothing."""

    def group(self, name: str) -> list[Term]:
        return [term for term in self.terms if term.group == name]

    def segment_at(self, place: int) -> Segment:
        for segment in self.segments:
            if segment.start <= place < segment.end:
                return segment
        return self.segments[-1]

    def sentence_text(self, segment: Segment) -> str:
        same = [s for s in self.segments if s.sentence == segment.sentence]
        return self.text[same[0].start : same[-1].end]

    def sentence_before(self, segment: Segment, place: int) -> str:
        first = next(s for s in self.segments if s.sentence == segment.sentence)
        return self.text[first.start : place]

    def quantities_in(self, segment: Segment) -> list[Quantity]:
        return [q for q in self.quantities if segment.start <= q.start < segment.end]

    def left_of(self, q: Quantity, segment: Segment) -> str:
        """Text of the segment between the previous number and ``q`` (with its hedge words)."""
        before = [o.end for o in self.quantities if segment.start <= o.start < q.start]
        return self.text[max([segment.start, *before]) : q.start]

    def right_of(self, q: Quantity, segment: Segment) -> str:
        """Text of the segment between ``q`` and the next number."""
        after = [o.start for o in self.quantities if q.end <= o.start < segment.end]
        return self.text[q.end : min([segment.end, *after])]


def has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None
