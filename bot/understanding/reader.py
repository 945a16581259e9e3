"""From Chinese text to a :class:`Reading`: facts, products, aspect, cues. Pure;
the day of today is an argument."""

from __future__ import annotations

import datetime
import re

from bot.understanding import asked as answers
from bot.understanding.absences import find_absences, settled
from bot.understanding.analysis import Analysis, Finding
from bot.understanding.aspects import aspect_of
from bot.understanding.candidates import Candidate, answer, figures, question, said, stated, titles
from bot.understanding.choices import find_choices
from bot.understanding.collateral import find_collateral
from bot.understanding.corrections import blank, correction_cue, retracted
from bot.understanding.credit_record import find_credit_record
from bot.understanding.cues import find_cues
from bot.understanding.dates import find_years
from bot.understanding.debts import find_debts
from bot.understanding.durations import find_durations
from bot.understanding.figures import find_figures
from bot.understanding.flags import find_flags
from bot.understanding.funding import find_funding
from bot.understanding.grades import find_grades
from bot.understanding.judged import judged, judged_answer, judged_aspect
from bot.understanding.judgement import Judgement
from bot.understanding.lenders import find_lender
from bot.understanding.lexicon import FactKind, Lexicon
from bot.understanding.masks import masked_spans
from bot.understanding.misheard import misheard
from bot.understanding.normalise import NormalText, normalise
from bot.understanding.place_names import PLACES
from bot.understanding.places import answer_place, find_places
from bot.understanding.products import ProductFinder
from bot.understanding.quantities import Quantity, find_quantities
from bot.understanding.raised import find_raised
from bot.understanding.reading import Mention, Reading
from bot.understanding.register import speaks_of_register
from bot.understanding.segments import split
from bot.understanding.staff import lone_people
from bot.understanding.stances import find_stances
from bot.understanding.terms import TermMatcher, longest
from bot.understanding.title_words import CUES, FLAGS
from bot.understanding.trades import answer_trade
from bot.understanding.vocabulary import ANCHORS

_NOT_PRODUCT = re.compile(
    r"(?:不要|不想要|不考虑|不是问|不是说|别说|不办|不用|不想办|除了|除开|非|不是)[^,，。]{0,3}$"
)
_ANY_DAY = datetime.date(2026, 1, 1)
_GUESSED = frozenset(("stage", "industry", "purpose"))
"""What follows from an answer without being its point: 「没营收」 to the question for revenue."""
_SHORT = 24
LONGEST_TEXT = 6000
"""Characters that are read for facts; nobody states more in one message, and reading stays fast on abuse."""


