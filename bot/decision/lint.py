"""Finds what is wrong with the policy beyond its form: ``peipao catalog lint``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bot.catalog.errors import Fault
from bot.catalog.model import Catalog, Clause, Product
from bot.catalog.yaml_lines import Document, parse
from bot.decision.cases import run_cases
from bot.decision.formula import cells, facts_in, truth
from bot.decision.judge import Decider
from bot.decision.program import Program, Rule

PUBLISHED_CASES = 6
SILENT_CASES = 2
EXPLORED = 20_000
"""Completions looked at to tell whether any firm can meet a product; larger products are passed over."""


def lint(texts: dict[str, str], catalog: Catalog, decider: Decider, day: datetime.date) -> list[Fault]:
    """Every fault, sorted by place; ``level`` tells errors from warnings."""
    documents = {name: parse(text, name) for name, text in texts.items()}
    faults = [*_unused_sources(catalog, documents["sources.yml"])]
    by_id = {doc.data["id"]: (name, doc) for name, doc in documents.items() if name.startswith("products/")}
    for product in catalog.products.values():
        file, document = by_id[product.id]
        faults += _product(product, catalog, decider, file, document, day)
    failed = [result for result in run_cases(decider) if result.differences]
    for result in failed:
        file, document = by_id[result.product]
        index = next(
            i for i, case in enumerate(catalog.products[result.product].cases) if case.name == result.case
        )
        for difference in result.differences:
            faults.append(
                Fault(file, document.line(("cases", index)), f"用例「{result.case}」：{difference}")
            )
    return sorted(set(faults))


def _unused_sources(catalog: Catalog, document: Document) -> Iterator[Fault]:
    for source in catalog.sources.values():
        if not source.date and not source.date_note:
            yield Fault(
                "sources.yml",
                document.line(("sources", source.id)),
                f"出处「{source.id}」没有日期，也没说明为什么",
            )


def _product(
    product: Product, catalog: Catalog, decider: Decider, file: str, document: Document, day: datetime.date
) -> Iterator[Fault]:
    for index, clause in enumerate(product.clauses):
        line = document.line(("clauses", index, "id"))
        yield from _clause(clause, catalog, decider, file, line)
    program = decider.program(product.id, day)
    yield from _contradictions(program, decider, file, document)
    needed = PUBLISHED_CASES if any(clause.kind == "must" for clause in product.clauses) else SILENT_CASES
    if len(product.cases) < needed:
        yield Fault(file, document.line(("cases",)), f"用例只有{len(product.cases)}个，应有{needed}个以上")
    if not product.undisclosed and product.conditions == "partial":
        yield Fault(file, 1, "条件不完整（partial)，却没有列出哪些未公开")
    covered = _covered(product, decider)
    for index, clause in enumerate(product.clauses):
        if clause.kind != "expect" and clause.id not in covered:
            line = document.line(("clauses", index, "id"))
            yield Fault(file, line, f"没有用例让条款「{clause.id}」起决定作用", "warning")
    yield from _dates(product, file, document)


def _clause(clause: Clause, catalog: Catalog, decider: Decider, file: str, line: int) -> Iterator[Fault]:
    sources = list(catalog.sources_of(clause.source))
    if clause.kind == "must":
        surest = {source.sureness for source in sources}
        independent = len({source.id for source in sources if source.sureness != "低"})
        if "高" not in surest and independent < 2:
            yield Fault(
                file, line, f"must 条款「{clause.id}」的出处不够确定：要一个「高」，或两个独立的「中」"
            )
    formula = decider.space.compile(decider._conditions[clause.when])
    if isinstance(formula, bool):
        yield Fault(file, line, f"条款「{clause.id}」对任何企业都{'成立' if formula else '不成立'}")
    for fact in decider.clause_facts(clause.when):
        spec = catalog.facts[fact]
        parts = decider.space.derivation.parts(fact)
        if (
            clause.kind != "expect"
            and not spec.askable
            and not any(catalog.facts[one].askable for one in parts)
        ):
            yield Fault(file, line, f"条款「{clause.id}」要用「{fact}」，却从不会问它")


def _contradictions(program: Program, decider: Decider, file: str, document: Document) -> Iterator[Fault]:
    if program.hard and not _satisfiable(program, decider):
        yield Fault(file, document.line(("clauses",)), "条款互相矛盾：没有一家企业能满足全部条件")
    for one, rule in enumerate(program.hard):
        for other, second in enumerate(program.hard):
            if one < other and rule.formula == second.formula:
                line = document.line(("clauses", program.product.clauses.index(second.clause), "id"))
                yield Fault(
                    file, line, f"条款「{second.clause.id}」与「{rule.clause.id}」条件相同", "warning"
                )


def _satisfiable(program: Program, decider: Decider) -> bool:
    masks = dict(decider.space.everything)
    facts = sorted(set().union(*(facts_in(rule.formula) for rule in program.hard)))
    size = 1
    for fact in facts:
        size *= masks[fact].bit_count()
    return True if size > EXPLORED else _search(list(program.hard), masks, facts)


def _search(rules: list[Rule], masks: dict[str, int], facts: list[str]) -> bool:
    held = [truth(rule.formula, masks) for rule in rules]
    if False in held:
        return False
    if None not in held or not facts:
        return None not in held
    first, rest = facts[0], facts[1:]
    return any(_search(rules, {**masks, first: cell}, rest) for cell in cells(masks[first]))


def _covered(product: Product, decider: Decider) -> set[str]:
    covered: set[str] = set()
    for case in product.cases:
        covered |= set(case.deciding or [])
    return covered


def _dates(product: Product, file: str, document: Document) -> Iterator[Fault]:
    limits = product.limits
    for one, first in enumerate(limits):
        for other, second in enumerate(limits):
            if one < other and first.when == second.when and _overlap(first, second):
                yield Fault(file, document.line(("limits", other)), "两条额度在同一时期对同一情形都有效")


def _overlap(first: object, second: object) -> bool:
    starts = [getattr(one, "starts", None) or datetime.date.min for one in (first, second)]
    ends = [getattr(one, "ends", None) or datetime.date.max for one in (first, second)]
    return max(starts) < min(ends)
