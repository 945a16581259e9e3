"""Reads ``catalog/`` and refuses it whole, naming file, line and reason, if anything in it is broken."""

from __future__ import annotations

import datetime
import hashlib
import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.catalog.checks import Checker, check_facts, check_product
from bot.catalog.checks_cards import check_card, check_sizes
from bot.catalog.errors import CatalogError, Fault
from bot.catalog.messages import in_chinese
from bot.catalog.model import Catalog, FactSpec, Product, Service, Source
from bot.catalog.scorecards import ScoreCard, SizeRules
from bot.catalog.yaml_lines import Document, parse

SIZES = "sme_size.yml"
Loaded = TypeVar("Loaded", Source, FactSpec, Product, Service, ScoreCard, SizeRules)


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
    names += sorted((folder / "scorecards").glob("*.yml"))
    names += [folder / SIZES] if (folder / SIZES).is_file() else []
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
    cards: dict[str, ScoreCard] = {}

    def checker(file: str) -> Checker:
        return Checker(file, documents[file], sources, facts, faults)

    for name, document in documents.items():
        if name.startswith("products/"):
            product = _unique(document, Product, name, products, faults)
            if product is not None:
                check_product(checker(name), product)
        elif name.startswith("scorecards/"):
            card = _unique(document, ScoreCard, name, cards, faults)
            if card is not None:
                check_card(checker(name), card)
    sizes = None
    if SIZES in documents:
        sizes = _record(documents[SIZES].data, SizeRules, SIZES, documents[SIZES], (), faults)
        if sizes is not None:
            check_sizes(checker(SIZES), sizes)
    if "facts.yml" in documents:
        check_facts(checker("facts.yml"), sizes is not None)
    if faults:
        raise CatalogError(sorted(faults))
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    version = digest.hexdigest()[:12]
    return Catalog(
        version=version, sources=sources, facts=facts, products=products, services=services,
        scorecards=cards, sme_size=sizes,
    )  # fmt: skip


Named = TypeVar("Named", Product, ScoreCard)


def _unique(
    document: Document, kind: type[Named], name: str, others: dict[str, Named], faults: list[Fault]
) -> Named | None:
    """A file that is one record, kept under its id."""
    record = _record(document.data, kind, name, document, (), faults)
    if record is not None:
        if record.id in others:
            faults.append(Fault(name, document.line(("id",)), f"编号「{record.id}」重复"))
        others[record.id] = record
    return record


def _section(
    documents: dict[str, Document], name: str, key: str, kind: type[Loaded], faults: list[Fault]
) -> dict[str, Loaded]:
    document = documents.get(name)
    if document is None:
        faults.append(Fault(name, 0, "缺少这个文件"))
        return {}
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get(key), dict):
        faults.append(Fault(name, 1, f"开头应是「{key}：」，下面逐条列出"))
        return {}
    records: dict[str, Loaded] = {}
    for one_id, raw in data[key].items():
        record = _record(raw, kind, name, document, (key, one_id), faults, one_id)
        if record is not None:
            records[one_id] = record
    return records


def _record(
    raw: Any,
    kind: type[Loaded],
    file: str,
    document: Document,
    path: tuple[Any, ...],
    faults: list[Fault],
    one_id: str | None = None,
) -> Loaded | None:
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
        faults.append(Fault(file, document.line(place), f"内容不合格式：{in_chinese(message)}"))
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
