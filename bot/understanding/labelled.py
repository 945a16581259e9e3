"""Labelled sentences as training rows: which candidate states which fact.

A sentence's label says only what it states; which number of it that is follows from the value.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from bot.understanding.analysis import Analysis
from bot.understanding.candidates import NONE, Candidate, polarity, stated
from bot.understanding.judgement import Row, without_rules
from bot.understanding.reader import Reader
from bot.understanding.rivals import EARLIER, LATER, rivals
from bot.understanding.title_words import COUNTED_FLAGS

DAY = datetime.date(2026, 11, 24)
"""The day on which the sentences were written; relative years count from it."""
TUNED = "tuned"
"""Files whose name begins so hold sentences that the rules were adapted to: what the rules say of them would
be believed too much, so it is left out of their features."""


class Sentence(msgspec.Struct, frozen=True):
    """One line of ``data/facts``; other keys are ignored."""

    text: str
    facts: dict[str, bool | int | float | str] = {}
    asked: str | None = None
    products: list[str] = []
    aspect: str | None = None
    intents: list[str] = []


def read_sentences(folder: Path) -> list[tuple[Sentence, bool]]:
    """(sentence, whether the rules had not seen it) of every ``*.jsonl`` in ``folder``, by file name.

    Raises:
        ValueError: a line cannot be read; file and line are named.
    """
    out = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                out.append((msgspec.json.decode(line, type=Sentence), not path.name.startswith(TUNED)))
            except msgspec.DecodeError as error:
                raise ValueError(f"{path}:{number}: {error}") from error
    return out


def rows_of(sentences: Iterable[tuple[Sentence, bool]], reader: Reader) -> list[Row]:
    """Candidates with their labels. ``reader`` must be one without a judgement."""
    rows: list[Row] = []
    flags = itertools.cycle(reader.flags)
    for sentence, fresh in sentences:
        own = _rows_of_one(sentence, fresh, reader, next(flags))
        rows += own
        if fresh:
            # Also without what the rules say: else they are believed so much that where they are silent
            # little is found.
            rows += [(without_rules(candidate), label) for candidate, label in own]
    return rows


def _rows_of_one(sentence: Sentence, fresh: bool, reader: Reader, some_flag: str) -> list[Row]:
    rows: list[Row] = []
    if not sentence.facts and sentence.asked is None:
        # Whatever was asked, this answers it not.
        aside = reader.reply(sentence.text, some_flag, with_rules=fresh)
        if aside is not None:
            rows.append((aside, NONE))
    if sentence.products and sentence.aspect:
        # Whether 「能申请吗」 asks for an aspect is a matter of taste: only plain questions are learned.
        asking = reader.question(sentence.text, with_rules=fresh)
        if asking is not None:
            rows.append((asking, sentence.aspect))
    reply = reader.reply(sentence.text, sentence.asked, with_rules=fresh)
    if reply is not None:
        rows.append((reply, polarity(sentence.facts.get(reply.key))))
    looked = reader.candidates(sentence.text, asked=sentence.asked, today=DAY, with_rules=fresh)
    if looked is None:
        return rows
    a, findings, candidates = looked
    numbers = [c for c in candidates if c.sort == "figure"]
    facts = _facts_of(sentence, a, numbers, stated(findings))
    rows += zip(numbers, facts, strict=True)
    rows += _rivals_of(a, numbers, facts, stated(findings) if fresh else None)
    rows += [(c, _polarity_of(sentence, c)) for c in candidates if c.sort == "title"]
    return rows


def _facts_of(
    sentence: Sentence, a: Analysis, candidates: Sequence[Candidate], by_rule: Mapping[int, str]
) -> list[str]:
    """The fact of each number: the one of its value; where several have that value, first the one the rules
    name, then those with the fewest choices."""
    options = [_options(sentence, a, c) for c in candidates]
    labels: list[str] = [NONE] * len(candidates)
    used: set[str] = set()
    for index, candidate in enumerate(candidates):
        named = by_rule.get(candidate.start)
        if named in options[index] and named not in used:
            labels[index] = named
            used.add(named)
    for index in sorted(range(len(candidates)), key=lambda i: len(options[i])):
        free = [fact for fact in options[index] if fact not in used]
        if labels[index] == NONE and free:
            labels[index] = free[0]
            used.add(free[0])
    return labels


def _rivals_of(
    a: Analysis, numbers: Sequence[Candidate], facts: Sequence[str], by_rule: Mapping[int, str] | None
) -> list[Row]:
    """Pairs of numbers of which one states a fact that the other might state: which of the two it is;
    ``none`` where each has a fact of its own."""
    rows: list[Row] = []
    owner = {number.start: fact for number, fact in zip(numbers, facts, strict=True) if fact != NONE}
    value = {number.start: _value(a, number) for number in numbers}
    for start, fact in owner.items():
        for pair in rivals(a, numbers, {start: fact}, by_rule):
            other = pair.end if start == pair.start else pair.start
            if other in owner:
                rows.append((pair, NONE))
            elif value[start] != value[other]:
                rows.append((pair, EARLIER if start == pair.start else LATER))
    return rows


def _value(a: Analysis, c: Candidate) -> float:
    return float(a.years[c.index].year if c.key == "year" else a.quantities[c.index].value())


def _options(sentence: Sentence, a: Analysis, c: Candidate) -> list[str]:
    values: list[float]
    if c.key == "year":
        values = [float(a.years[c.index].year)]
    else:
        q = a.quantities[c.index]
        values = [float(q.value()), float(q.value(upper=True))]
        if c.key == "months":
            values += [round(value / 12, 2) for value in values]
        if c.key == "bare" and q.raw >= 1_000_000:
            values += [value / 1e4 for value in values]
    return [
        fact
        for fact, labelled in sentence.facts.items()
        if isinstance(labelled, (int, float))
        and not isinstance(labelled, bool)
        and fact in c.allowed
        and any(abs(abs(labelled) - abs(v)) < 1e-6 * max(1.0, abs(v)) for v in values)
    ]


def _polarity_of(sentence: Sentence, c: Candidate) -> str:
    keys = ("invention_patents", "utility_patents") if c.key == "patents" else (c.key,)
    said = {polarity(sentence.facts.get(key)) for key in keys}
    if c.key in COUNTED_FLAGS:
        return "false" if "false" in said else NONE
    return said.pop()
