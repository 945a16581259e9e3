"""Reads ``catalog/`` and refuses it whole, naming file, line and reason, if anything in it is broken."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.catalog.errors import CatalogError, Fault
from bot.catalog.expression import Condition, ExpressionError, atoms_of, facts_of, parse_condition, parse_term
from bot.catalog.model import Catalog, FactSpec, Product, Service, Source
from bot.catalog.yaml_lines import Document, parse

AS_OF_YEAR = "as_of_year"
"""The one name that a derived fact may use beside facts: the year of the day of judgement."""

Record = TypeVar("Record", Source, FactSpec, Product, Service)


def load_catalog(folder: Path) -> Catalog:
    """Read all of the policy data.

    Raises:
        CatalogError: with every fault found, each with file and line.
    """
    return load_texts(read_texts(folder))


def read_texts(folder: Path) -> dict[str, str]:
    """The catalog's files by their path inside it (what :func:`load_texts` takes; also what is hashed)."""
    if not folder.is_dir():
        raise CatalogError([Fault(str(folder), 0, "找不到政策目录")])
    names = [folder / name for name in ("sources.yml", "facts.yml", "services.yml")]
    names += sorted((folder / "products").glob("*.yml"))
    missing = [Fault(path.name, 0, "缺少这个文件") for path in names if not path.is_file()]
    if missing:
        raise CatalogError(missing)
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in names}


def load_texts(texts: dict[str, str]) -> Catalog:
    """Build the catalog from the texts of its files.

    Raises:
        CatalogError: with every fault found.
    """
    faults: list[Fault] = []
    documents: dict[str, Document] = {}
    for name, text in texts.items():
        try:
            documents[name] = parse(text, name)
        except CatalogError as error:
            faults += error.faults
    if faults:
        raise CatalogError(faults)
    sources = _section(documents, "sources.yml", "sources", Source, faults)
    facts = _section(documents, "facts.yml", "facts", FactSpec, faults)
    services = _section(documents, "services.yml", "services", Service, faults)
    products: dict[str, Product] = {}
    for name, document in documents.items():
        if name.startswith("products/"):
            product = _record(document.data, Product, name, document, (), faults)
            if product is not None:
                if product.id in products:
                    faults.append(Fault(name, document.line(("id",)), f"产品编号「{product.id}」重复"))
                products[product.id] = product
                _check_product(product, name, document, sources, facts, faults)
    _check_facts(documents["facts.yml"], facts, faults)
    if faults:
        raise CatalogError(sorted(faults))
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    version = digest.hexdigest()[:12]
    return Catalog(version=version, sources=sources, facts=facts, products=products, services=services)


def _section(
    documents: dict[str, Document], name: str, key: str, kind: type[Record], faults: list[Fault]
) -> dict[str, Record]:
    document = documents.get(name)
    if document is None:
        faults.append(Fault(name, 0, "缺少这个文件"))
        return {}
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get(key), dict):
        faults.append(Fault(name, 1, f"开头应是「{key}：」，下面逐条列出"))
        return {}
    records: dict[str, Record] = {}
    for one_id, raw in data[key].items():
        record = _record(raw, kind, name, document, (key, one_id), faults, one_id)
        if record is not None:
            records[one_id] = record
    return records


def _record(
    raw: Any,
    kind: type[Record],
    file: str,
    document: Document,
    path: tuple[Any, ...],
    faults: list[Fault],
    one_id: str | None = None,
) -> Record | None:
    try:
        if isinstance(raw, dict) and kind is Source:
            raw = _dated(raw)
        value = raw if one_id is None else {"id": one_id, **raw}
        return msgspec.convert(value, kind, builtin_types=(datetime.date, datetime.datetime))
    except (msgspec.ValidationError, TypeError) as error:
        message = str(error)
        inner: tuple[Any, ...] = _inner_path(message)
        named = re.search(r"unknown field `([^`]+)`", message)
        place = (*path, *inner, named[1]) if named else (*path, *inner)
        faults.append(Fault(file, document.line(place), f"内容不合格式：{message}"))
        return None


