"""Where the firm is registered: a district by name, and whether that settles 「在高新区」.

Names that stand together (渝北区空港) are one place. Who or what is there is told by the words before it, up
to the place before (不在高新区在铜梁: each has its own 在); whether only its banks, rules or customers are
spoken of is told by the words behind it.
"""

from __future__ import annotations

import re

import msgspec

from bot.understanding import place_cues as cue
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.segments import Segment
from bot.understanding.terms import Term


class _Place(msgspec.Struct, frozen=True):
    """Names that stand together, the widest mostly first, with the words of their segment around them.

    ``left`` begins behind the place before where the words between are a clause of their own; ``clause`` is
    the text between the places next to it.
    """

    names: list[Term]
    segment: Segment
    left: str
    right: str
    clause: str

    @property
    def group(self) -> str:
        return self.names[0].group

    @property
    def in_zone(self) -> bool:
        """Whether it names the zone; 「璧山高新区」 is another one."""
        return self.names[-1].group == "zone" and not any(
            t.group in ("outside", "elsewhere") for t in self.names
        )

    def findings(self, placed: bool) -> list[Finding]:
        """What it says if the firm is there, or is not."""
        out: list[Finding] = []
        named = {t.group: t for t in reversed(self.names)}
        if self.in_zone:
            out.append(Finding("in_zone", placed, named["zone"].start, named["zone"].end))
        if not placed:
            return out
        away = named.get("outside") or named.get("elsewhere")
        if away and not self.in_zone:
            out.append(Finding("in_zone", False, away.start, away.end, implied=True))
        district = named.get("outside") or named.get("around")
        if district:
            out.append(Finding("district", district.key, district.start, district.end))
        return out


def find_places(a: Analysis) -> list[Finding]:
    """``district`` and ``in_zone``. A district that holds part of the zone settles nothing (contract)."""
    found: list[tuple[_Place, Finding]] = []
    for place in _places(a):
        placed = None if place.segment.others else _placed(place, a)
        if placed is None:
            continue
        if placed and cue.MOVE_IN.search(place.left) and not place.segment.what_if:
            found = []  # where the firm was before no longer counts
        found += [(place, finding) for finding in place.findings(placed)]
    return _registered(found, a)


def answer_place(a: Analysis, fact: str) -> list[Finding]:
    """A bare place name to 「在哪个区」 or 「在高新区吗」."""
    if cue.ASKS.search(a.text):
        return []
    if fact == "in_zone":
        town = re.match(r"(?:我们|就|是|在)*(?:石板|走马)(?:镇|街道|那边)?(?=$|[,，。的了])", a.text)
        came = None if a.segments[0].question else cue.CAME.search(a.text)
        side = cue.SIDE.search(a.text)
        for said, inside in (
            (town, True),
            (came, not cue.NOT_YET.search(a.text)),
            (side, bool(side and side["out"] is None)),
        ):
            if said:
                return [Finding("in_zone", inside, *said.span())]
    out: list[Finding] = []
    for place in _places(a):
        if not _past(place):
            found = place.findings(not cue.NOT_AT.search(place.left))
            out += [f for f in found if f.fact in (fact, "district") or f.implied]
    return out


def _places(a: Analysis) -> list[_Place]:
    chains: list[list[Term]] = []
    for term in a.terms:
        if term.group not in ("zone", "outside", "around", "elsewhere"):
            continue
        if cue.NOT_NAME.match(a.text, term.start) or a.text[max(0, term.start - 1) : term.start] == "航":
            continue
        if chains and cue.WITHIN.fullmatch(a.text, chains[-1][-1].end, term.start):
            chains[-1].append(term)
        else:
            chains.append([term])
    out: list[_Place] = []
    for number, names in enumerate(chains):
        segment = a.segment_at(names[0].start)
        start, end = names[0].start, names[-1].end
        before = chains[number - 1][-1].end if number else 0
        after = chains[number + 1][0].start if number + 1 < len(chains) else len(a.text)
        own = cue.NEXT_CLAUSE.match(a.text, before, start)
        left = a.text[max(before if own else 0, segment.start) : start]
        left = re.sub(r"(?:重庆市?|我市|西部|[\s「\"'(-])+$", "", left)
        clause = a.text[max(before, segment.start) : min(after, segment.end)]
        out.append(_Place(names, segment, left, a.text[end : segment.end], clause))
    return out


def _past(place: _Place) -> bool:
    """Whether the firm was there and left: 「以前在两江新区」, 「刚从北碚迁来」."""
    left = place.left
    if cue.FROM.search(left) and cue.PLANS_MOVE.search(left):
        return False  # 「准备从渝北迁到高新区」: it still is there
    return bool(cue.ONCE.search(left) or cue.FROM.search(left) or cue.MOVED_AWAY.match(place.right))