class Reader:
    """Reads messages; made once (about half a second), used from any thread."""

    def __init__(self, lexicon: Lexicon, judgement: Judgement | None = None) -> None:
        """``judgement`` has the last word on numbers and titles; without it the rules decide alone."""
        self._facts = lexicon.facts
        self._judgement = judgement
        self._products = ProductFinder(lexicon)
        self._terms = TermMatcher(
            {
                "product": {
                    key: [normalise(name).plain for name in names] for key, names in lexicon.products.items()
                },
                "anchor": ANCHORS,
                "flag": FLAGS,
                "cue": CUES,
                **PLACES,
            }
        )

    def read(self, text: str, *, asked: str | None = None, today: datetime.date) -> Reading:
        """Read one message.

        Args:
            text: what the person typed, any length; at most ``LONGEST_TEXT`` characters are read.
            asked: the fact that was asked last, if any: bare values answer it.
            today: the day in Asia/Shanghai, for 去年 and ages.

        Never raises on any text.
        """
        normal = normalise(text[:LONGEST_TEXT])
        if not normal.plain.strip():
            return Reading(text=text)
        correction = correction_cue(normal.plain)
        a, gone = self._prepared(normal, asked, today)
        findings = self._find(a)
        if self._judgement is not None:
            findings = judged(a, findings, self._judgement)
            if self._is_flag(a.asked) and len(a.text) <= _SHORT:
                findings = judged_answer(a, findings, self._judgement)
        findings = settled(findings, a)
        exact = [t for t in a.terms if t.group == "product"]
        busy = [t for t in a.terms if t.group in ("anchor", "flag")]
        hits = self._products.find(normal.plain, exact, busy)
        products = list(dict.fromkeys(key for key, _, _ in hits))
        negated = [key for key, start, _ in hits if _NOT_PRODUCT.search(normal.plain[:start])]
        aspect = self._aspect(_without_names(normal.plain, hits), bool(products))
        statements, supposed = self._mentions(text, a, findings)
        return Reading(
            text=text,
            mentions=statements,
            products=[key for key in products if key not in negated] or products,
            aspect=aspect,
            cues=find_cues(a, findings, products, aspect, correction),
            supposed=supposed,
            negated_products=list(dict.fromkeys(negated)),
            product_spans=[normal.original(start, end) for _, start, end in hits],
            retracted=[text[slice(*normal.original(q.start, q.end))] for q in gone],
        )

    @property
    def flags(self) -> list[str]:
        """The yes/no facts, in the order of their names."""
        return sorted(fact for fact, kind in self._facts.items() if kind.type == "flag")

    def _is_flag(self, fact: str | None) -> bool:
        return fact is not None and fact in self._facts and self._facts[fact].type == "flag"

    def reply(self, text: str, asked: str | None, *, with_rules: bool) -> Candidate | None:
        """A short reply as a candidate for the yes/no fact that was asked, for training."""
        if asked is None or not self._is_flag(asked):
            return None
        normal = normalise(text)
        if not normal.plain.strip() or len(normal.plain) > _SHORT:
            return None
        a, _ = self._prepared(normal, asked, _ANY_DAY)
        return answer(a.text, asked, said(self._find(a)).get(asked), with_rule=with_rules)

    def _aspect(self, text: str, has_product: bool) -> str | None:
        by_rule = aspect_of(text, has_product)
        if self._judgement is None or not has_product:
            return by_rule
        return judged_aspect(question(text, by_rule, with_rule=True), by_rule, self._judgement)

    def question(self, text: str, *, with_rules: bool) -> Candidate | None:
        """A message that names a product as a candidate for an aspect, for training."""
        normal = normalise(text[:LONGEST_TEXT])
        a, _ = self._prepared(normal, None, _ANY_DAY)
        exact = [t for t in a.terms if t.group == "product"]
        busy = [t for t in a.terms if t.group in ("anchor", "flag")]
        hits = self._products.find(normal.plain, exact, busy)
        if not hits:
            return None
        bare = _without_names(normal.plain, hits)
        return question(bare, aspect_of(bare, True), with_rule=with_rules)

    def candidates(
        self, text: str, *, asked: str | None, today: datetime.date, with_rules: bool
    ) -> tuple[Analysis, list[Finding], list[Candidate]] | None:
        """What might state facts, for training; nothing for an empty text.

        Args:
            with_rules: whether the features tell what the rules say (not where they were tuned on the text).
        """
        normal = normalise(text[:LONGEST_TEXT])
        if not normal.plain.strip():
            return None
        a, _ = self._prepared(normal, asked, today)
        findings = self._find(a)
        by_rule = stated(findings) if with_rules else None
        return a, findings, figures(a, by_rule) + titles(a, by_rule, said(findings))

    def _prepared(
        self, normal: NormalText, asked: str | None, today: datetime.date
    ) -> tuple[Analysis, list[Quantity]]:
        """The analysis of a text without what it takes back, and what that is."""
        plain, gone = normal.plain, []
        if correction_cue(plain):
            quantities = find_quantities(plain, masked_spans(plain))
            gone = retracted(plain, quantities)
            plain = blank(plain, gone)
        a = self._analyse(normal, plain, asked, today)
        a.retracted = bool(gone)
        return a, gone

    def _analyse(self, normal: NormalText, plain: str, asked: str | None, today: datetime.date) -> Analysis:
        spans = masked_spans(plain)
        years = find_years(plain, today)
        blocked = spans + [(y.start, y.end) for y in years if y.sure]
        quantities = find_quantities(plain, blocked)
        years = [
            y for y in years if not any(start <= y.start < end for start, end in spans if end - start > 8)
        ]
        segments = split(plain, [(q.start, q.end) for q in quantities])
        found = self._terms.find(plain)
        found += misheard(plain, found) + lone_people(plain)
        flags = [t for t in found if t.group == "flag"]
        cues = longest(t for t in found if t.group == "cue")
        rest = longest(t for t in found if t.group not in ("flag", "cue"))
        names = {i for t in rest if t.group == "product" for i in range(t.start, t.end)}
        flags = [t for t in longest(flags) if not names.intersection(range(t.start, t.end))]
        titles = {i for t in flags if t.key.startswith("is_") for i in range(t.start, t.end)}
        rest = [
            t
            for t in rest
            if t.group in ("product", "anchor") or not titles.intersection(range(t.start, t.end))
        ]
        held = {i for t in flags for i in range(t.start, t.end)}
        cues = [t for t in cues if not (held | names).intersection(range(t.start, t.end))]
        terms = sorted(rest + flags + cues, key=lambda t: t.start)
        known = asked if asked in self._facts else None
        return Analysis(normal, plain, today, known, segments, quantities, years, terms)

    def _find(self, a: Analysis) -> list[Finding]:
        """All findings; the order decides who may take a number first."""
        durations = find_durations(a)
        figures = find_debts(a) + find_raised(a) + find_figures(a)
        others = (
            find_flags(a)
            + find_collateral(a)
            + find_credit_record(a)
            + find_places(a)
            + find_stances(a)
            + find_lender(a)
            + find_absences(a)
            + find_choices(a)
            + find_grades(a)
        )
        answer: list[Finding] = []
        if a.asked:
            answer = self._answer(a, a.asked, self._facts[a.asked], durations + figures + others)
        funding = find_funding(a, durations + figures + answer)
        return durations + figures + others + funding + answer

    def _answer(self, a: Analysis, fact: str, kind: FactKind, found: list[Finding]) -> list[Finding]:
        """What a short answer says about the asked fact, unless the text already says it at length."""
        if any(f.fact == fact for f in found) or answers.says_dont_know(a.text):
            return []
        if fact in ("in_zone", "district"):
            places = answer_place(a, fact)
            flag = answers.answer_flag(a, fact) if fact == "in_zone" and not places else None
            return places + ([flag] if flag and not _taken(flag, found) else [])
        single: Finding | None = None
        if fact in ("established_year", "years_established"):
            if not any(f.fact in ("established_year", "years_established") for f in found):
                single = answers.answer_year(a, fact)
                if single is not None and _dates_a_figure(single, found, a):
                    single = None
        elif kind.type in ("money", "percent", "count", "months", "years", "number", "year"):
            single = answers.answer_number(a, fact, kind)
        elif kind.type == "flag":
            single = None if speaks_of_register(a) else answers.answer_flag(a, fact)
        elif kind.type == "choice":
            single = answers.answer_choice(a, fact, kind)
        elif fact == "industry":
            single = answer_trade(a)
        # 「没抵押」 says something of its own; it is no answer to another question as well.
        return [] if single is None or _taken(single, found) else [single]

    def _mentions(
        self, text: str, a: Analysis, findings: list[Finding]
    ) -> tuple[list[Mention], list[Mention]]:
        """Statements and what-ifs in the order of the text; an implied finding yields to a stated one."""
        stated = {f.fact for f in findings if not f.implied}
        kept = [f for f in findings if not (f.implied and f.fact in stated)]
        statements: list[Mention] = []
        supposed: list[Mention] = []
        for found in sorted(kept, key=lambda f: (f.start, f.end)):
            start, end = a.normal.original(found.start, found.end)
            value = found.value
            if found.fact == "industry":
                value = text[start:end]
            kind = self._facts.get(found.fact)
            mention = Mention(found.fact, value, start, end, found.bound, bool(kind and kind.more))
            what_if = a.segment_at(found.start).what_if
            if what_if and found.value == "loan":
                continue  # 「如果…能贷多少」 supposes nothing about the kind of funding
            (supposed if what_if else statements).append(mention)
        return statements, supposed


def _taken(answer: Finding, found: list[Finding]) -> bool:
    """Whether the words of an answer say something of their own: 「没抵押」 answers no other question."""
    firm = [f for f in found if f.fact not in _GUESSED]
    return any(f.start < answer.end and answer.start < f.end for f in firm)


def _dates_a_figure(year: Finding, found: list[Finding], a: Analysis) -> bool:
    """「去年营收800万」 tells the year of a figure, not that of the founding."""
    segment = a.segment_at(year.start)
    return any(
        segment.start <= f.start < segment.end and isinstance(f.value, (int, float))
        for f in found
        if not isinstance(f.value, bool)
    )


def _without_names(text: str, hits: list[tuple[str, int, int]]) -> str:
    """The text with product names replaced, so that 「质押融资」 is not taken for a question."""
    chars = list(text)
    for _, start, end in reversed(hits):
        chars[start:end] = "它"
    return "".join(chars)
