"""`peipao match` and `peipao check`: verdicts for firms given as JSON lines."""

from __future__ import annotations

from typing import Any

import click

from bot.catalog.cite import cite
from bot.catalog.load import load_catalog
from bot.cli import jsonl
from bot.cli.firms import day_of, firm_of
from bot.decision.firm import Firm
from bot.decision.gaps import Gap
from bot.decision.judge import Decider
from bot.settings import load_settings
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader


@click.command()
@click.option(
    "--jsonl", "as_jsonl", is_flag=True, required=True, help="JSON objects on standard input, one a line."
)
def match(as_jsonl: bool) -> None:
    """Rank the products: reads {"question","facts","as_of"?}, answers {"ranking","next_question"}."""
    decider = Decider(load_catalog(load_settings().catalog_dir))
    reader = trained_reader(lexicon_of(decider.catalog))

    def handle(line: dict[str, Any]) -> dict[str, Any]:
        question = jsonl.field(line, "question", str, required=False) or ""
        day = day_of(line)
        reading = reader.read(question, today=day)
        given = firm_of(line, decider)
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

    raise SystemExit(1 if jsonl.run(handle) else 0)


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
        found = decider.check(product, firm_of(line, decider), day_of(line))
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

    raise SystemExit(1 if jsonl.run(handle) else 0)


def _gap(gap: Gap) -> dict[str, Any]:
    shown: dict[str, Any] = {"fact": gap.fact, "have": gap.have, "need": gap.need}
    if gap.when is not None:
        shown["when"] = gap.when.isoformat()
    return shown
