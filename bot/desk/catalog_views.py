"""What the desk's pages of the policy data show. Pure: no database, no clock."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from bot.catalog.cite import cite, shown_address
from bot.catalog.model import Catalog, Product, number
from bot.catalog.record import Dated, SourceIds
from bot.catalog.scorecards import ScoreCard
from bot.desk.words import VERDICTS

KINDS = {"must": "门槛", "nature": "产品性质", "expect": "参考"}
ASPECTS = {
    "overview": "简介", "conditions": "条件", "amount": "额度", "rate": "利率", "fee": "费用", "term": "期限",
    "materials": "材料", "process": "流程", "time": "时限", "contact": "联系",
}  # fmt: skip
SOURCE_KINDS = {"official": "官方", "press": "媒体", "repost": "转载", "commercial": "商业网站"}


class ProductRow(msgspec.Struct, frozen=True):
    id: str
    name: str
    conditions: str
    clauses: int
    cases: int
    lender: str


class Rule(msgspec.Struct, frozen=True):
    """A clause, a limit, or a line of a score card; `in_force` on the day of the page."""

    id: str
    kind: str
    text: str
    when: str
    dates: str
    in_force: bool
    source: str
    quote: str = ""


class CaseRow(msgspec.Struct, frozen=True):
    name: str
    as_of: str
    facts: str
    verdict: str
    verdict_text: str
    deciding: str


class ProductPage(msgspec.Struct, frozen=True):
    id: str
    name: str
    aliases: str
    summary: str
    summary_source: str
    conditions: str
    lender: str
    clauses: list[Rule]
    limits: list[Rule]
    undisclosed: list[str]
    aspects: list[tuple[str, str, str]]
    cases: list[CaseRow]


class CardPage(msgspec.Struct, frozen=True):
    """`parts`: title and lines of each part of the card."""

    id: str
    name: str
    source: str
    dates: str
    full: str
    passing: str
    warning: str
    parts: list[tuple[str, list[Rule]]]
    undisclosed: list[str]


class SourceRow(msgspec.Struct, frozen=True):
    id: str
    cited: str
    sureness: str
    kind: str
    note: str
    address: str
    used_by: str


def product_rows(catalog: Catalog) -> list[ProductRow]:
    return [
        ProductRow(
            one.id,
            one.name,
            _conditions(one),
            len(one.clauses),
            len(one.cases),
            one.lender,
        )
        for one in catalog.products.values()
    ]


def product_page(catalog: Catalog, product: Product, day: date) -> ProductPage:
    return ProductPage(
        id=product.id,
        name=product.name,
        aliases="、".join(product.aliases),
        summary=product.summary.text,
        summary_source=_cited(catalog, product.summary.source, product.summary.article),
        conditions=_conditions(product),
        lender=product.lender,
        clauses=[
            Rule(
                clause.id, KINDS[clause.kind], clause.text, clause.when, dates(clause), clause.in_force(day),
                _cited(catalog, clause.source, clause.article), clause.quote,
            )
            for clause in product.clauses
        ],
        limits=[
            Rule(
                "", "" if limit.limit_wan is None else f"{number(limit.limit_wan)}万元", limit.text,
                limit.when, dates(limit), limit.in_force(day), _cited(catalog, limit.source, limit.article),
            )
            for limit in product.limits
        ],
        undisclosed=list(product.undisclosed),
        aspects=[
            (ASPECTS.get(name, name), said.text, _cited(catalog, said.source, said.article))
            for name, said in product.aspects.items()
        ],
        cases=[
            CaseRow(
                case.name, case.as_of.isoformat(), _facts(catalog, case.facts), case.verdict,
                VERDICTS[case.verdict], "、".join(case.deciding or []),
            )
            for case in product.cases
        ],
    )  # fmt: skip


def card_page(catalog: Catalog, card: ScoreCard, day: date) -> CardPage:
    def line(one: Any, kind: str) -> Rule:
        return Rule(one.id, kind, one.text, one.when, "", True, _cited(catalog, one.source, one.article))

    parts = [
        ("门槛", [line(one, "门槛") for one in card.requires]),
        ("免评分情形", [line(one, "满足即可") for one in card.direct]),
    ]
    for item in card.items:
        full = "满分未公开" if item.max is None else f"满分{number(item.max)}分"
        bands = [
            Rule("", f"{number(band.points)}分", band.text, band.when, "", True, "") for band in item.bands
        ]
        parts.append((f"{item.name}（{full}）", bands))
    return CardPage(
        id=card.id,
        name=card.name,
        source=_cited(catalog, card.source),
        dates=dates(card),
        full=_full(card),
        passing="" if card.passing is None else card.passing.text,
        warning=card.warning,
        parts=[part for part in parts if part[1] or part[0] not in ("门槛", "免评分情形")],
        undisclosed=list(card.undisclosed),
    )


def _full(card: ScoreCard) -> str:
    if card.full is not None:
        return f"满分{number(card.full)}分"
    return "" if card.filled and not card.items else "满分未公开"


def source_rows(catalog: Catalog) -> list[SourceRow]:
    used: dict[str, list[str]] = {}
    for product in catalog.products.values():
        for clause in product.clauses:
            for one in [clause.source] if isinstance(clause.source, str) else clause.source:
                if product.name not in used.setdefault(one, []):
                    used[one].append(product.name)
    return [
        SourceRow(
            one.id, cite(one), one.sureness, SOURCE_KINDS[one.kind], one.note, shown_address(one),
            "、".join(used.get(one.id, [])),
        )
        for one in catalog.sources.values()
    ]  # fmt: skip


def dates(one: Dated) -> str:
    """From when to when something is in force, as people say it."""
    starts = f"{one.starts.isoformat()} 起" if one.starts else ""
    ends = f"至 {one.ends.isoformat()} 前" if one.ends else ""
    return " ".join(filter(None, (starts, ends))) or "未标起止"


def _conditions(product: Product) -> str:
    return "条件完整公开" if product.conditions == "complete" else "只公布了部分条件"


def _cited(catalog: Catalog, ids: SourceIds, article: str = "") -> str:
    told = "；".join(cite(source) for source in catalog.sources_of(ids))
    return f"{told}（{article}）" if article and told else told


def _facts(catalog: Catalog, facts: dict[str, Any]) -> str:
    return "；".join(
        f"{catalog.facts[name].name}：{catalog.facts[name].title_of(value)}" for name, value in facts.items()
    )
