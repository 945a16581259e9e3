"""Checks that records fit together: facts exist, types agree, sources are named."""

from __future__ import annotations

from collections.abc import Iterable

from bot.catalog.errors import Fault
from bot.catalog.expression import Condition, ExpressionError, atoms_of, facts_of, parse_condition, parse_term
from bot.catalog.model import FactSpec, Product, Source
from bot.catalog.record import SourceIds
from bot.catalog.values import NA, FactValue
from bot.catalog.yaml_lines import Document, Path

AS_OF_YEAR = "as_of_year"
"""The one name that a derived fact may use beside facts: the year of the day of judgement."""

SME_SIZE = "sme_size"
"""What a choice is derived from instead of a formula: the size classes of ``sme_size.yml``."""


class Checker:
    """One file under check: collects its faults, each with its line."""

    def __init__(
        self,
        file: str,
        document: Document,
        sources: dict[str, Source],
        facts: dict[str, FactSpec],
        faults: list[Fault],
    ) -> None:
        self.file, self.document, self.faults = file, document, faults
        self.sources, self.facts = sources, facts

    def fault(self, path: Path, reason: str) -> None:
        self.faults.append(Fault(self.file, self.document.line(path), reason))

    def cites(self, path: Path, ids: SourceIds, required: bool = True) -> None:
        listed = [ids] if isinstance(ids, str) else ids
        if required and not any(listed):
            self.fault(path, "缺少出处")
        for one in listed:
            if one and one not in self.sources:
                self.fault((*path, "source"), f"出处「{one}」不在 sources.yml 里")

    def condition(self, path: Path, text: str) -> None:
        try:
            condition = parse_condition(text)
        except ExpressionError as error:
            self.fault(path, str(error))
            return
        for reason in type_faults(condition, self.facts):
            self.fault(path, reason)

    def unique(self, path: Path, one_id: str, seen: set[str]) -> None:
        if one_id in seen:
            self.fault((*path, "id"), f"编号「{one_id}」重复")
        seen.add(one_id)


def check_facts(check: Checker, has_sizes: bool) -> None:
    """The declared facts; ``has_sizes``: there is a file of size classes to derive from."""
    for name, spec in check.facts.items():
        path = ("facts", name)
        values = {choice.value for choice in spec.choices}
        if spec.type == "choice" and not spec.choices:
            check.fault((*path, "type"), f"「{name}」是选择题，却没有选项")
        if spec.range and (len(spec.range) != 2 or spec.range[0] >= spec.range[1]):
            check.fault((*path, "range"), "range 应是 [最小, 最大]")
        if spec.askable and spec.group == "contract" and not spec.question:
            check.fault((*path, "question"), f"「{name}」可以问，却没有问句")
        if spec.prior.quantiles != sorted(spec.prior.quantiles):
            check.fault((*path, "prior"), f"「{name}」的 quantiles 应从小到大")
        for value in set(spec.prior.weights) - values - {NA}:
            check.fault((*path, "prior"), f"「{name}」的 weights 里没有选项「{value}」")
        _check_change(check, name, spec, values)
        _check_derived(check, name, spec, has_sizes)


def _check_change(check: Checker, name: str, spec: FactSpec, values: set[str]) -> None:
    change = spec.change
    if change is None:
        return
    path = ("facts", name, "change")
    fits = {"yes": "flag", "no": "flag", "choice": "choice"}.get(change.by)
    if spec.type != fits and not (fits is None and spec.numeric):
        check.fault(path, f"「{name}」不能用 by: {change.by} 来改变")
    if change.by == "choice" and not change.to:
        check.fault(path, f"「{name}」可以改变，却没有写 to（能改成哪些选项）")
    for value in {*change.to, *change.starting} - values:
        check.fault(path, f"「{name}」没有选项「{value}」")


