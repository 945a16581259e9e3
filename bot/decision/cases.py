"""Runs the cases that are shipped with the products: ``peipao catalog test``."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot.catalog.model import Case, Product
from bot.decision.firm import Firm
from bot.decision.judge import Decider


class CaseResult(msgspec.Struct, frozen=True):
    """``differences`` is empty where the case came out as written."""

    product: str
    case: str
    differences: tuple[str, ...]


def run_cases(decider: Decider) -> Iterator[CaseResult]:
    for product in decider.catalog.products.values():
        for case in product.cases:
            yield CaseResult(product.id, case.name, tuple(_differences(decider, product, case)))


def _differences(decider: Decider, product: Product, case: Case) -> Iterator[str]:
    check = decider.check(product.id, Firm(case.facts, case.bounds), case.as_of)
    if check.verdict != case.verdict:
        yield f"结论应为 {case.verdict}，得到 {check.verdict}"
    if case.deciding is not None:
        failing = [clause.id for clause in check.clauses if clause.holds is False and clause.kind != "expect"]
        deciding = failing if check.verdict == "ineligible" else list(check.certificate.clauses)
        if sorted(deciding) != sorted(case.deciding):
            yield f"决定性条款应为 {case.deciding}，得到 {deciding}"
    if case.missing is not None and sorted(check.missing) != sorted(case.missing):
        yield f"还缺的事实应为 {case.missing}，得到 {list(check.missing)}"
    if case.next_question is not msgspec.UNSET and check.next_question != case.next_question:
        yield f"下一问应为 {case.next_question}，得到 {check.next_question}"
    if case.limit_wan is not msgspec.UNSET and check.limit_wan != case.limit_wan:
        yield f"额度应为 {case.limit_wan}，得到 {check.limit_wan}"
