"""Reads ``catalog/knowledge/``: passages, the words that name a subject, and questions that are not ours."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec

from bot.catalog.errors import CatalogError, Fault
from bot.catalog.model import SourceIds
from bot.catalog.yaml_lines import Document, parse

TOPICS_FILE = "topics.yml"
NOT_OURS_FILE = "not_ours.yml"
FEWEST_PHRASINGS, MOST_PHRASINGS = 3, 10


class Passage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answer. ``silent``: it says that the public record does not give something, and whom to ask.

    A passage of scope ``elsewhere`` tells another place's rule. It is considered only where the question
    holds one of ``only_if``, so that it is never taken for Chongqing's.
    """

    id: str
    title: str
    text: str
    source: SourceIds
    sureness: Literal["高", "中", "低"]
    scope: Literal["national", "city", "zone", "elsewhere"]
    phrasings: list[str]
    products: list[str] = []
    aspect: str = ""
    only_if: list[str] = []
    silent: bool = False

    @property
    def sources(self) -> list[str]:
        return [self.source] if isinstance(self.source, str) else list(self.source)


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A subject: ``names`` mean the same, the first is the full one; ``words`` only point at it."""

    names: list[str] = []
    words: list[str] = []


class Base(msgspec.Struct, frozen=True, kw_only=True):
    """Everything read; ``version`` is a hash of the files."""

    passages: list[Passage]
    topics: dict[str, Topic]
    not_ours: list[str]
    version: str


def read_base(
    folder: Path, sources: Collection[str] | None = None, products: Collection[str] | None = None
) -> Base:
    """Read and check the knowledge base; sources and products are checked where their known ids are given.

    Raises:
        CatalogError: with every fault found, each with file and line.
    """
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yml"))}
    faults = [Fault(name, 0, "缺少这个文件") for name in (TOPICS_FILE, NOT_OURS_FILE) if name not in texts]
    documents: dict[str, Document] = {}
    for name, text in texts.items():
        try:
            documents[name] = parse(text, name)
        except CatalogError as error:
            faults += error.faults
    if faults:
        raise CatalogError(faults)
    topics = _whole(documents[TOPICS_FILE], TOPICS_FILE, "topics", dict[str, Topic], faults) or {}
    groups = _whole(documents[NOT_OURS_FILE], NOT_OURS_FILE, "not_ours", dict[str, list[str]], faults) or {}
    passages: list[Passage] = []
    seen_ids: dict[str, str] = {}
    seen_phrasings: dict[str, str] = {}
    for name, document in documents.items():
        if name in (TOPICS_FILE, NOT_OURS_FILE):
            continue
        for index, passage in _passages(document, name, faults):
            line = document.line(("passages", index))
            reasons = [*_reasons(passage, seen_ids, seen_phrasings), *_unknown(passage, sources, products)]
            faults += [Fault(name, line, f"「{passage.id}」{reason}") for reason in reasons]
            passages.append(passage)
    if faults:
        raise CatalogError(sorted(faults))
    digest = hashlib.sha256()
    for name in sorted(texts):
        digest.update(name.encode() + b"\0" + texts[name].encode() + b"\0")
    asked = [question for group in groups.values() for question in group]
    return Base(passages=passages, topics=topics, not_ours=asked, version=digest.hexdigest()[:16])


def _whole(document: Document, name: str, key: str, kind: Any, faults: list[Fault]) -> Any:
    data = document.data
    if not isinstance(data, dict) or set(data) != {key}:
        faults.append(Fault(name, 1, f"开头应是「{key}:」，下面逐条列出"))
        return None
    try:
        return msgspec.convert(data[key], kind)
    except msgspec.ValidationError as error:
        faults.append(Fault(name, 1, f"内容不合格式：{error}"))
        return None


def _passages(document: Document, name: str, faults: list[Fault]) -> Iterator[tuple[int, Passage]]:
    data = document.data
    listed = data.get("passages") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        faults.append(Fault(name, 1, "开头应是「passages:」，下面逐条列出"))
        return
    for index, raw in enumerate(listed):
        try:
            yield index, msgspec.convert(raw, Passage)
        except msgspec.ValidationError as error:
            faults.append(Fault(name, document.line(("passages", index)), f"内容不合格式：{error}"))


def _reasons(passage: Passage, ids: dict[str, str], phrasings: dict[str, str]) -> Iterator[str]:
    if passage.id in ids:
        yield "编号重复"
    ids[passage.id] = passage.id
    if not FEWEST_PHRASINGS <= len(passage.phrasings) <= MOST_PHRASINGS:
        yield f"问法应有{FEWEST_PHRASINGS}–{MOST_PHRASINGS}种"
    for phrasing in passage.phrasings:
        other = phrasings.setdefault(phrasing, passage.id)
        if other != passage.id or passage.phrasings.count(phrasing) > 1:
            yield f"问法「{phrasing}」与「{other}」的重复"
    if (passage.scope == "elsewhere") != bool(passage.only_if):
        yield "外地做法要写 only_if（问到哪些词才给），别处的不写"
    if passage.only_if:
        for phrasing in passage.phrasings:
            if not any(word in phrasing for word in passage.only_if):
                yield f"问法「{phrasing}」不含 only_if 里的任何一个词"
    if passage.silent and "公开资料" not in passage.text:
        yield "没有公布的内容要说明「公开资料没有给出」"


def _unknown(
    passage: Passage, sources: Collection[str] | None, products: Collection[str] | None
) -> Iterator[str]:
    for source in passage.sources:
        if sources is not None and source not in sources:
            yield f"的出处「{source}」不在 sources.yml 里"
    for product in passage.products:
        if products is not None and product not in products:
            yield f"的产品「{product}」不存在"
