"""The order that an experienced officer would sign, on the real catalog."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from random_rules import DAY

from bot.catalog.load import load_catalog
from bot.decision.firm import Firm
from bot.decision.judge import Decider

ROOT = Path(__file__).parents[2]
STORY: dict[str, Any] = {
    "industry": "芯片", "years_established": 3, "invention_patents": 6, "revenue_wan": 1500,
    "has_collateral": False, "amount_wan": 300, "purpose": "working_capital", "funding_kind": "loan",
}  # fmt: skip
CREDIT = {"knowledge_value_loan", "tiered_loan", "innovation_points_loan"}
EQUITY = {
    "seed_fund",
    "fengqi_angel_fund",
    "qihang_fund",
    "industry_fund",
    "invest_then_equity",
    "grant_to_equity",
}
ON_REQUEST = {"ecny_corporate_loan", "green_twin_city_loan", "twin_city_credit_enhancement"}


@lru_cache(maxsize=1)
def decider() -> Decider:
    return Decider(load_catalog(ROOT / "catalog"))


def order(**facts: Any) -> list[str]:
    return [one.product for one in decider().match(Firm(facts), DAY).ranking]


@pytest.mark.parametrize("left_out", [None, "funding_kind", "has_collateral", "amount_wan"])
def test_working_capital_without_collateral_goes_to_credit_first(left_out: str | None) -> None:
    ranked = order(**{name: value for name, value in STORY.items() if name != left_out})
    assert set(ranked[:3]) == CREDIT
    assert ranked.index("ip_pledge_loan") < min(ranked.index(one) for one in EQUITY)


def test_who_wants_a_pledge_gets_it_first() -> None:
    assert order(**{**STORY, "funding_kind": "pledge"})[0] == "ip_pledge_loan"


def test_a_bank_that_will_lend_makes_the_guarantee_fit() -> None:
    ranked = order(funding_kind="guarantee", amount_wan=500, bank_will_lend=True)
    assert ranked[:2] == ["kechuangbao", "science_city_guarantee"]


@pytest.mark.parametrize(
    "facts",
    [
        {"org_type": "university_lab", "stage": "lab", "funding_kind": "equity"},
        {"org_type": "university_lab", "accepts_equity": True, "invention_patents": 3},
        {"stage": "lab", "accepts_equity": True, "amount_wan": 200},
    ],
)
def test_a_team_without_a_company_gets_early_equity_first(facts: dict[str, Any]) -> None:
    ranked = order(**facts)
    assert set(ranked[:2]) == {"seed_fund", "invest_then_equity"}
    assert set(ranked[:4]) <= EQUITY | {"dual_finance_link"}


def test_a_growing_firm_that_wants_investors_gets_the_larger_funds() -> None:
    ranked = order(stage="growth", funding_kind="equity", accepts_equity=True, purpose="expansion")
    assert set(ranked[:2]) == {"industry_fund", "qihang_fund"}


@pytest.mark.parametrize(
    ("wish", "product"),
    [
        ({"accepts_ecny": True, "funding_kind": "loan"}, "ecny_corporate_loan"),
        ({"is_green_project": True, "purpose": "equipment", "amount_wan": 28700}, "green_twin_city_loan"),
        ({"needs_enhancement": True}, "twin_city_credit_enhancement"),
        ({"org_type": "new_rd_institution"}, "grant_to_equity"),
    ],
)
def test_a_product_for_a_special_wish_comes_first_only_when_it_is_voiced(
    wish: dict[str, Any], product: str
) -> None:
    assert order(**wish)[0] == product
    for facts in ({}, STORY, {"stage": "growth"}):
        assert product not in order(**facts)[:6]


def test_a_special_wish_is_not_asked_about_unless_voiced() -> None:
    told: dict[str, Any] = dict(STORY)
    answers = {"knowledge_value_grade": "B", "is_cq_tech_enterprise": True, "innovation_points": 60}
    while (fact := decider().match(Firm(told), DAY).next_question) is not None:
        assert fact not in {"accepts_ecny", "needs_enhancement", "is_green_project"}
        told[fact] = answers.get(fact, False)


def test_what_is_ruled_out_comes_last_and_says_why() -> None:
    ranking = decider().match(Firm({**STORY, "knowledge_value_grade": "none"}), DAY).ranking
    last = ranking[-1]
    assert (last.product, last.verdict) == ("knowledge_value_loan", "ineligible")
    assert last.reasons[0].startswith("不满足：已在市科技局系统取得知识价值信用等级")


def test_an_amount_over_the_published_limit_sinks_the_product_and_says_so() -> None:
    small, large = (decider().match(Firm({**STORY, "amount_wan": amount}), DAY) for amount in (300, 2000))
    place = [[one.product for one in match.ranking].index("knowledge_value_loan") for match in (small, large)]
    assert place[0] < place[1]
    reasons = next(one.reasons for one in large.ranking if one.product == "knowledge_value_loan")
    assert "2000万元超过公布的最高额度500万元" in reasons


def test_reasons_are_plain_chinese_with_its_own_punctuation() -> None:
    for facts in ({}, STORY, {"stage": "lab", "accepts_equity": True}, {"funding_kind": "equity"}):
        for one in decider().match(Firm(facts), DAY).ranking:
            assert one.reasons
            for reason in one.reasons:
                assert not re.search(r"[,;:!?()]", reason), reason
                assert not re.search(r"[a-z]+_[a-z]+", reason), reason
