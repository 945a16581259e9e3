"""Score cards against enumeration of every completion, and the cards of the catalog."""

from __future__ import annotations

import datetime
import functools
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_rules import DAY, VALUES, catalog_of, conditions, firms
from test_exact import completions, holds

from bot.catalog.expression import facts_of, parse_condition
from bot.catalog.load import load_catalog, load_texts, read_texts
from bot.catalog.scorecards import Band, Item, PassRule, Register, Requirement, ScoreCard, Stage
from bot.catalog.values import Bound
from bot.decision.firm import Firm
from bot.decision.judge import Decider

ROOT = Path(__file__).parents[2]
parsed = functools.lru_cache(parse_condition)
STAGES = [
    Stage(id="early", name="早", when="c == 'a'", weights={"i0": 60, "i1": 40}),
    Stage(id="late", name="晚", when="c == 'b'", weights={"i0": 20, "i1": 80}),
]


@st.composite
def cards(draw: st.DrawFn) -> ScoreCard:
    items = []
    staged = draw(st.booleans())
    for index in range(2 if staged else draw(st.integers(0, 2))):
        bands = [
            Band(when=draw(conditions()), points=points, text="档")
            for points in draw(st.lists(st.sampled_from([2, 5, 10]), min_size=1, max_size=3))
        ]
        choose = draw(st.sampled_from(["best", "sum"]))
        items.append(Item(id=f"i{index}", name="项", max=10, choose=choose, source="s", bands=bands))
    listed = st.lists(conditions(), max_size=2)
    requires = [Requirement(id=f"r{i}", text="条", when=w, source="s") for i, w in enumerate(draw(listed))]
    direct = [Requirement(id=f"d{i}", text="直", when=w, source="s") for i, w in enumerate(draw(listed))]
    also = draw(st.sampled_from(["", "f", "x >= 3"]))
    passing = PassRule(score=draw(st.sampled_from([5, 10, 12, 60])), also=also, text="过", source="s")
    return ScoreCard(
        id="k", name="表", source="s", items=items, requires=requires, direct=direct,
        passing=draw(st.sampled_from([passing, passing, None])) if items else None,
        stages=STAGES if staged else [], register=Register(known=False, text="办"),
    )  # fmt: skip


def evaluate(card: ScoreCard, firm: dict[str, Any]) -> tuple[float | None, bool | None]:
    """Points and outcome of a fully known firm, written apart from the evaluator under test.

    The outcome is None where the card has points but no line to pass.
    """

    def met(text: str) -> bool:
        return holds(parsed(text), firm)

    stage = next((one for one in card.stages if met(one.when)), None)
    total: float | None = None if card.stages and stage is None else 0.0
    for item in card.items:
        held = [band.points for band in item.bands if met(band.when)]
        points = max(held, default=0) if item.choose == "best" else min(sum(held), 10)
        if total is not None:
            total += points if stage is None else points / 10 * stage.weights[item.id]
    required = all(met(one.when) for one in card.requires)
    if card.passing is None:
        return total, None if required and card.items else required
    also = met(card.passing.also) if card.passing.also else True
    scored = total is not None and total >= card.passing.score and also
    return total, required and (any(met(one.when) for one in card.direct) or scored)


def outcomes(card: ScoreCard, known: dict[str, Any]) -> list[tuple[float | None, bool | None]]:
    names = set().union(*(facts_of(parsed(one)) for one in card.conditions()), set())
    return [evaluate(card, firm) for firm in completions(names, known)]


def decider_of(card: ScoreCard) -> Decider:
    return Decider(msgspec.structs.replace(catalog_of("f"), scorecards={"k": card}))


@settings(max_examples=50, deadline=None)
@given(cards(), firms())
def test_a_card_is_judged_as_all_its_completions_agree(card: ScoreCard, known: dict[str, Any]) -> None:
    result = decider_of(card).scorer.result("k", Firm(known), DAY)
    found = outcomes(card, known)
    verdicts = {outcome for _, outcome in found}
    expected = "fails" if verdicts == {False} else "meets" if verdicts == {True} else "open"
    assert result.verdict == expected
    totals = [total for total, _ in found if total is not None]
    if card.items and totals:
        assert (result.low, result.high) == (pytest.approx(min(totals)), pytest.approx(max(totals)))
    else:
        assert result.low is None


