"""Corrections, what-ifs, offsets, and a small hand-made lexicon."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.catalog.values import Bound
from bot.understanding import Reader, lexicon_of


def test_mentions_carry_their_place_in_the_original(said: Any) -> None:
    text = "我們想貸　５００萬，去年營收1,200萬"
    mentions = {m.fact: text[m.start : m.end] for m in said(text).mentions}
    assert mentions["amount_wan"] == "５００萬"
    assert mentions["revenue_wan"] == "1,200萬"


def test_a_correction_takes_back_the_old_number(said: Any) -> None:
    reading = said("营收不是800万，是80万")
    assert reading.facts["revenue_wan"] == 80
    assert reading.retracted == ["800万"]
    assert reading.cues["correction"] == 1.0


def test_a_what_if_states_nothing(said: Any) -> None:
    reading = said("我们营收800万，如果拿到高企能贷多少")
    assert reading.facts == {"revenue_wan": 800}
    assert reading.supposed_facts == {"is_hnte": True}
    assert reading.hypothetical


def test_the_last_mention_of_a_fact_wins(said: Any) -> None:
    reading = said("想贷300万。不对，想贷500万到800万")
    assert reading.facts["amount_wan"] == 800
    assert reading.bounds["amount_wan"] == Bound(500, 800)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("这个我得问会计", "dont_know"),
        ("刚才说错了", "correction"),
        ("为什么问这个", "why"),
        ("找人工", "human"),
        ("科创保和梯度贷哪个好", "compare"),
    ],
)
def test_cues(said: Any, text: str, cue: str) -> None:
    assert said(text).cues.get(cue, 0) > 0


def test_a_small_catalog_is_enough() -> None:
    spec: dict[str, Any] = {"titles": [], "name": "", "choices": [], "group": "contract"}
    catalog = SimpleNamespace(
        products={"loan": SimpleNamespace(id="loan", name="星光贷款", aliases=["星光贷"])},
        facts={
            "revenue_wan": SimpleNamespace(type="money", **spec),
            "market_share_pct": SimpleNamespace(
                type="percent", **{**spec, "group": "more", "name": "市场占有率"}
            ),
        },
    )
    reader = Reader(lexicon_of(catalog))
    today = datetime.date(2026, 1, 1)
    assert reader.read("星光贷要什么材料", today=today).products == ["loan"]
    reading = reader.read("12%", asked="market_share_pct", today=today)
    assert reading.more_facts == {"market_share_pct": 12}
    assert reading.facts == {}