def _check_derived(check: Checker, name: str, spec: FactSpec, has_sizes: bool) -> None:
    path = ("facts", name, "derived")
    if not spec.derived:
        return
    if spec.type == "choice":
        if spec.derived != SME_SIZE or not has_sizes:
            check.fault(path, f"选择题只能由 {SME_SIZE}（中小微划型）推出，而且要有 sme_size.yml")
        return
    try:
        named = facts_of(parse_term(spec.derived)) - {AS_OF_YEAR}
    except ExpressionError as error:
        check.fault(path, str(error))
        return
    for used in named:
        if used not in check.facts or not check.facts[used].numeric:
            check.fault(path, f"派生公式里的「{used}」不是已声明的数")
    if name in named:
        check.fault(path, f"「{name}」不能由它自己推出")


def check_product(check: Checker, product: Product) -> None:
    """One product: its clauses, limits, aspects and cases."""
    seen: set[str] = set()
    for index, clause in enumerate(product.clauses):
        path: Path = ("clauses", index)
        check.unique(path, clause.id, seen)
        check.cites(path, clause.source)
        check.condition((*path, "when"), clause.when)
        if clause.starts and clause.ends and clause.starts >= clause.ends:
            check.fault((*path, "to"), "失效日应晚于生效日")
    for index, limit in enumerate(product.limits):
        path = ("limits", index)
        check.cites(path, limit.source)
        if limit.when:
            check.condition((*path, "when"), limit.when)
        if limit.starts and limit.ends and limit.starts >= limit.ends:
            check.fault((*path, "to"), "失效日应晚于生效日")
    for aspect, sourced in product.aspects.items():
        check.cites(("aspects", aspect), sourced.source)
    check.cites(("summary",), product.summary.source)
    check.cites(("contact",), product.contact.source, required=False)
    _check_cases(check, product, seen)


def _check_cases(check: Checker, product: Product, clauses: set[str]) -> None:
    for index, case in enumerate(product.cases):
        path = ("cases", index)
        for name in [*case.facts, *case.bounds, *(case.missing or [])]:
            if name not in check.facts:
                check.fault((*path, "facts", name), f"用例里的「{name}」不在 facts.yml 里")
        for name, value in case.facts.items():
            if name in check.facts and not fits(check.facts[name], value):
                check.fault((*path, "facts", name), f"用例里「{name}」的值 {value!r} 类型或选项不对")
        for deciding in case.deciding or []:
            if deciding not in clauses:
                check.fault((*path, "deciding"), f"用例里的条款「{deciding}」不存在")


def fits(spec: FactSpec, value: FactValue) -> bool:
    """Whether a value may stand for the fact (declined and not applicable always may)."""
    if value is None or value == NA:
        return True
    if spec.numeric:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if spec.type == "flag":
        return isinstance(value, bool)
    if spec.type == "choice":
        return value in {choice.value for choice in spec.choices}
    return isinstance(value, str)


def type_faults(condition: Condition, facts: dict[str, FactSpec]) -> Iterable[str]:
    """What does not fit between the comparisons of a condition and the declared facts."""
    for atom in atoms_of(condition):
        spec = facts.get(atom.fact)
        if spec is None:
            yield f"事实「{atom.fact}」不在 facts.yml 里"
            continue
        for constant in atom.constants:
            if spec.numeric and (isinstance(constant, (bool, str))):
                yield f"「{atom.fact}」是数，不能与 {constant!r} 比较"
            elif spec.type == "flag" and not isinstance(constant, bool):
                yield f"「{atom.fact}」是是非题，不能与 {constant!r} 比较"
            elif spec.type in ("choice", "text") and not isinstance(constant, str):
                yield f"「{atom.fact}」是文字，不能与 {constant!r} 比较"
            elif spec.type == "choice" and constant not in {choice.value for choice in spec.choices}:
                yield f"「{atom.fact}」没有选项 {constant!r}"
        if not spec.numeric and atom.operator not in ("==", "!="):
            yield f"「{atom.fact}」不是数，只能用 ==、!= 或 in"