@settings(max_examples=12, deadline=None)
@given(cards(), st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_asking_what_is_offered_settles_the_card_as_all_facts_do(
    card: ScoreCard, truth: dict[str, Any]
) -> None:
    decider = decider_of(card)
    told: dict[str, Any] = {}
    while (fact := decider.scorer.result("k", Firm(told), DAY).next_question) is not None:
        assert fact not in told
        told[fact] = truth[fact]
    one, all_facts = (decider.scorer.result("k", Firm(facts), DAY) for facts in (told, truth))
    assert one.verdict == all_facts.verdict


def test_a_bounded_fact_narrows_the_range() -> None:
    decider = Decider(load_catalog(ROOT / "catalog"))
    firm = Firm({"rd_ratio_pct": 3, "rd_staff_pct": 22}, {"rd_ratio_pct": Bound(3, 5, False, True)})
    result = decider.scorer.result("tech_sme", firm, DAY)
    # 22 % of the staff is worth 12; 3 % to under 5 % of sales is worth 20 or 30, the other basis up to 50.
    assert (result.low, result.high) == (32, 92)
    assert "rd_ratio_pct" in result.missing


FILLED = {
    "rd_staff_pct": 32, "rd_ratio_pct": 4.5, "invention_patents": 6, "employees": 50, "revenue_wan": 1500,
    "total_assets_wan": 2000, "is_resident_enterprise": True, "in_restricted_industry": False,
    "has_clean_record": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "verdict", "low", "high"),
    [
        ({}, "open", 0, 100),
        ({"employees": 501}, "fails", 0, 100),
        (FILLED, "meets", 80, 100),
        # Without researchers the points do not count, unless a direct route is open.
        ({**FILLED, "rd_staff_pct": 5, "rd_cost_ratio_pct": 9, "is_hnte": False, "has_science_award": False,
          "has_rd_institution": False, "led_standard": False}, "fails", 60, 60),
        ({**FILLED, "rd_staff_pct": 5, "is_hnte": True}, "meets", 60, 80),
    ],
)  # fmt: skip
def test_the_published_card_of_tech_sme(facts: dict[str, Any], verdict: str, low: float, high: float) -> None:
    result = Decider(load_catalog(ROOT / "catalog")).scorer.result("tech_sme", Firm(facts), DAY)
    assert (result.verdict, result.low, result.high) == (verdict, low, high)


def test_the_card_in_force_depends_on_the_day() -> None:
    scorer = Decider(load_catalog(ROOT / "catalog")).scorer
    cards = [
        scorer.for_qualification("is_little_giant", datetime.date(year, 6, 1)) for year in (2021, 2025, 2026)
    ]
    assert [card.id if card else None for card in cards] == [None, "little_giant_2022", "little_giant_2026"]


def test_points_are_not_invented_where_the_indicators_are_not_public() -> None:
    result = Decider(load_catalog(ROOT / "catalog")).scorer.result("innovation_points", Firm(FILLED), DAY)
    assert (result.verdict, result.low, result.high, result.missing) == ("open", None, None, ())


def test_a_filled_card_gives_a_range_and_says_what_is_missing() -> None:
    texts = read_texts(ROOT / "catalog")
    example = (ROOT / "tests/catalog/innovation_points_example.yml").read_text("utf-8")
    decider = Decider(load_texts({**texts, "scorecards/innovation_points.yml": example}))
    facts: dict[str, Any] = {"stage": "growth", "rd_ratio_pct": 12, "revenue_growth_pct": 5}
    result = decider.scorer.result("innovation_points", Firm(facts), DAY)
    assert (result.stage, result.verdict) == ("growth", "open")
    # 20 to 40 of 40 raw points weigh 50, 8 or 23 of 30 weigh 35, and 0 to 20 of 20 weigh 15.
    assert result.low == pytest.approx(25 + 8 / 30 * 35)
    assert result.high == pytest.approx(50 + 23 / 30 * 35 + 15)
    assert set(result.missing) == {
        "invention_patents", "high_tech_revenue_pct", "is_little_giant", "is_hnte", "is_tech_sme",
    }  # fmt: skip
    assert result.next_question in result.missing


@pytest.mark.parametrize(
    ("facts", "classes"),
    [
        ({}, ("large", "medium", "small", "micro")),
        ({"size_industry": "industrial", "employees": 25}, ("small", "micro")),
        ({"size_industry": "industrial", "employees": 25, "revenue_wan": 300}, ("small",)),
        # Both indicators must be reached, else one class down.
        ({"size_industry": "industrial", "employees": 400, "revenue_wan": 299}, ("micro",)),
        ({"size_industry": "software", "employees": 9}, ("micro",)),
        ({"size_industry": "other", "employees": 9}, ("large", "medium", "small", "micro")),
    ],
)
def test_the_size_class_follows_from_industry_staff_and_revenue(
    facts: dict[str, Any], classes: tuple[str, ...]
) -> None:
    space = Decider(load_catalog(ROOT / "catalog")).space
    assert space.sizes is not None
    assert space.sizes.possible(space.masks(Firm(facts), DAY)) == classes


def test_a_clause_on_the_size_class_is_settled_by_the_parts() -> None:
    texts = read_texts(ROOT / "catalog")
    when = "size_class in ['small', 'micro']"
    clause = f'{{id: seed.small, kind: must, text: 小微, when: "{when}", source: seed-2025}}'
    text = texts["products/seed_fund.yml"].replace("clauses:\n", f"clauses:\n  - {clause}\n", 1)
    decider = Decider(load_texts({**texts, "products/seed_fund.yml": text}))

    def held(facts: dict[str, Any]) -> bool | None:
        check = decider.check("seed_fund", Firm(facts), DAY)
        return next(one.holds for one in check.clauses if one.id == "seed.small")

    assert held({"size_industry": "industrial", "employees": 25}) is True
    assert held({"size_industry": "industrial", "employees": 500, "revenue_wan": 5000}) is False
    assert held({"employees": 25}) is None
    assert held({"size_class": "medium"}) is False