def _placed(place: _Place, a: Analysis) -> bool | None:
    """True: the firm is there; False: it says it is not; None: the place is only talked about."""
    left, right, segment = place.left, place.right, place.segment
    if cue.NEAR.search(left):
        return None
    if cue.BEYOND.match(right) or cue.NOT_AT.search(left) or cue.NOT_THERE.match(right):
        return False
    if segment.rule or _past(place) or cue.SUPPOSES.search(left) or _planned(place, a):
        return None
    if cue.YOURS.search(left) or cue.OFFICE.match(right) or _asked_about(place):
        return None
    if cue.NOT_THE_FIRM.match(right) or cue.PASSING.match(right) or not _about_firm(place, a):
        return None
    far = place.group == "elsewhere"
    if far and cue.SELLS.match(right):
        return None
    if cue.AT.search(left) or cue.FROM.search(left):
        return True
    if cue.LEAD.match(left.rsplit(":", 1)[-1]):
        return _introduced(place, a) or None
    # 「做冷链的江北公司」
    return bool(not far and cue.MADE_IN.search(left) and cue.FIRM.match(right)) or None


def _planned(place: _Place, a: Analysis) -> bool:
    """Whether the firm only wants to go there."""
    left, segment = place.left, place.segment
    if cue.PLANS.search(left):
        return True
    if cue.MOVE_IN.search(left) and (
        segment.question or cue.PLANS_MOVE.search(a.text[segment.start : place.names[0].start])
    ):
        return not segment.what_if
    wants = not segment.what_if and cue.WANTS.search(left)
    return bool(wants and not (cue.DONE.search(left) or cue.DONE.search(place.right)))


def _asked_about(place: _Place) -> bool:
    """Whether the question is about the place: 「高新区有什么政策」, 「西永属于高新区吗」."""
    segment, left, right = place.segment, place.left, place.right
    ours = re.search(r"我|咱|本公司|本企业|本人", segment.text)
    if re.search(r"哪|怎么|什么", segment.text) and not ours:
        return True
    if not segment.question:
        return False
    if not left and cue.QUESTIONED.match(right):
        return True
    about_zone = place.in_zone and re.search(r"(?:在|属于|是|算|归)$", left)
    return bool(
        about_zone and (cue.IS_THE_ZONE.fullmatch(right) or (not ours and re.match("(?:请问)?在$", left)))
    )


def _introduced(place: _Place, a: Analysis) -> bool:
    """Whether a place at the head of a segment is the firm's own."""
    right, segment = place.right, place.segment
    if (
        cue.ALONE.fullmatch(right)
        or cue.FIRM.match(cue.BODY.sub("", right))
        or cue.FIRM.match(right)
        or cue.STREET.match(right)
    ):
        return True
    works = cue.WORKS.match(right) or cue.WORKSHOP.fullmatch(right)
    if place.group != "elsewhere" and not segment.question and works:
        return True
    if place.group not in ("outside", "around"):
        return False
    if cue.MAY.match(right):
        return True
    lists_facts = len(a.segments) > 1 or bool(a.quantities)
    return lists_facts and not segment.question and cue.TRADE.fullmatch(right) is not None


def _about_firm(place: _Place, a: Analysis) -> bool:
    """Whether it is the firm that is there, and not its customers, a house or another firm."""
    subjects = list(cue.SUBJECT.finditer(place.left))
    if subjects:
        return subjects[-1]["other"] is None
    before = a.segment_before(place.segment)
    if before is None or before.sentence != place.segment.sentence:
        return True
    if not cue.SAME_SUBJECT.match(place.left):
        return True
    if "都" in place.left:  # 「客户有几家整车厂,都在两江新区」
        earlier = cue.SUBJECT.finditer(a.sentence_before(before, before.end))
        return not any(subject["other"] for subject in earlier)
    return cue.THING_BEFORE.search(before.text) is None


def _registered(found: list[tuple[_Place, Finding]], a: Analysis) -> list[Finding]:
    """Where the firm is registered counts, not where it has an office (注册在江津,办公在科学城)."""
    elsewhere = any(cue.REGISTERED.search(place.clause) for place, _ in found)
    return [
        finding
        for place, finding in found
        if not elsewhere
        or cue.REGISTERED.search(place.clause)
        or not cue.WORKPLACE.search(place.clause)
        # A district that is named was named all the same.
        or (finding.fact == "district" and a.text.startswith(str(finding.value), finding.start))
    ]
