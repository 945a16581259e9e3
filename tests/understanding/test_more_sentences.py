"""Families of phrasings: each rule is tried on siblings that no data file holds."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.catalog.load import load_catalog
from bot.cli.evaluate import read_labels
from bot.evaluation.metrics import Read, product_accuracy, score_facts
from bot.understanding import lexicon_of
from bot.understanding.learned import trained_reader

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 24)

FAMILIES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "titles held": [
        ("瞪羚今年刚评上", {"is_gazelle": True}),
        ("小巨人去年认的", {"is_little_giant": True}),
        ("我们被评成小巨人了", {"is_little_giant": True}),
        ("创新型中小企业复审过了", {"is_innovative_sme": True}),
        ("科小评价通过了,编号也有", {"is_tech_sme": True}),
        ("高企、专精特新两块牌子都齐", {"is_hnte": True, "is_srdi": True}),
    ],
    "titles lost or never won": [
        ("专精特新落榜了", {"is_srdi": False}),
        ("高企复核没过", {"is_hnte": False}),
        ("瞪羚没选上", {"is_gazelle": False}),
        ("小巨人去年被摘牌了", {"is_little_giant": False}),
        ("没评上瞪羚", {"is_gazelle": False}),
        ("科小今年没入", {"is_tech_sme": False}),
    ],
    "places": [
        ("璧山高新区的企业", {"in_zone": False, "district": "璧山"}),
        ("注册在石板,做机加", {"in_zone": True}),
        ("厂在曾家镇", {"in_zone": True}),
        ("注册在永川,人在科学城办公", {"in_zone": False, "district": "永川"}),
        ("高新区有哪些政策", {}),
    ],
    "money without its unit": [
        ("想贷两百个", {"amount_wan": 200}),
        ("还缺80个", {"amount_wan": 80}),
        ("贷一百五十个w", {"amount_wan": 150}),
        ("招了二十个", {}),
        ("营收两千个左右", {"revenue_wan": 2000}),
        ("要贷 2 500 000 元", {"amount_wan": 250}),
    ],
    "owed and paid back": [
        ("贷款还剩两百八", {"existing_loans_wan": 280}),
        ("农行那笔还有三百没还", {"existing_loans_wan": 300}),
        ("目前一共借着五百六", {"existing_loans_wan": 560}),
        ("在手贷款八百万", {"existing_loans_wan": 800}),
        ("我们不欠银行钱", {"existing_loans_wan": 0}),
        ("去年借的两百万已经两清", {}),
        ("大前年贷过的五百万早就还清了", {}),
        ("政府去年奖了我们三十万", {}),
    ],
    "questions and other people state nothing": [
        ("失信的企业一律不贷吗", {}),
        ("网贷逾期了找谁协商", {}),
        ("纳税C级是什么意思", {}),
        ("我们大客户年收入五十亿", {}),
        ("我表弟的厂是高企", {}),
        ("负债率过八成是不是就不批了", {}),
    ],
    "equity": [
        ("入股欢迎", {"accepts_equity": True}),
        ("想找个投资人进来", {"accepts_equity": True}),
        ("让股份没门", {"accepts_equity": False}),
        ("A轮三千万刚到账", {"equity_raised_wan": 3000}),
        ("融过一轮天使,六百万", {"equity_raised_wan": 600}),
    ],
    "years": [
        ("九五年办的厂", {"established_year": 1995}),
        ("公司开起五年了", {"years_established": 5}),
        ("二〇一六年的执照", {"established_year": 2016}),
        ("高企证书还有两年到期", {"is_hnte": True}),
    ],
    "figures": [
        ("去年收入掉了三成 只剩一千六百万", {"revenue_growth_pct": -30, "revenue_wan": 1600}),
        ("高新品收入占六成", {"high_tech_revenue_pct": 60}),
        ("创新积分七十六分半", {"innovation_points": 76.5}),
        ("软著一个没有", {"software_copyrights": 0}),
        ("正在申请两件发明和五个实用新型", {}),
    ],
}  # fmt: skip
LOOSE = {"purpose", "stage", "funding_kind", "industry"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [pytest.param(text, facts, id=text) for family in FAMILIES.values() for text, facts in family],
)
def test_siblings(said: Any, text: str, facts: dict[str, Any]) -> None:
    read = {
        fact: value
        for fact, value in said(text).facts.items()
        if fact not in LOOSE and (fact, value) != ("org_type", "company")
    }
    assert read == facts


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("租的", "has_collateral", False),
        ("厂房是租的", "has_collateral", False),
        ("没参加过", "is_innovative_sme", False),
        ("第三批的", "is_little_giant", True),
        ("评上了,去年的事", "is_srdi", True),
        ("差得远", "is_little_giant", False),
        ("干净得很", "has_major_violation", False),
        ("找了几家都不肯", "bank_will_lend", False),
        ("走马", "in_zone", True),
        # What is said of something else answers nothing.
        ("没得房子 厂房租的", "is_cq_tech_enterprise", None),
        ("没抵押", "bank_will_lend", None),
        ("已经入库了撒", "bank_will_lend", None),
        ("高企有的", "has_collateral", None),
        ("高新区包括哪些地方", "in_zone", None),
    ],
)
def test_answers(said: Any, text: str, asked: str, value: Any) -> None:
    assert said(text, asked).facts.get(asked) is value


@pytest.mark.slow
def test_training_sentences_stay_read() -> None:
    """What was learned from is read; how well unseen sentences are read is measured elsewhere."""
    reader = trained_reader(lexicon_of(load_catalog(ROOT / "catalog")))
    cases = []
    for path in sorted((ROOT / "data" / "facts").glob("*.jsonl")):
        for label in read_labels(path):
            reading = reader.read(label.text, asked=label.asked, today=TODAY)
            cases.append((label, Read("", 0, reading.facts, reading.products, reading.aspect, 0)))
    score = score_facts(cases)
    assert score.precision >= 0.97
    assert score.recall >= 0.95
    right, named = product_accuracy(cases)
    assert right >= 0.95 * named
