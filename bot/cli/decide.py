"""`peipao match` and `peipao check`: verdicts for firms given as JSON lines."""

from __future__ import annotations

import datetime
from typing import Any

import click
import msgspec

from bot.catalog.cite import cite
from bot.catalog.load import load_catalog
from bot.catalog.values import NA, Bound, FactValue
from bot.cli import jsonl
from bot.clock import today
from bot.decision.firm import Firm
from bot.decision.gaps import Gap
from bot.decision.judge import Decider
from bot.settings import load_settings
from bot.understanding import Reader, lexicon_of


@click.command()
@click.option(
    "--jsonl", "as_jsonl", is_flag=True, required=True, help="JSON objects on standard input, one a line."
)
def match(as_jsonl: bool) -> None:
    """Rank the products: reads {"question","facts","as_of"?}, answers {"ranking","next_question"}."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    reader = Reader(lexicon_of(decider.catalog))

    def handle(line: dict[str, Any]) -> dict[str, Any]:
        question = jsonl.field(line, "question", str, required=False) or ""
        day = _day(line)
        reading = reader.read(question, today=day)
        given = _firm(line, decider)
        stated = {**reading.facts, **reading.more_facts}
        bounds = {**reading.bounds, **given.bounds}
        facts = {**stated, **given.facts}
        firm = Firm(
            facts,
            {
                fact: bound
                for fact, bound in bounds.items()
                if fact in facts and (fact in given.bounds or fact not in given.facts)
            },
        )
        found = decider.match(firm, day)
        ranking = [
            {"product": one.product, "verdict": one.verdict, "score": one.score, "reasons": list(one.reasons)}
            for one in found.ranking
        ]
        return {"ranking": ranking, "next_question": found.next_question}

    jsonl.run(handle)


@click.command()
@click.option(
    "--jsonl", "as_jsonl", is_flag=True, required=True, help="JSON objects on standard input, one a line."
)
def check(as_jsonl: bool) -> None:
    """Pre-check one product: reads {"product","facts","bounds"?,"as_of"?}, answers clause by clause."""
    decider = Decider(load_catalog(load_settings().catalog_dir))

    def handle(line: dict[str, Any]) -> dict[str, Any]:
        product = jsonl.field(line, "product", str)
        if product not in decider.catalog.products:
            raise jsonl.LineError(f"字段 product：没有产品「{product}」")
        found = decider.check(product, _firm(line, decider), _day(line))
        sources = decider.catalog.sources_of
        return {
            "product": product,
            "verdict": found.verdict,
            "clauses": [
                {
                    "id": clause.id,
                    "kind": clause.kind,
                    "text": clause.text,
                    "holds": clause.holds,
                    "source": "；".join(cite(source) for source in sources(clause.source)),
                }
                for clause in found.clauses
            ],
            "missing": list(found.missing),
            "next_question": found.next_question,
            "gaps": [_gap(gap) for gap in found.gaps],
            "alternatives": [[_gap(gap) for gap in way] for way in found.alternatives],
            "undisclosed": list(found.undisclosed),
            "limit_wan": found.limit_wan,
        }

    jsonl.run(handle)


def _gap(gap: Gap) -> dict[str, Any]:
    shown: dict[str, Any] = {"fact": gap.fact, "have": gap.have, "need": gap.need}
    if gap.when is not None:
        shown["when"] = gap.when.isoformat()
    return shown


def _day(line: dict[str, Any]) -> datetime.date:
    text = jsonl.field(line, "as_of", str, required=False)
    if text is None:
        return today()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise jsonl.LineError(f"字段 as_of：「{text}」不是日期（应如 2026-11-24）") from None


def _firm(line: dict[str, Any], decider: Decider) -> Firm:
    facts = jsonl.field(line, "facts", dict, required=False) or {}
    bounds = jsonl.field(line, "bounds", dict, required=False) or {}
    for name, value in facts.items():
        _check_fact(name, value, decider)
    read: dict[str, Bound] = {}
    for name, raw in bounds.items():
        if name not in decider.catalog.facts:
            raise jsonl.LineError(f"字段 bounds.{name}：没有这个事实")
        try:
            read[name] = msgspec.convert(raw, Bound)
        except msgspec.ValidationError as error:
            raise jsonl.LineError(f"字段 bounds.{name}：{error}") from None
    # A bound alone states the fact too.
    for name, bound in read.items():
        if name not in facts:
            ends = [end for end in (bound.low, bound.high) if end is not None]
            if ends:
                facts[name] = ends[0]
    return Firm(facts, read)


def _check_fact(name: str, value: FactValue, decider: Decider) -> None:
    spec = decider.catalog.facts.get(name)
    if spec is None:
        raise jsonl.LineError(f"字段 facts.{name}：没有这个事实")
    if value is None or value == NA:
        return
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    fits = (
        number if spec.numeric else isinstance(value, bool) if spec.type == "flag" else isinstance(value, str)
    )
    if not fits:
        raise jsonl.LineError(f"字段 facts.{name}：值 {value!r} 的类型不对（{spec.name}）")
    if spec.type == "choice" and value not in {choice.value for choice in spec.choices}:
        allowed = "、".join(choice.value for choice in spec.choices)
        raise jsonl.LineError(f"字段 facts.{name}：值 {value!r} 不在 {allowed} 之中")
