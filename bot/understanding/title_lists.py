"""Titles that stand together (高企、专精特新、小巨人都没得), and the verdict behind them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bot.understanding.analysis import Analysis
from bot.understanding.polarity import HAVE, LINK, NO_BEFORE
from bot.understanding.segments import Segment
from bot.understanding.terms import Term
from bot.understanding.verdicts import Verdict, verdict_alone, verdict_behind

_WHOLE_LIST = re.compile(
    r"都|全|统统|通通|一概|一律|一个|一样|半个|哪个|样样|皆|均|[几两三四五]个|[两三四五]项"
)
_SUBJECT = re.compile(r"(?:我们?|咱们?|我司|公司|单位|本公司|本企业|企业|[,，:;(\d)])*$")
_OURS = re.compile(r"我们?|我司|咱|自己|本公司")
_GOES_ON = re.compile(r"(?:的|了|过)?(?:能|可|想|还|够|贷|要)")
_PARTICLES = re.compile(r"[ 哦啊哈嘛呢呀的噻嘞之类这些那些]*")
_FAR = 40
"""Characters behind a list in which its verdict is looked for."""
_LATER = 3
"""Segments behind the one with the title that may go on about it (22年拿的,没续,过期了)."""


def lists_of(terms: Sequence[Term], a: Analysis) -> list[list[Term]]:
    """Flags in runs with nothing but links between them, in the order of the text."""
    out: list[list[Term]] = []
    for term in terms:
        last = out[-1][-1] if out else None
        if (
            last is not None
            and LINK.fullmatch(a.text[last.end : term.start])
            and a.segment_at(term.start).sentence == a.segment_at(last.start).sentence
        ):
            out[-1].append(term)
        else:
            out.append([term])
    return out


def verdicts(lists: Sequence[Sequence[Term]], a: Analysis) -> list[Verdict | None]:
    """For each list what is said behind it; ``end`` is a place in the text."""
    out: list[Verdict | None] = []
    for index, group in enumerate(lists):
        follower = lists[index + 1][0].start if index + 1 < len(lists) else len(a.text)
        segment = a.segment_at(group[-1].end - 1)
        out.append(_behind(group[-1].end, follower, segment, a))
    for index in range(len(lists) - 1):
        # 「小巨人没有专精特新有」: words between two titles speak of the first where the last has its own.
        segment = a.segment_at(lists[index][-1].start)
        if lists[index + 1][0].start < segment.end and not _verdicts_follow(index, lists, out, a):
            out[index] = None
    return out


def shared(group: Sequence[Term], found: Verdict, a: Analysis) -> bool:
    """Whether the verdict behind a list holds for all of it, not only for its last title."""
    said = a.text[group[-1].end : found.end]
    links = "".join(a.text[one.end : other.start] for one, other in itertools.pairwise(group))
    return found.kind == "held" or not re.search("[,， ]", links) or _WHOLE_LIST.search(said) is not None


def _behind(start: int, follower: int, segment: Segment, a: Analysis) -> Verdict | None:
    """The verdict between a list and the next: the last one, where several follow each other."""
    own = a.text[start : min(segment.end, follower, start + _FAR)]
    found = None if segment.others else verdict_behind(own)
    if found is not None:
        if found.kind == "held" and segment.question and not _beyond(own, found.end, segment):
            return None
        found = Verdict(found.kind, start + found.end)
    elif segment.question and not _PARTICLES.fullmatch(own):
        return None
    at = segment
    for _ in range(_LATER):
        after = next((s for s in a.segments if s.start >= at.end), None)
        if after is None or after.sentence != segment.sentence or after.end > follower:
            break
        if (at.others or after.others) and not _OURS.search(after.text):
            break
        later = verdict_alone(after.text)
        if later is None:
            break
        if later.kind != "busy" or found is None:
            found = Verdict(later.kind, after.start + later.end)
        at = after
    return found


def _beyond(own: str, end: int, segment: Segment) -> bool:
    """「高企拿到了能贷多少」: the question goes beyond the title; 「是否高企:是」 answers itself."""
    return (
        own.startswith(":")
        or _GOES_ON.match(own, end) is not None
        or re.search("我|咱", segment.text) is not None
    )


def _verdicts_follow(
    index: int, lists: Sequence[Sequence[Term]], found: Sequence[Verdict | None], a: Analysis
) -> bool:
    """Whether in this segment verdicts stand behind their titles."""
    if found[index] is None:
        return False
    segment = a.segment_at(lists[index][-1].start)
    inside = [i for i, group in enumerate(lists) if segment.start <= group[-1].start < segment.end]
    before = a.text[segment.start : lists[inside[0]][0].start]
    if _SUBJECT.search(before) and (NO_BEFORE.search(before) or HAVE.search(before)):
        return False
    return found[inside[-1]] is not None
