"""The brief for an officer: need, facts in the firm's own words, verdicts with reasons, open points."""

from __future__ import annotations

import datetime
from typing import Any

from bot.catalog.cite import cite
from bot.catalog.model import Catalog, SourceIds
from bot.decision.judge import Check, Decider
from bot.dialogue.phrases import VERDICT
from bot.dialogue.present import STATUS, value_text
from bot.dialogue.state import load_state

LISTED = 5


def brief(
    state: dict[str, Any] | None, decider: Decider, today: datetime.date, product: str | None = None
) -> dict[str, Any]:
    """What an officer must know before the first word.

    ``product``: the one the case is about; the state's own, else the first of the ranking.
    """
    known = load_state(state)
    catalog = decider.catalog
    match = decider.match(known.firm, today)
    about = (
        product
        or known.product
        or next((one.product for one in match.ranking if one.verdict != "ineligible"), None)
    )
    check = decider.check(about, known.firm, today) if about in catalog.products else None
    facts = [
        {
            "fact": name,
            "name": catalog.facts[name].name,
            "value_text": value_text(catalog.facts[name], value, known.bounds.get(name)),
            "said": known.said.get(name, ""),
        }
        for name, value in known.known.items()
        if name in catalog.facts
    ]
    return {
        "need": known.need,
        "facts": facts,
        "product": about,
        "check": _check(catalog, check) if check else None,
        "ranking": [
            {
                "product": one.product,
                "name": catalog.products[one.product].name,
                "verdict": one.verdict,
                "verdict_text": VERDICT[one.verdict],
                "reasons": list(one.reasons),
            }
            for one in match.ranking[:LISTED]
        ],
        "open_points": _open_points(catalog, check, known.unanswered),
        "catalog_version": catalog.version,
        "as_of": today.isoformat(),
    }


def _check(catalog: Catalog, check: Check) -> dict[str, Any]:
    return {
        "product": check.product,
        "name": catalog.products[check.product].name,
        "verdict": check.verdict,
        "verdict_text": VERDICT[check.verdict],
        "limit_wan": check.limit_wan,
        "clauses": [
            {
                "id": clause.id,
                "kind": clause.kind,
                "text": clause.text,
                "status": STATUS[clause.holds],
                "source": _cited(catalog, clause.source),
            }
            for clause in check.clauses
        ],
        "undisclosed": list(check.undisclosed),
        "gaps": [
            {"fact": gap.fact, "name": catalog.facts[gap.fact].name, "have": gap.have, "need": gap.need}
            for gap in check.gaps
        ],
    }


def _cited(catalog: Catalog, ids: SourceIds) -> str:
    return "；".join(cite(source) for source in catalog.sources_of(ids))


def _open_points(catalog: Catalog, check: Check | None, unanswered: list[str]) -> list[str]:
    points = []
    if check is not None:
        points += [f"待确认：{catalog.facts[fact].name}" for fact in check.missing]
        points += [
            f"须人工核实：{clause.text}"
            for clause in check.clauses
            if clause.kind == "expect" and not clause.holds
        ]
        points += [f"未公开：{text}" for text in check.undisclosed]
    return points + [f"没答上来的问题：{text}" for text in unanswered]
