"""Puts the rules' findings and the trained judgement together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.understanding.ages import cannot_be_age, years_of
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.candidates import NONE, Candidate, answer, figures, polarity, said, stated, titles
from bot.understanding.findings import finding
from bot.understanding.judgement import Judgement, Verdict
from bot.understanding.register import speaks_of_register
from bot.understanding.rivals import LATER, rivals
from bot.understanding.title_words import COUNTED_FLAGS
from bot.understanding.vocabulary import GROWTH_DOWN

ADD, SWITCH, DROP = 0.5, 0.8, 0.8
"""Least probability at which the judgement states what the rules passed over, reads another fact than they,
or takes away what they found; below, their word stands. Chosen by cross-validation: rules that fire are
mostly right, rules that are silent often miss."""
_ASPECT, _UNASKED = 0.2, 0.35
"""The same for what is asked about a product; where the rules see no question, more is needed."""
OUTDONE = 0.5
"""The same for a number that another one for the same fact outdoes."""
_LOSS = re.compile(r"亏|负|赔|倒贴|-$")
_DATED = re.compile(r"软著|专利|高企|科小|证书|商标|贷")
"""Things whose year is not the firm's."""
_OLD_LOAN = re.compile(r"(?:贷|借)了|还剩|还欠|没还|到期")
_FALL = re.compile(GROWTH_DOWN)


def judged(a: Analysis, findings: Sequence[Finding], judgement: Judgement) -> list[Finding]:
    """The findings after the judgement had its say. What-ifs stay with the rules."""
    numbers = _numbers(a, list(findings), judgement)
    return _titles(a, numbers, judgement)


def judged_aspect(candidate: Candidate, by_rule: str | None, judgement: Judgement) -> str | None:
    """What is asked about a product."""
    verdict = judgement.judge(candidate)
    return verdict.label if verdict.sure >= (_ASPECT if by_rule else _UNASKED) else by_rule


def judged_answer(a: Analysis, findings: Sequence[Finding], judgement: Judgement) -> list[Finding]:
    """The findings with what a short reply says about the yes/no fact that was asked."""
    assert a.asked is not None
    by_rule = said(findings).get(a.asked)
    candidate = answer(a.text, a.asked, by_rule, with_rule=True)
    verdict = judgement.judge(candidate)
    if verdict.label == polarity(by_rule) or not convinces(verdict, polarity(by_rule)):
        return list(findings)
    if by_rule is None and _speaks_of_more(a, findings):
        return list(findings)
    return _with(list(findings), a.asked, verdict.label, candidate)


def _speaks_of_more(a: Analysis, findings: Sequence[Finding]) -> bool:
    """Whether a reply is about something else: 「没得房子」 says nothing of a question about 入库."""
    if any(f.fact not in (a.asked, "funding_kind") for f in findings):
        return True
    return a.names_other(("flag", "cue", "anchor", "product"), a.asked) or speaks_of_register(a)


def convinces(verdict: Verdict, by_rule: str) -> bool:
    """Whether the judgement outweighs what the rules say of the same candidate."""
    if by_rule == NONE:
        return verdict.sure >= ADD
    return verdict.sure >= (DROP if verdict.label == NONE else SWITCH)


def _numbers(a: Analysis, findings: list[Finding], judgement: Judgement) -> list[Finding]:
    by_rule = stated(findings)
    unnamed = _put_right(a)
    wanted: dict[int, tuple[Candidate, Verdict]] = {}
    numbers = figures(a, by_rule)
    for candidate in numbers:
        if a.segment_at(candidate.start).what_if:
            continue
        verdict = judgement.judge(candidate)
        rule = by_rule.get(candidate.start, NONE)
        if rule == NONE and candidate.start in unnamed:
            # 「不是800,是80」: which fact is put right is for the talk to find out.
            continue
        if rule == a.asked and verdict.label == NONE:
            continue  # it answers the question
        if rule not in (NONE, verdict.label) and verdict.label in by_rule.values():
            continue  # another number has that fact: 「30个研发,100个员工」
        if convinces(verdict, rule):
            wanted[candidate.start] = (candidate, verdict)
    best: dict[str, float] = {}
    for _, verdict in wanted.values():
        best[verdict.label] = max(best.get(verdict.label, 0.0), verdict.sure)
    kept = [
        f for f in findings if f.start not in wanted or wanted[f.start][1].label == f.fact or not _number(f)
    ]
    there = {(f.start, f.fact) for f in kept}
    for candidate, verdict in wanted.values():
        label = verdict.label
        if label == NONE or (candidate.start, label) in there or verdict.sure < best[label]:
            continue
        made = _made(label, candidate, a)
        if made is not None:
            kept.append(made)
    # A number that was taken away may yet hand its fact on to the one that outdoes it.
    gone = {f.start: f.fact for f in findings if f not in kept and wanted[f.start][1].label == NONE}
    return _outdone(a, kept, gone, numbers, by_rule, judgement)


