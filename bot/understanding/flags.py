"""Yes/no facts with negation: 还没拿高企, 没得抵押, 正在申请 — and questions about a title,
which state nothing."""

from __future__ import annotations

import re

from bot.understanding.absences import counted, none_of
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import ASKED, LINK, NO_BEFORE, TOPIC_AFTER, affirmed, own_polarity, window
from bot.understanding.register import registered
from bot.understanding.segments import Segment
from bot.understanding.terms import Term
from bot.understanding.title_words import COUNTED_FLAGS


def find_flags(a: Analysis) -> list[Finding]:
    """Titles and counted things with yes or no;
    a lone 「没有」 closes a whole list (专精特新、小巨人都没有)."""
    out: list[Finding] = []
    terms = [t for t in a.terms if t.group == "flag"]
    own = {t: own_polarity(t, a.segment_at(t.start), a) for t in terms}
    chain: list[Term] = []
    chains: list[list[Term]] = []
    for term in terms:
        joined = (
            chain
            and LINK.fullmatch(a.text[chain[-1].end : term.start])
            and a.segment_at(term.start).sentence == a.segment_at(chain[-1].start).sentence
        )
        if joined:
            chain.append(term)
        else:
            chain = [term]
            chains.append(chain)
    for group in chains:
        _spread(group, own, a)
        for index, term in enumerate(group):
            segment = a.segment_at(term.start)
            if segment.others:
                continue
            value = own[term]
            if value == "skip":
                continue
            if term.key in COUNTED_FLAGS:
                if value is False and not counted(term, a):
                    out += none_of(term, segment, a)
                continue
            if term.key in ("has_collateral", "has_overdue", "has_major_violation"):
                continue
            if value is False and not (segment.rule and segment.question):
                out.append(Finding(term.key, False, term.start, term.end))
            elif value is True or (
                value is None
                and (
                    affirmed(group[0], a, group[-1]) or any(affirmed(t, a) for t in group[index : index + 5])
                )
                and not _blocked(term, segment, a)
            ):
                out.append(Finding(term.key, True, term.start, term.end))
    out += registered(a)
    return out


def _blocked(term: Term, segment: Segment, a: Analysis) -> bool:
    left, right = window(term, segment, a)
    return bool(ASKED.search(left) or segment.rule or (segment.question and TOPIC_AFTER.match(right)))


_ALL_NONE = re.compile(
    r"(?:我们?|咱们?|公司|这些)*(?:一个|一样|哪个|统统|通通|全部?|都|也|啥)*(?:都|也)?(?:没有|没得|没拿|没评|不是|莫得)"
)
_ALL_HELD = re.compile(r"(?:我们?|咱们?|公司)*(?:两个|几个|这几[样个]|样样|全部?|都|也)+(?:是|有|拿到|齐)")


def _close(group: list[Term], own: dict[Term, bool | str | None], a: Analysis) -> None:
    """「专精特新、小巨人,我们一个都没得」: the verdict on a list in a stretch of its own."""
    segment = a.segment_at(group[-1].start)
    if len(group) < 2 or a.text[group[-1].end : segment.end].strip():
        return
    after = next((s for s in a.segments if s.start >= segment.end), None)
    if after is None or after.sentence != segment.sentence or after.question:
        return
    if any(after.start <= t.start < after.end for t in a.terms if t.group == "flag"):
        return
    value = False if _ALL_NONE.match(after.text) else True if _ALL_HELD.match(after.text) else None
    for term in group:
        if value is not None and own[term] in (None, "skip"):
            own[term] = value


def _spread(group: list[Term], own: dict[Term, bool | str | None], a: Analysis) -> None:
    """A negation at the head or the tail of a list holds for all of it."""
    _close(group, own, a)
    if len(group) < 2:
        return
    last, first = group[-1], group[0]
    segment = a.segment_at(last.start)
    tail = a.text[last.end : segment.end]
    together = (
        bool(
            re.match(
                r"(?:企业|证书?|资质|什么的|啥的|这些|,|，)*(?:我们|公司)?(?:也|都|全|一个|一样|统统)", tail
            )
        )
        and own[last] is False
    )
    for index, term in enumerate(group[:-1]):
        if together and own[term] is None:
            own[term] = False
        between = a.text[term.end : group[index + 1].start]
        if (
            own[term] is False
            and own[group[index + 1]] is None
            and re.fullmatch(r"(?:和|跟|与|、|及|或|或者|以及|也没|还有|/|企业)*", between)
            and NO_BEFORE.search(a.text[a.segment_at(first.start).start : first.start])
        ):
            own[group[index + 1]] = False
