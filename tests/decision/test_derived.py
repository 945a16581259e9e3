"""Facts that follow from others, with what is not known of the parts."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from random_rules import DAY

from bot.catalog.load import load_catalog
from bot.catalog.values import Bound
from bot.decision.firm import Derivation, Firm
from bot.decision.judge import Decider

ROOT = Path(__file__).parents[2]
CATALOG = load_catalog(ROOT / "catalog")
DERIVED = Derivation(CATALOG.facts)


def span(
    fact: str, facts: dict[str, Any], bounds: dict[str, Bound] | None = None
) -> tuple[float, float] | None:
    found = DERIVED.interval(fact, Firm(facts, bounds or {}), DAY)
    return None if found is None else (round(found.low, 4), round(found.high, 4))


def test_a_ratio_follows_from_its_parts_and_a_stated_one_wins() -> None:
    parts = {"rd_expense_wan": 60, "revenue_wan": 1500}
    assert span("rd_ratio_pct", parts) == (4, 4)
    assert span("rd_ratio_pct", {**parts, "rd_ratio_pct": 5}) == (5, 5)
    assert span("rd_ratio_pct", {"revenue_wan": 1500}) is None


def test_bounds_of_the_parts_bound_the_ratio() -> None:
    facts = {"rd_expense_wan": 60, "revenue_wan": 1000}
    assert span("rd_ratio_pct", facts, {"revenue_wan": Bound(1000, 1500)}) == (4, 6)
    assert span("rd_ratio_pct", facts, {"revenue_wan": Bound(None, 1500)}) is None


def test_a_founding_year_gives_an_age_one_year_wide() -> None:
    low, high = span("years_established", {"established_year": 2023}) or (0, 0)
    assert low == pytest.approx(2.9, abs=0.01)
    assert high == pytest.approx(3.9, abs=0.01)
    assert span("years_established", {"established_year": 2026}) == (0, pytest.approx(0.9, abs=0.01))


def test_the_age_of_a_firm_founded_three_years_ago_may_or_may_not_reach_three() -> None:
    scorer = Decider(CATALOG).scorer

    def held(facts: dict[str, Any], day: datetime.date) -> bool | None:
        result = scorer.result("hnte", Firm(facts), day)
        return next(one.holds for one in result.requires if one.id == "hnte.one_year")

    assert held({"established_year": 2025}, datetime.date(2026, 6, 1)) is None
    assert held({"established_year": 2025}, datetime.date(2026, 12, 31)) is True
    assert held({"established_year": 2026}, datetime.date(2026, 12, 30)) is False
    assert held({"years_established": 1}, DAY) is True


@pytest.mark.parametrize(
    ("facts", "undefined"),
    [
        ({"rd_expense_wan": 60, "revenue_wan": 0}, True),
        ({"revenue_wan": "n/a"}, True),
        ({"revenue_wan": 100}, False),
        ({"revenue_wan": 0, "rd_ratio_pct": 3}, False),
        ({}, False),
    ],
)
def test_a_share_of_no_revenue_is_not_asked_for(facts: dict[str, Any], undefined: bool) -> None:
    firm = Firm(facts)
    assert DERIVED.undefined("rd_ratio_pct", firm, DAY) is undefined
    result = Decider(CATALOG).scorer.result("innovative_sme", firm, DAY)
    assert ("rd_ratio_pct" in result.missing) is (not undefined and "rd_ratio_pct" not in facts)
