"""Numbers as people and offices write them: torn, spelt, in yuan, in English, limited and then exact."""

from __future__ import annotations

from typing import Any

import pytest

from bot.understanding.masks import masked_spans
from bot.understanding.normalise import normalise
from bot.understanding.quantities import find_quantities


def quantities(text: str) -> list[tuple[str, float | int]]:
    plain = normalise(text).plain
    return [(q.kind, q.value()) for q in find_quantities(plain, masked_spans(plain))]


@pytest.mark.parametrize(
    ("text", "wan"),
    [
        ("５，６７８万", 5678),
        ("２，３４５，０００元", 234.5),
        ("1，050万元", 1050),
        ("￥7，654，321.00", 765.4321),
        ("¥3,210,000.50", 321.00005),
        ("RMB 6,400,000", 640),
        ("人民币 2,150,000", 215),
        ("(万元):765", 765),
        ("7.3M RMB", 730),
        ("RMB 42 million", 4200),
        ("9.1 million yuan", 910),
        ("0.2 billion RMB", 20000),
        ("650k", 65),
        ("4 7 0 0 万", 4700),
        ("三 百 六 十 万", 360),
        ("贰佰壹拾叁万肆仟元整", 213.4),
        ("參佰萬元", 300),
        ("柒仟零叁拾陆万伍仟元", 7036.5),
        ("六百二十七万八千", 627.8),
        ("5亿零300万", 50300),
        ("一点七个亿", 17000),
        ("85个万", 85),
        ("四百把万", 400),
        ("两千大几百万", 2000),
        ("卅万", 30),
        ("八百差二十万", 780),
        ("差三十万就五百万", 470),
        ("两个亿差一点,一亿九千万", 19000),
        ("刚过千万,一千零八十万", 1080),
    ],
)
def test_money(text: str, wan: float) -> None:
    assert quantities(text) == [("money", pytest.approx(wan))]


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("七成二点五", 72.5),
        ("三成几", 30),
        ("百分之六点几,6.7", 6.7),
        ("不到四成，三十八", 38),
        ("百分百", 100),
        ("12 percent", 12),
    ],
)
def test_shares(text: str, percent: float) -> None:
    assert quantities(text) == [("percent", pytest.approx(percent))]


@pytest.mark.parametrize(
    ("text", "growth"),
    [
        ("翻了一番多", 100),
        ("增加了1.2倍", 120),
        ("涨了两倍", 200),
        ("是前年的三倍", 200),
        ("翻了近一番", 100),
    ],
)
def test_growth_in_times(text: str, growth: float) -> None:
    assert quantities(text) == [("times", pytest.approx(growth))]


@pytest.mark.parametrize(
    "text",
    ["$3M", "2.5M USD", "价格涨了一点", "带宽5M内存", "是别家的三倍快", "百分百支持"],
)
def test_no_money_and_no_share(text: str) -> None:
    assert not {kind for kind, _ in quantities(text)} & {"percent", "times", "money"}


@pytest.mark.parametrize(
    "text",
    [
        "员工12，研发5",
        "发明 2 软著 3",
        "不到五十，研发二十",
        "三十多个人，35个技术员",
        "贷款不超过100万，利润70万",
    ],
)
def test_two_numbers_stay_two(text: str) -> None:
    assert len(quantities(text)) == 2


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("营业收入￥31,250,000.00，研发费用￥2,500,000.00", {"revenue_wan": 3125, "rd_expense_wan": 250}),
        (
            "(单位:元)营业收入 8,765,400;净利润 654,300;员工 41",
            {"revenue_wan": 876.54, "net_profit_wan": 65.43},
        ),
        ("总资产约RMB 23.5M", {"total_assets_wan": 2350}),
        ("资产负债率0.47", {"debt_ratio_pct": 47}),
        ("去年营收比前年翻了一番", {"revenue_growth_pct": 100}),
        ("收入全部来自高新技术产品", {"high_tech_revenue_pct": 100}),
        ("员工上百人,具体一百一十三", {"employees": 113}),
        ("去年销售额砍半", {"revenue_growth_pct": -50}),
        ("公司上班的破百了,营业收入1，350万", {"revenue_wan": 1350}),
        ("去年订单是前年的三倍", {}),
        ("美国客户付了$2M", {}),
    ],
)
def test_statements(said: Any, text: str, facts: dict[str, Any]) -> None:
    read = said(text).facts
    assert {key: read.get(key) for key in facts} == facts
    assert facts or not [key for key in read if key.endswith(("_wan", "_pct"))]


@pytest.mark.parametrize(
    ("text", "asked", "facts"),
    [
        ("六百个", "revenue_wan", {"revenue_wan": 600}),
        ("三百来个吧", "existing_loans_wan", {"existing_loans_wan": 300}),
        ("三千打不到 两千六七", "revenue_wan", {"revenue_wan": 2600}),
        ("九百六 一千差四十万", "revenue_wan", {"revenue_wan": 960}),
        ("全是做技术的", "rd_staff_pct", {"rd_staff_pct": 100}),
        ("占四成", "rd_employees", {"rd_staff_pct": 40}),
        ("跟前年持平", "revenue_growth_pct", {"revenue_growth_pct": 0}),
        ("一个搞研发的都没有", "rd_employees", {"rd_employees": 0}),
        ("外面一分没借", "existing_loans_wan", {"existing_loans_wan": 0}),
        ("农行八十,建行一百二,加起来两百", "existing_loans_wan", {"existing_loans_wan": 200}),
        ("去年61,今年重新评是77", "innovation_points", {"innovation_points": 77}),
        ("net loss 1.4M", "net_profit_wan", {"net_profit_wan": -140}),
        ("没问题", "existing_loans_wan", {}),
        ("没细算过", "existing_loans_wan", {}),
        ("不全是", "high_tech_revenue_pct", {}),
        ("两件授权,还有五件在审", "invention_patents", {"invention_patents": 2}),
    ],
)
def test_answers(said: Any, text: str, asked: str, facts: dict[str, Any]) -> None:
    read = said(text, asked).facts
    assert {key: value for key, value in read.items() if key.endswith(("_wan", "_pct", "s"))} == facts
