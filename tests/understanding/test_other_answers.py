"""A reply that speaks of something else answers no question."""

from __future__ import annotations

from typing import Any

import pytest

ASKED = (
    "bank_will_lend",
    "has_collateral",
    "has_overdue",
    "has_major_violation",
    "accepts_equity",
    "accepts_guarantee",
    "is_green_project",
    "in_zone",
    "is_little_giant",
)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "text",
    ["高企没得", "高企没得 科小刚入的库 专精特新还在申报", "软著没有", "贷款没得", "营收没有", "发明有五项"],
)
def test_what_was_asked_stays_open(trained: Any, text: str, asked: str) -> None:
    assert asked not in trained(text, asked=asked).facts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("去年营收800万", "established_year"),
        ("税务是B级", "purpose"),
        ("没逾期过", "in_zone"),
        ("不愿意出让股权", "in_zone"),
        ("不愿意出让股权", "bank_will_lend"),
        ("没得抵押", "in_zone"),
        ("员工没得几个", "bank_will_lend"),
    ],
)
def test_a_statement_of_another_kind_leaves_it_open(trained: Any, text: str, asked: str) -> None:
    read = trained(text, asked=asked).facts
    assert asked not in read


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("去年才成立", "established_year", 2025),
        ("去年", "established_year", 2025),
        ("没在那边", "in_zone", False),
        ("没得哪家肯放", "bank_will_lend", False),
        ("谈好了的", "bank_will_lend", True),
        ("交税", "purpose", "working_capital"),
    ],
)
def test_what_does_answer_still_does(trained: Any, text: str, asked: str, value: Any) -> None:
    assert trained(text, asked=asked).facts.get(asked) == value
