"""Yes/no facts with negation: 还没拿高企, 没得抵押, 正在申请 — and questions about a title,
which state nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.absences import counted, none_of
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.polarity import ASKED, NO_BEFORE, TOPIC_AFTER, affirmed, own_polarity, window
from bot.understanding.register import registered
from bot.understanding.segments import Segment
from bot.understanding.terms import Term
from bot.understanding.title_lists import lists_of, shared, verdicts
from bot.understanding.title_words import COUNTED_FLAGS
from bot.understanding.verdicts import Verdict, verdict_behind

_WAITING = re.compile(r"等(?:着|到|我们?|咱们?|公司|企业|[ 的这个那个])*$")
_CREDIT = ("has_overdue", "has_major_violation")
_OPEN = "创新型"
"""Short for a title only where nothing else hangs on it: not in 创新型产品."""


def find_flags(a: Analysis) -> list[Finding]:
    """Titles and counted things with yes or no;
    a lone 「没有」 closes a whole list (专精特新、小巨人都没有)."""
    out: list[Finding] = []
    terms = [t for t in a.terms if t.group == "flag" and not _part_of_word(t, a)]
    lists = lists_of(terms, a)
    behind = verdicts(lists, a)
    floor = 0
    for group, verdict in zip(lists, behind, strict=True):
        own = {t: own_polarity(t, a.segment_at(t.start), a, floor) for t in group}
        _spread(group, own, a)
        if verdict is not None:
            floor = verdict.end
            own[group[-1]] = _weighed(own[group[-1]], verdict, group[-1])
            for term in group[:-1] if shared(group, verdict, a) else ():
                if own[term] in (None, "skip"):
                    own[term] = _weighed(own[term], verdict, term)
        for index, term in enumerate(group):
            out += _stated(term, own[term], group, index, verdict, a)
    out += registered(a)
    return out


def _part_of_word(term: Term, a: Analysis) -> bool:
    behind = a.text[term.end : term.end + 8]
    return a.text[term.start : term.end] == _OPEN and not (
        re.match(r"$|[^\w]|[和跟与及]", behind) or verdict_behind(behind)
    )


def _weighed(own: bool | str | None, verdict: Verdict, term: Term) -> bool | str | None:
    """What holds of a title: words behind it say more than those before it."""
    if term.key in COUNTED_FLAGS or not term.key.startswith("is_"):
        return False if own is None and verdict.kind == "lost" and term.key in COUNTED_FLAGS else own
    if verdict.kind == "busy":
        return own if own is not None else "skip"
    return verdict.kind == "held"


def _stated(
    term: Term,
    value: bool | str | None,
    group: Sequence[Term],
    index: int,
    verdict: Verdict | None,
    a: Analysis,
) -> list[Finding]:
    segment = a.segment_at(term.start)
    if value == "skip" or (segment.others and verdict is None):
        return []
    if _WAITING.search(window(term, segment, a)[0]):
        return []
    if term.key in COUNTED_FLAGS:
        return none_of(term, segment, a) if value is False and not counted(term, a) else []
    if not term.key.startswith("is_"):
        return []
    if value is None and (
        affirmed(group[0], a, group[-1]) or any(affirmed(t, a) for t in group[index : index + 5])
    ):
        value = None if _blocked(term, segment, a) else True
    if value is None or (segment.rule and (segment.question or value is True)):
        return []
    return [Finding(term.key, bool(value), term.start, term.end)]


def _blocked(term: Term, segment: Segment, a: Analysis) -> bool:
    left, right = window(term, segment, a)
    return bool(ASKED.search(left) or segment.rule or (segment.question and TOPIC_AFTER.match(right)))


def _spread(group: Sequence[Term], own: dict[Term, bool | str | None], a: Analysis) -> None:
    """A negation at the head or the tail of a list holds for all of it."""
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
            and (term.key in _CREDIT) == (group[index + 1].key in _CREDIT)
            and re.fullmatch(r"(?:和|跟|与|、|及|或|或者|以及|也没|还有|/|企业)*", between)
            and NO_BEFORE.search(a.text[a.segment_at(first.start).start : first.start])
        ):
            own[group[index + 1]] = False
