"""Of two numbers for one fact the right one is taken."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("资产负债率年初是六成八,到年底降到了五成一", "debt_ratio_pct", 51),
        ("研发占比前年5.2%,去年提到了7.9%", "rd_ratio_pct", 7.9),
        ("我们营收前年九百万,去年一千一百五十万", "revenue_wan", 1150),
        ("发明专利本来五件,上个月又下来一件,现在六件", "invention_patents", 6),
        ("创新积分从61涨到了69", "innovation_points", 69),
        ("员工去年九十个,现在六十四个", "employees", 64),
        ("研发人员九个,不对,是十一个", "rd_employees", 11),
        ("贷款原先借了四百万,现在余额二百六十万", "existing_loans_wan", 260),
    ],
)
def test_the_number_that_holds_now(trained: Any, text: str, fact: str, value: float) -> None:
    assert trained(text).facts.get(fact) == value


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("员工五十六个,研发十九个", {"employees": 56, "rd_employees": 19}),
        ("营收两千六百万,净利润一百四十万", {"revenue_wan": 2600, "net_profit_wan": 140}),
        ("发明四件,实用新型十一件", {"invention_patents": 4, "utility_patents": 11}),
        ("贷款还有三百万,想再借一百五十万", {"existing_loans_wan": 300, "amount_wan": 150}),
    ],
)
def test_numbers_for_facts_of_their_own_stay_apart(trained: Any, text: str, facts: dict[str, int]) -> None:
    read = trained(text).facts
    assert {fact: read.get(fact) for fact in facts} == facts