def _inner_path(message: str) -> tuple[Any, ...]:
    found = re.search(r"at `\$([^`]*)`", message)
    steps: list[Any] = []
    for name, index in re.findall(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]", found[1] if found else ""):
        if name:
            steps.append(name)
        elif index != "...":
            steps.append(int(index))
    return tuple(steps)


def _dated(raw: dict[str, Any]) -> dict[str, Any]:
    date = raw.get("date", "")
    if isinstance(date, dict):
        return {**raw, "date": "", "date_note": "; ".join(str(value) for value in date.values())}
    return {**raw, "date": date.isoformat() if isinstance(date, datetime.date) else str(date or "")}


def _check_facts(document: Document, facts: dict[str, FactSpec], faults: list[Fault]) -> None:
    def fault(fact: str, key: str, reason: str) -> None:
        faults.append(Fault("facts.yml", document.line(("facts", fact, key)), reason))

    for name, spec in facts.items():
        if spec.type == "choice" and not spec.choices:
            fault(name, "type", f"「{name}」是选择题，却没有选项")
        if spec.range and (len(spec.range) != 2 or spec.range[0] >= spec.range[1]):
            fault(name, "range", "range 应是 [最小， 最大]")
        if spec.askable and spec.group == "contract" and not spec.question:
            fault(name, "question", f"「{name}」可以问，却没有问句")
        if spec.derived:
            try:
                for used in facts_of(parse_term(spec.derived)) - {AS_OF_YEAR}:
                    if used not in facts or not facts[used].numeric:
                        fault(name, "derived", f"派生公式里的「{used}」不是已声明的数")
            except ExpressionError as error:
                fault(name, "derived", str(error))


def _check_product(
    product: Product,
    file: str,
    document: Document,
    sources: dict[str, Source],
    facts: dict[str, FactSpec],
    faults: list[Fault],
) -> None:
    def fault(path: tuple[Any, ...], reason: str) -> None:
        faults.append(Fault(file, document.line(path), reason))

    def cites(path: tuple[Any, ...], ids: str | list[str], required: bool = True) -> None:
        listed = [ids] if isinstance(ids, str) else ids
        if required and not any(listed):
            fault(path, "缺少出处")
        for one in listed:
            if one and one not in sources:
                fault((*path, "source"), f"出处「{one}」不在 sources.yml 里")

    seen: set[str] = set()
    for index, clause in enumerate(product.clauses):
        path = ("clauses", index)
        if clause.id in seen:
            fault((*path, "id"), f"条款编号「{clause.id}」重复")
        seen.add(clause.id)
        cites(path, clause.source)
        _check_condition(clause.when, facts, partial(fault, (*path, "when")))
        if clause.starts and clause.ends and clause.starts >= clause.ends:
            fault((*path, "to"), "失效日应晚于生效日")
    for index, limit in enumerate(product.limits):
        path = ("limits", index)
        cites(path, limit.source)
        if limit.when:
            _check_condition(limit.when, facts, partial(fault, (*path, "when")))
    for aspect, sourced in product.aspects.items():
        cites(("aspects", aspect), sourced.source)
    cites(("summary",), product.summary.source)
    cites(("contact",), product.contact.source, required=False)
    for index, case in enumerate(product.cases):
        for name in [*case.facts, *case.bounds, *(case.missing or [])]:
            if name not in facts:
                fault(("cases", index, "facts", name), f"用例里的「{name}」不在 facts.yml 里")
        for deciding in case.deciding or []:
            if deciding not in seen:
                fault(("cases", index, "deciding"), f"用例里的条款「{deciding}」不存在")


def _check_condition(text: str, facts: dict[str, FactSpec], fault: Callable[[str], None]) -> None:
    try:
        condition = parse_condition(text)
    except ExpressionError as error:
        fault(str(error))
        return
    for reason in type_faults(condition, facts):
        fault(reason)


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
            yield f"「{atom.fact}」不是数，只能用 ==、！= 或 in"
