"""The one entry point: what holds for this firm on this day, why, and what to ask next."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from functools import lru_cache

import msgspec

from bot.catalog.expression import Truth, atoms_of, parse_condition
from bot.catalog.model import Catalog, Product, SourceIds, Verdict
from bot.decision.certificate import Certificate, certificate
from bot.decision.firm import Firm
from bot.decision.formula import Masks, truth
from bot.decision.gaps import Gap, ways_out
from bot.decision.program import LimitRule, Program, Rule
from bot.decision.question import next_question
from bot.decision.rank import fit, soft, standing
from bot.decision.scores import Scorer
from bot.decision.space import Space

IN_PLAY = 3
"""How many products a firm is led to at once: the first three of the ranking."""


class ClauseResult(msgspec.Struct, frozen=True):
    """One clause for one firm. ``holds`` is None while it is open; ``source`` names source ids."""

    id: str
    kind: str
    text: str
    holds: bool | None
    source: SourceIds
    article: str
    facts: tuple[str, ...]


class Check(msgspec.Struct, frozen=True):
    """The pre-check of one product. ``gaps`` and ``alternatives`` are filled only for «ineligible»."""

    product: str
    verdict: Verdict
    clauses: tuple[ClauseResult, ...]
    missing: tuple[str, ...]
    next_question: str | None
    gaps: tuple[Gap, ...]
    alternatives: tuple[tuple[Gap, ...], ...]
    undisclosed: tuple[str, ...]
    limit_wan: float | None
    limit_source: SourceIds
    certificate: Certificate

    @property
    def settled(self) -> bool:
        """No fact that may be asked can change the verdict."""
        return not self.missing


class Ranked(msgspec.Struct, frozen=True):
    product: str
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


class Match(msgspec.Struct, frozen=True):
    ranking: tuple[Ranked, ...]
    next_question: str | None


class Decider:
    """A catalog made ready to judge. Thread-safe: nothing changes after it is made."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        written = [when for card in catalog.scorecards.values() for when in card.conditions()]
        for product in catalog.products.values():
            written += [clause.when for clause in product.clauses]
            written += [limit.when for limit in product.limits]
        self.conditions = {when: parse_condition(when) if when else Truth(True) for when in written}
        self.space = Space(catalog.facts, self.conditions.values(), catalog.sme_size)
        self._formulas = {when: self.space.compile(condition) for when, condition in self.conditions.items()}
        self.scorer = Scorer(catalog.scorecards, self.space, self._formulas.__getitem__)
        self.program = lru_cache(maxsize=1024)(self._program)

    def _program(self, product_id: str, day: datetime.date) -> Program:
        product = self.catalog.products[product_id]
        rules = [
            Rule(clause, self._formulas[clause.when]) for clause in product.clauses if clause.in_force(day)
        ]
        limits = tuple(
            LimitRule(limit, self._formulas[limit.when]) for limit in product.limits if limit.in_force(day)
        )
        return Program(
            product=product,
            hard=tuple(rule for rule in rules if rule.clause.kind != "expect"),
            soft=tuple(rule for rule in rules if rule.clause.kind == "expect"),
            limits=limits,
            facts=frozenset(fact for rule in rules for fact in self.clause_facts(rule.clause.when)),
        )

    def clause_facts(self, when: str) -> tuple[str, ...]:
        """The facts of a condition, in the order in which they are written."""
        return tuple(dict.fromkeys(atom.fact for atom in atoms_of(self.conditions[when])))

    def check(self, product_id: str, firm: Firm, day: datetime.date) -> Check:
        """Judge one product.

        Raises:
            KeyError: there is no such product.
        """
        masks = self.space.masks(firm, day)
        program = self.program(product_id, day)
        verdict = program.verdict(masks)
        missing = self._missing(program, masks, firm)
        ways = ways_out(program, masks, firm, self.space, day) if verdict == "ineligible" else []
        limit, limit_source = _limit(program, masks)
        return Check(
            product=product_id,
            verdict=verdict,
            clauses=tuple(
                ClauseResult(
                    rule.clause.id, rule.clause.kind, rule.clause.text, truth(rule.formula, masks),
                    rule.clause.source, rule.clause.article, self.clause_facts(rule.clause.when),
                )
                for rule in (*program.hard, *program.soft)
            ),
            missing=tuple(missing),
            next_question=self._next([program], masks, {product_id: missing}),
            gaps=ways[0].gaps if ways else (),
            alternatives=tuple(way.gaps for way in ways[1:]),
            undisclosed=tuple(program.product.undisclosed),
            limit_wan=limit,
            limit_source=limit_source,
            certificate=certificate(program, masks, self.space.everything),
        )  # fmt: skip

    def match(self, firm: Firm, day: datetime.date, products: Collection[str] | None = None) -> Match:
        """Rank the products and say what to ask to settle the first three that are still open to the firm."""
        masks = self.space.masks(firm, day)
        programs = [self.program(one, day) for one in products or self.catalog.products]
        ranking = sorted(
            (self._ranked(program, masks, firm) for program in programs), key=lambda one: -one.score
        )
        in_play = [one.product for one in ranking if one.verdict != "ineligible"][:IN_PLAY]
        return Match(tuple(ranking), self.question_for(in_play, firm, day, masks))

    def question_for(
        self, products: Sequence[str], firm: Firm, day: datetime.date, masks: Masks | None = None
    ) -> str | None:
        """The best next question over the given products; None when all of them are settled."""
        known = self.space.masks(firm, day) if masks is None else masks
        programs = [self.program(one, day) for one in products]
        candidates = {program.product.id: self._missing(program, known, firm) for program in programs}
        return self._next(programs, known, candidates)

    def _next(self, programs: list[Program], masks: Masks, candidates: dict[str, list[str]]) -> str | None:
        return next_question(programs, masks, candidates, self.catalog.facts, self.space.weights)

    def _missing(self, program: Program, masks: Masks, firm: Firm) -> list[str]:
        askable = {fact for fact in program.facts if self.space.askable(fact, firm)}
        return program.missing(masks, askable)

    def _ranked(self, program: Program, masks: Masks, firm: Firm) -> Ranked:
        verdict = program.verdict(masks)
        stand, stand_reasons = standing(program, verdict, masks, self.space.weights)
        fitting, fit_reasons = fit(program.product, firm)
        hoped, soft_reasons = soft(program, masks)
        # What fails is said first; what is open after what speaks for the product.
        first, last = (stand_reasons, []) if verdict == "ineligible" else ([], stand_reasons)
        reasons = (*first, *fit_reasons[:2], *last, *fit_reasons[2:], *soft_reasons)
        return Ranked(program.product.id, verdict, round(stand + fitting + hoped, 3), reasons)

    def product(self, product_id: str) -> Product:
        return self.catalog.products[product_id]


def _limit(program: Program, masks: Masks) -> tuple[float | None, SourceIds]:
    """The published limit (万元) of this firm; None where no rule of the day settles it."""
    for rule in program.limits:
        if truth(rule.formula, masks) is True:
            return rule.limit.limit_wan, rule.limit.source
    return None, ""