def _outdone(
    a: Analysis,
    findings: list[Finding],
    gone: Mapping[int, str],
    numbers: Sequence[Candidate],
    by_rule: Mapping[int, str],
    judgement: Judgement,
) -> list[Finding]:
    """The findings where, of two numbers for one fact, the one that holds has it: 「从六成提到七成七」."""
    holders = {f.start: f.fact for f in findings if _number(f)}
    stated_now = set(holders.values())
    holders |= {start: fact for start, fact in gone.items() if fact not in stated_now}
    at = {number.start: number for number in numbers}
    surest: dict[str, tuple[float, int, int]] = {}
    for pair in rivals(a, numbers, holders, by_rule):
        verdict = judgement.judge(pair)
        if verdict.label == NONE or verdict.sure < OUTDONE:
            continue
        winner, loser = (pair.end, pair.start) if verdict.label == LATER else (pair.start, pair.end)
        if holders.get(loser) == pair.key and verdict.sure > surest.get(pair.key, (0.0,))[0]:
            surest[pair.key] = (verdict.sure, winner, loser)
    out = list(findings)
    for fact, (_, winner, loser) in surest.items():
        if winner in gone and gone[winner] == fact:
            continue
        made = None if holders.get(winner) == fact else _made(fact, at[winner], a)
        if made is None and holders.get(winner) != fact:
            continue
        out = [f for f in out if not (f.start == loser and f.fact == fact)] + ([made] if made else [])
    return out


def _put_right(a: Analysis) -> set[int]:
    """Numbers of a correction that names no fact."""
    if a.retracted and not any(t.group == "anchor" for t in a.terms):
        return {q.start for q in a.quantities}
    return set()


def _number(f: Finding) -> bool:
    return isinstance(f.value, (int, float)) and not isinstance(f.value, bool)


def _made(fact: str, c: Candidate, a: Analysis) -> Finding | None:
    """A finding for a number that the rules took for something else or for nothing."""
    if c.key == "year":
        year = a.years[c.index]
        possible = year.year <= a.today.year and not a.segment_at(c.start).others
        possible = possible and fact == "established_year"
        possible = possible and not _DATED.search(a.text[max(0, year.start - 8) : year.start])
        return Finding(fact, year.year, year.start, year.end) if possible else None
    q = a.quantities[c.index]
    if fact == "established_year":
        return Finding(fact, int(q.raw), q.start, q.end) if 1950 <= q.raw <= a.today.year else None
    if fact == "years_established" and cannot_be_age(q, a.segment_at(q.start), a):
        return None
    if fact == "years_established":
        return years_of(q) if q.kind == "months" else Finding(fact, q.value(), q.start, q.end, q.bound)
    if fact == "term_months" and _OLD_LOAN.search(a.sentence_text(a.segment_at(q.start))):
        return None
    if fact == "term_months":
        return Finding(fact, q.value(), q.start, q.end, q.bound)
    segment = a.segment_at(q.start)
    left, right = a.left_of(q, segment), a.right_of(q, segment)
    negative = (fact == "net_profit_wan" and bool(_LOSS.search(left[-8:]) or _LOSS.search(right[:4]))) or (
        fact == "revenue_growth_pct" and bool(_FALL.search(left[-8:]) or _FALL.search(right[:4]))
    )
    return finding(fact, q, negative, upper=fact == "amount_wan")


def _titles(a: Analysis, findings: list[Finding], judgement: Judgement) -> list[Finding]:
    """Each fact once: of several places where it may be stated, the surest that states something speaks."""
    values = said(findings)
    spoken: dict[str, tuple[Candidate, Verdict]] = {}
    for candidate in titles(a, stated(findings), values):
        if a.segment_at(candidate.start).what_if:
            continue
        verdict = judgement.judge(candidate)
        keys = ("invention_patents", "utility_patents") if candidate.key == "patents" else (candidate.key,)
        for key in keys:
            known = spoken.get(key)
            if known is None or _weight(verdict) > _weight(known[1]):
                spoken[key] = (candidate, verdict)
    out = list(findings)
    for key, (candidate, verdict) in spoken.items():
        by_rule = polarity(values.get(key))
        if by_rule != verdict.label and convinces(verdict, by_rule):
            out = _with(out, key, verdict.label, candidate)
    return out


def _weight(verdict: Verdict) -> float:
    """A statement outweighs any «nothing stated»; of two of these the less sure one is kept."""
    return 1.0 - verdict.sure if verdict.label == NONE else 1.0 + verdict.sure


def _with(findings: list[Finding], fact: str, label: str, c: Candidate) -> list[Finding]:
    counted = fact in COUNTED_FLAGS
    if counted and any(f.fact == fact and f.value for f in findings):
        return findings  # a number says more than the lack of one
    kept = [f for f in findings if f.fact != fact]
    if label == "true" and not counted:
        kept.append(Finding(fact, True, c.start, c.end))
    elif label == "false":
        kept.append(Finding(fact, 0 if counted else False, c.start, c.end))
    return kept
