"""Finds what is wrong with the policy beyond its form: ``peipao catalog lint``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bot.catalog.errors import Fault
from bot.catalog.expression import facts_of, parse_condition, parse_term
from bot.catalog.model import Catalog, Clause, Product
from bot.catalog.yaml_lines import Document, parse
from bot.decision.cases import run_cases
from bot.decision.formula import truth
from bot.decision.judge import Decider
from bot.decision.lint_cards import lint_cards, lint_sizes
from bot.decision.lint_dates import days_of, lint_dates
from bot.decision.sizes import size_facts

PUBLISHED_CASES = 6
SILENT_CASES = 2


def lint(texts: dict[str, str], catalog: Catalog, decider: Decider, day: datetime.date) -> list[Fault]:
    """Every fault, sorted by place; ``level`` tells errors from warnings."""
    documents = {name: parse(text, name) for name, text in texts.items()}
    faults = [
        *_undated_sources(catalog, documents["sources.yml"]),
        *_unused_facts(catalog, decider, documents["facts.yml"]),
    ]
    places = {
        document.data["id"]: (name, document)
        for name, document in documents.items()
        if name.startswith("products/")
    }
    for product in catalog.products.values():
        file, document = places[product.id]
        faults += _product(product, catalog, decider, file, document, day)
        faults += lint_dates(product, decider, file, document)
    cards = {
        document.data["id"]: (name, document)
        for name, document in documents.items()
        if name.startswith("scorecards/")
    }
    faults += lint_cards(catalog, decider, cards)
    if catalog.sme_size is not None:
        faults += lint_sizes(catalog.sme_size, decider, "sme_size.yml", documents["sme_size.yml"])
    faults += _failed_cases(catalog, decider, places)
    return sorted(set(faults))


def _failed_cases(
    catalog: Catalog, decider: Decider, places: dict[str, tuple[str, Document]]
) -> Iterator[Fault]:
    for result in run_cases(decider):
        file, document = places[result.product]
        names = [case.name for case in catalog.products[result.product].cases]
        for difference in result.differences:
            line = document.line(("cases", names.index(result.case)))
            yield Fault(file, line, f"用例「{result.case}」：{difference}")


def _undated_sources(catalog: Catalog, document: Document) -> Iterator[Fault]:
    for source in catalog.sources.values():
        if not source.date and not source.date_note:
            line = document.line(("sources", source.id))
            yield Fault("sources.yml", line, f"出处「{source.id}」没有日期，也没说明为什么")


def _unused_facts(catalog: Catalog, decider: Decider, document: Document) -> Iterator[Fault]:
    """Further facts that no rule needs: nobody is ever asked them. Those of the contract are fixed."""
    used = set(decider.space.partitions)
    if catalog.sme_size is not None:
        used |= size_facts(catalog.sme_size)
        used |= {name for name, spec in catalog.facts.items() if spec.type == "choice" and spec.derived}
    for spec in catalog.facts.values():
        if spec.derived and spec.numeric:
            used |= facts_of(parse_term(spec.derived))
    for name, spec in catalog.facts.items():
        if spec.group == "more" and name not in used:
            line = document.line(("facts", name))
            yield Fault("facts.yml", line, f"事实「{name}」没有任何条款或表用到，永远不会问", "warning")


def _product(
    product: Product, catalog: Catalog, decider: Decider, file: str, document: Document, day: datetime.date
) -> Iterator[Fault]:
    for index, clause in enumerate(product.clauses):
        line = document.line(("clauses", index, "id"))
        yield from _clause(clause, catalog, decider, file, line)
    yield from _limits(product, decider, file, document)
    yield from _contradictions(product, decider, file, document, day)
    needed = PUBLISHED_CASES if any(clause.kind == "must" for clause in product.clauses) else SILENT_CASES
    if len(product.cases) < needed:
        yield Fault(file, document.line(("cases",)), f"用例只有{len(product.cases)}个，应有{needed}个以上")
    if not product.undisclosed and product.conditions == "partial":
        yield Fault(file, document.line(("conditions",)), "条件不完整（partial），却没有列出哪些未公开")
    covered = {deciding for case in product.cases for deciding in case.deciding or []}
    for index, clause in enumerate(product.clauses):
        if clause.kind != "expect" and clause.id not in covered:
            line = document.line(("clauses", index, "id"))
            yield Fault(file, line, f"没有用例让条款「{clause.id}」起决定作用", "warning")


def _clause(clause: Clause, catalog: Catalog, decider: Decider, file: str, line: int) -> Iterator[Fault]:
    sources = list(catalog.sources_of(clause.source))
    if clause.kind == "must":
        surest = {source.sureness for source in sources}
        independent = len({source.id for source in sources if source.sureness != "低"})
        if "高" not in surest and independent < 2:
            reason = f"must 条款「{clause.id}」的出处不够确定：要一个「高」，或两个独立的「中」"
            yield Fault(file, line, reason)
    formula = decider.space.compile(parse_condition(clause.when))
    held = truth(formula, decider.space.everything)
    if held is not None:
        told = "总是成立，等于没写" if held else "永远不成立，没有企业能满足"
        yield Fault(file, line, f"条款「{clause.id}」对任何企业都{told}")
    for fact in decider.clause_facts(clause.when):
        spec = catalog.facts[fact]
        parts = [catalog.facts[one] for one in decider.space.derivation.parts(fact)]
        if clause.kind != "expect" and not any(one.askable and one.question for one in [spec, *parts]):
            yield Fault(file, line, f"条款「{clause.id}」要用「{fact}」，却从不会问它")


def _limits(product: Product, decider: Decider, file: str, document: Document) -> Iterator[Fault]:
    """The first limit that holds counts: one whose case an earlier limit always takes is never reached."""
    for index, limit in enumerate(product.limits):
        formula = decider.space.compile(decider.conditions[limit.when])
        earlier = [
            decider.space.compile(decider.conditions[other.when])
            for other in product.limits[:index]
            if other.in_force(limit.starts or datetime.date.min)
            and (other.ends is None or other.ends == limit.ends)
        ]
        if decider.space.unreachable(formula, earlier):
            line = document.line(("limits", index))
            yield Fault(file, line, "这条额度永远用不上：没有企业符合，或者前面的额度已经全部占住")


def _contradictions(
    product: Product, decider: Decider, file: str, document: Document, today: datetime.date
) -> Iterator[Fault]:
    """On every day on which the clauses change, and today."""
    reported: set[str] = set()
    for day in [*days_of(product), today]:
        program = decider.program(product.id, day)
        alone = any(truth(rule.formula, decider.space.everything) is False for rule in program.hard)
        if program.hard and not alone and program.verdict(decider.space.everything) == "ineligible":
            reason = f"条款互相矛盾：{day.isoformat()}起没有一家企业能满足全部条件"
            if "contradiction" not in reported:
                reported.add("contradiction")
                yield Fault(file, document.line(("clauses",)), reason)
        for one, rule in enumerate(program.hard):
            for second in program.hard[one + 1 :]:
                if rule.formula == second.formula and second.clause.id not in reported:
                    reported.add(second.clause.id)
                    line = document.line(("clauses", product.clauses.index(second.clause), "id"))
                    reason = f"条款「{second.clause.id}」与「{rule.clause.id}」同一时期条件相同"
                    yield Fault(file, line, reason, "warning")
